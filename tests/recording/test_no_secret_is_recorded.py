"""A recording that would hold a secret is not written, and says so."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from tape_keys import KEY

from conformance.exchange import Exchange, Headers, Request, Response
from conformance.plugin import recordings
from conformance.recording.aliases import Aliases
from conformance.recording.clean import Cleaner
from conformance.recording.errors import Leaks
from conformance.recording.recorder import Recorder
from conformance.target import Scrubber, Target

SOURCE = "scenarios/pools/test_add.py::test_add"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzb21lYm9keSJ9.c2lnbmF0dXJlLW9mLWl0"
PASSWORD = "correct horse battery"
PFX = base64.b64encode(bytes(range(256)) * 3).decode()
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----"
SECRETS = {
    "key": KEY,
    "signature": "sig=mDqJjxbLWvGg0X%2FGmTYqE0pGkWHKJbL0oXlZ3cOPsqA%3D",
    "token": TOKEN,
    "password": PASSWORD,
    "pfx": PFX,
    "pem": PEM,
}


def _exchange(**changes: object) -> Exchange:
    told = {"url": "http://host/pools?api-version=1", "asked": b"{}", "headers": {}, "body": b"{}"} | changes
    request = Request("POST", str(told["url"]), Headers({"Accept": "*/*"}), told["asked"])  # type: ignore[arg-type]
    return Exchange(request, Response(200, Headers(told["headers"]), told["body"]), source=SOURCE)  # type: ignore[arg-type]


def _places(secret: str) -> dict[str, Exchange]:
    return {
        "url": _exchange(url=f"http://host/pools?api-version=1&note={secret}"),
        "request": _exchange(asked=json.dumps({"id": "a", "displayName": secret}).encode()),
        "header": _exchange(headers={"Location": f"http://host/{secret.replace(chr(10), '')}"}),
        "answer": _exchange(body=json.dumps({"value": [{"displayName": secret}]}).encode()),
        "message": _exchange(body=json.dumps({"message": {"lang": "en", "value": f"it is {secret}."}}).encode()),
        "text": _exchange(body=f"it is {secret}.".encode()),
        "name": _exchange(body=json.dumps({"secret": {"inner": secret}}).encode()),
    }


def _written(made: Recorder, folder: Path, known: list[str]) -> str:
    made.write(folder, "main", known)
    return "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml"))


@pytest.mark.parametrize("place", sorted(_places("")))
@pytest.mark.parametrize("kind", sorted(SECRETS))
def test_the_last_look_finds_each_secret_at_each_place(kind: str, place: str, tmp_path: Path) -> None:
    """Nothing is scrubbed here: whatever the scrubbing may miss, the last look must see."""
    secret = SECRETS[kind]
    made = Recorder(Cleaner(Aliases("0123abcd", ("http://host",)), lambda exchange: exchange))
    made.heard(_places(secret)[place], 0)
    try:
        text = _written(made, tmp_path, [KEY, PASSWORD, PFX])
    except Leaks as leak:
        assert secret not in str(leak)
        assert list(tmp_path.rglob("*")) == []
    else:
        assert place in {"name", "url"}  # what no allow-list names is replaced before
        assert secret not in text and json.dumps(secret)[1:-1] not in text


@pytest.mark.parametrize("form", ["hex", "base64", "quoted", "decoded"])
def test_other_forms_of_a_known_secret_are_seen_too(form: str, tmp_path: Path) -> None:
    told = {
        "hex": KEY.encode().hex(),
        "base64": base64.b64encode(f"x{KEY}".encode()).decode(),
        "quoted": quote(f"{KEY}/", safe=""),
        "decoded": base64.b64decode(KEY).hex(),
    }[form]
    made = recordings.recorder(Target(endpoint="http://host"), "0123abcd", Scrubber([KEY]))
    made.heard(_exchange(body=json.dumps({"displayName": told}).encode()), 0)
    try:
        text = _written(made, tmp_path, [KEY])
    except Leaks:
        assert list(tmp_path.rglob("*")) == []
    else:
        assert told not in text


DISGUISES: dict[str, Callable[[str], str]] = {
    "slashes": lambda text: text.replace("/", "\\/"),
    "escapes": lambda text: text.replace("/", "\\/").replace("+", "\\u002B").replace(" ", "\\u0020"),
    "twice": lambda text: json.dumps(json.dumps(text.replace("/", "\\/"))),
    "url-safe": lambda text: text.replace("+", "-").replace("/", "_"),
    "entities": lambda text: text.replace("+", "&#43;").replace(" ", "&#32;"),
    "quoted twice": lambda text: quote(quote(text, safe=""), safe=""),
    "wrapped": lambda text: "\\r\\n".join(text[at : at + 8] for at in range(0, len(text), 8)),
    "sixteen bits": lambda text: "\0".join(text),
}


@pytest.mark.parametrize("disguise", sorted(DISGUISES))
@pytest.mark.parametrize("kind", ["key", "password", "pfx"])
def test_no_writer_s_escapes_hide_a_known_secret(kind: str, disguise: str, tmp_path: Path) -> None:
    secret = {"key": f"{KEY[:20]}/+{KEY[22:]}", "password": PASSWORD, "pfx": f"{PFX[:150]}/+{PFX[152:]}"}[kind]
    made = Recorder(Cleaner(Aliases("0123abcd", ("http://host",)), lambda exchange: exchange))
    made.heard(_exchange(body=f'{{"message": {{"value": "it is {DISGUISES[disguise](secret)}"}}}}'.encode()), 0)
    with pytest.raises(Leaks):
        _written(made, tmp_path, [secret])


@pytest.mark.parametrize("place", sorted(_places("")))
@pytest.mark.parametrize("kind", sorted(SECRETS))
def test_scrubbing_keeps_each_secret_out(kind: str, place: str, tmp_path: Path) -> None:
    secret = SECRETS[kind]
    made = recordings.recorder(Target(endpoint="http://host"), "0123abcd", Scrubber([KEY, PASSWORD, PFX]))
    made.heard(_places(secret)[place], 0)
    try:
        text = _written(made, tmp_path, [KEY, PASSWORD, PFX])
    except Leaks:
        return
    assert secret not in text and json.dumps(secret)[1:-1] not in text


def test_a_target_that_tells_the_key_gets_no_recording(run, served, tmp_path):  # type: ignore[no-untyped-def]
    words = ["--endpoint", served("telling", "--key", KEY), "--auth", "shared-key", "--account", "testaccount"]
    done = run(*words, "--record", str(tmp_path / "tapes"), "--requirement", "pools.patch.keeps-omitted-metadata", key=KEY)
    assert done.code == 2, done.out
    assert "would hold a secret of this run: nothing was recorded" in done.out
    assert not (tmp_path / "tapes").exists()
    assert KEY not in done.out
