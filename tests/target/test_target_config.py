"""Target files and options: what is right is read, what is wrong is told in one line that helps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conformance.target import Target, UserError, load_target
from conformance.target.config import Management

GOOD = """
endpoint = "https://acct.westeurope.batch.azure.com/"
api_version = "2024-02-01.19.0"
auth = "shared-key"
account = "acct"
profiles = ["pools"]
[permissions]
start_nodes = true
[budget]
requests = 500
minutes = 3
[pacing]
requests_per_second = 5
[timeouts]
deadline = 90.5
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "target.toml"
    path.write_text(text)
    return path


def test_a_file_says_everything(tmp_path: Path) -> None:
    target = load_target(_file(tmp_path, GOOD), {})
    assert target.endpoint == "https://acct.westeurope.batch.azure.com"
    assert (target.api_version, target.auth, target.account, target.profiles) == (
        "2024-02-01.19.0",
        "shared-key",
        "acct",
        ["pools"],
    )
    assert (target.permissions.start_nodes, target.budget.requests, target.budget.minutes) == (True, 500, 3)
    assert (target.pacing.requests_per_second, target.timeouts.deadline, target.timeouts.answer) == (5, 90.5, 60)


def test_options_win_over_the_file(tmp_path: Path) -> None:
    target = load_target(_file(tmp_path, GOOD), {"api_version": "2025-06-01", "budget.requests": 7, "account": None})
    assert (target.api_version, target.budget.requests, target.budget.minutes, target.account) == ("2025-06-01", 7, 3, "acct")


def test_options_alone_are_enough() -> None:
    assert load_target(None, {"endpoint": "http://127.0.0.1:80"}) == Target(endpoint="http://127.0.0.1:80")


def test_nodes_are_not_started_unless_allowed() -> None:
    assert not load_target(None, {"endpoint": "http://h"}).permissions.start_nodes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('endpont = "http://h"', "no `endpoint`"),
        ('endpoint = "http://h"\nacount = "a"', "unknown key `acount`, did you mean `account`?"),
        ('endpoint = "http://h"\n[budget]\nrequest = 1', "unknown key `budget.request`, did you mean `requests`?"),
        ('endpoint = "http://h"\nzzz = 1', "unknown key `zzz`; known keys: endpoint"),
        ('endpoint = "http://h"\n[budget]\nrequests = "many"', "`budget.requests`: input should be a valid integer, not 'many'"),
        ('endpoint = "http://h"\nbudget = 3', "`budget`"),
        ('endpoint = "http://h"\nauth = "key"', "`auth`: input should be 'none', 'shared-key' or 'entra', not 'key'"),
        ('endpoint = "h"', "not a URL such as"),
        ('endpoint = "ftp://h"', "not a URL such as"),
        ('endpoint = "http://h:99999"', "not a URL such as"),
        ('endpoint = "http://user:pw@h"', "not a URL such as"),
        ('endpoint = "http://h"\nauth = "shared-key"', "needs the name of the account"),
        ("endpoint = ", "not TOML"),
        ("\x00", "not TOML"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(UserError) as caught:
        load_target(path, {})
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert told in line
    assert "\n" not in line


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such target file"):
        load_target(tmp_path / "nowhere.toml", {})


def test_the_key_comes_from_the_environment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {"endpoint": "http://h", "auth": "shared-key", "account": "a"}
    monkeypatch.setenv("BATCH_ACCOUNT_KEY", "c2VjcmV0")
    assert load_target(None, given).key == "c2VjcmV0"
    assert "c2VjcmV0" not in repr(load_target(None, given))
    monkeypatch.delenv("BATCH_ACCOUNT_KEY")
    with pytest.raises(UserError, match="BATCH_ACCOUNT_KEY is not set"):
        _ = load_target(None, given).key
    with pytest.raises(UserError, match="unknown key `key`"):
        load_target(None, {**given, "key": "c2VjcmV0"})


@pytest.mark.parametrize("url", ["http://user:EPASS@h/x", "http://user:E/EPASS@h", "user:EPASS@h", "http://EPASS@h"])
def test_a_password_in_the_endpoint_is_refused_and_not_told(url: str) -> None:
    with pytest.raises(UserError, match="a name and a password have no place in it") as caught:
        load_target(None, {"endpoint": url})
    assert "EPASS" not in str(caught.value)


MANAGEMENT = """
endpoint = "https://acct.westeurope.batch.azure.com"
management_endpoint = "https://management.azure.com/"
[management]
subscription = "00000000-0000-0000-0000-000000000000"
resource_group = "batch"
location = "westeurope"
[permissions]
create_accounts = true
"""


def test_a_file_says_where_accounts_are_made(tmp_path: Path) -> None:
    target = load_target(_file(tmp_path, MANAGEMENT), {"management.resource_group": "other"})
    assert target.management_endpoint == "https://management.azure.com"
    assert (target.management.resource_group, target.management.location) == ("other", "westeurope")
    assert target.permissions.create_accounts
    assert not load_target(None, {"endpoint": "http://h"}).permissions.create_accounts


@pytest.mark.parametrize("missing", ["subscription", "resource_group"])
def test_a_management_endpoint_needs_its_place(tmp_path: Path, missing: str) -> None:
    text = "\n".join(line for line in MANAGEMENT.splitlines() if not line.startswith(missing))
    with pytest.raises(UserError, match="needs --subscription ID and --resource-group NAME"):
        load_target(_file(tmp_path, text), {})


@pytest.mark.parametrize(
    ("auth", "stated", "token", "used"),
    [
        ("none", "", "", "none"),
        ("shared-key", "", "", "none"),
        ("shared-key", "", "t", "bearer"),
        ("entra", "", "", "entra"),
        ("entra", "", "t", "bearer"),
        ("entra", "none", "t", "none"),
    ],
)
def test_how_the_management_plane_is_asked(
    monkeypatch: pytest.MonkeyPatch, auth: Any, stated: Any, token: str, used: str
) -> None:
    monkeypatch.setenv("BATCH_MANAGEMENT_TOKEN", token)
    target = Target(endpoint="http://h", auth=auth, account="a", management=Management(auth=stated))
    assert target.management_auth == used
    assert target.management_token == (token if used == "bearer" else "")


def test_a_missing_token_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BATCH_MANAGEMENT_TOKEN", raising=False)
    target = Target(endpoint="http://h", management=Management(auth="bearer"))
    with pytest.raises(UserError, match="BATCH_MANAGEMENT_TOKEN is not set"):
        _ = target.management_token
