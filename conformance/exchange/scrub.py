"""Takes secrets out of exchanges and out of text, before anything is written.

What counts as a secret: credentials in headers, signatures of shared access URLs, account keys, tokens, passwords and the private
data of certificates. A scrubbed value stays where it was as the word SCRUBBED, so that its presence can still be judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from conformance.exchange.model import Exchange, Headers

WORD = "SCRUBBED"
HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-ms-authorization-auxiliary",
        "x-api-key",
        "ocp-apim-subscription-key",
    }
)
# members of a JSON body whose string value is a secret; `data` is the private part of a certificate
_MEMBERS = (
    "password|accountKey|accessKey|storageAccountKey|primary|secondary|sharedKey|sasKey|sasToken|sasUrl|accessToken|access_token"
    "|refresh_token|client_secret|clientSecret|secret|sshPrivateKey|privateKey|pfx|data"
)
_STRING = r'"(?:[^"\\]|\\.)*"'
# the name of a member may itself stand in escaped JSON (a body inside a message)
_TEXT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf'("(?:{_MEMBERS})"\s*:\s*){_STRING}', re.IGNORECASE), rf'\1"{WORD}"'),
    (re.compile(rf'(\\"(?:{_MEMBERS})\\"\s*:\s*)\\".*?\\"', re.IGNORECASE), rf'\1\\"{WORD}\\"'),
    (re.compile(rf"('(?:{_MEMBERS})'\s*:\s*)'(?:[^'\\]|\\.)*'", re.IGNORECASE), rf"\1'{WORD}'"),
    (re.compile(r"\b(sig|sas|access_token|client_secret|password)=[^&\s\"'\\;,]+", re.IGNORECASE), rf"\1={WORD}"),
    (re.compile(r"\b(AccountKey|SharedAccessKey|SharedAccessSignature)=[^;\s\"'\\]+", re.IGNORECASE), rf"\1={WORD}"),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE), rf"\1 {WORD}"),
    (re.compile(r"\b(SharedKey(?:Lite)?\s+[^\s:\"']+:)[\w+/=-]+"), rf"\1{WORD}"),
    (re.compile(r"\beyJ[\w-]+\.eyJ[\w-]+(?:\.[\w-]+)?"), WORD),
    (re.compile(r"(?<![\w+/])[A-Za-z0-9+/]{86}=="), WORD),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL), WORD),
)
# cheap test: most bodies hold none of these, and then no pattern is run over them
_HINTS = ("sig=", "sas", "key", "signature", "token", "secret", "passw", "bearer", "basic ", "eyj", "==", "pfx")
_HINTS_OF_MEMBERS = tuple(quote + name for name in ("data", "primary", "secondary") for quote in "\"'")


def scrub_text(text: str) -> str:
    """`text` without what looks like a secret. Scrubbing twice changes nothing more."""
    folded = text.lower()
    if not any(hint in folded for hint in _HINTS + _HINTS_OF_MEMBERS):
        return text
    for pattern, without in _TEXT:
        text = pattern.sub(without, text)
    return text


def scrub_headers(headers: Headers) -> Headers:
    return Headers(tuple((n, WORD if n.lower() in HEADERS else scrub_text(v)) for n, v in headers.fields))


def scrub_exchange(exchange: Exchange, known: Iterable[str] = ()) -> Exchange:
    """The exchange without secrets. `known` are secrets of this run (an account key), taken out wherever they stand."""
    clean = _without(tuple(k for k in known if k))
    request, response = exchange.request, exchange.response
    return replace(
        exchange,
        request=replace(
            request,
            url=clean(request.url),
            headers=_headers(request.headers, clean),
            body=_body(request.body, clean),
        ),
        response=replace(response, headers=_headers(response.headers, clean), body=_body(response.body, clean)),
    )


def _without(known: tuple[str, ...]) -> Callable[[str], str]:
    def clean(text: str) -> str:
        for secret in known:
            text = text.replace(secret, WORD)
        return scrub_text(text)

    return clean


def _headers(headers: Headers, clean: Callable[[str], str]) -> Headers:
    return Headers(tuple((n, WORD if n.lower() in HEADERS else clean(v)) for n, v in headers.fields))


def _body(body: bytes, clean: Callable[[str], str]) -> bytes:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return body  # a file's content: nothing in it can be told from a secret
    found = clean(text)
    return body if found is text else found.encode("utf-8")
