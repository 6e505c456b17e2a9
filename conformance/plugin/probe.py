"""One request before any scenario runs: is there a Batch service at all?"""

from __future__ import annotations

from urllib.parse import quote

from conformance.exchange import Exchange, NotJson
from conformance.plugin.expect import error_code
from conformance.plugin.requests import with_query
from conformance.target import Client, TargetUnreachable
from conformance.target.config import TOKEN_VARIABLE

PROBE = "probe"
_REQUEST = "GET /pools?maxresults=1"


def probe(client: Client, version: str, *, management: bool = False) -> None:
    """Raises TargetUnreachable, with one line, when running scenarios makes no sense; `management`: in that plane either."""
    client.source = PROBE
    if management:
        _probe_management(client)
    exchange = client.send("GET", with_query("/pools", {"maxresults": 1, "api-version": version}))
    problem = diagnosis(exchange)
    if problem:
        raise TargetUnreachable(f"{client.target.endpoint}: {_REQUEST} {problem}")


def _probe_management(client: Client) -> None:
    """The list of the resource group: accounts are to be made there, so it has to be readable."""
    place = client.target.management
    path = f"/subscriptions/{place.subscription}/resourceGroups/{place.resource_group}/providers/Microsoft.Batch/batchAccounts"
    exchange = client.send("GET", with_query(quote(path), {"api-version": place.api_version}))
    response, code = exchange.response, error_code(exchange)
    told = f"answers {response.status}{f' {code}' if code else ''}"
    if response.status in {401, 403}:
        problem = f"{told}: check --management-auth and {TOKEN_VARIABLE}"
    elif response.status != 200:
        problem = f"{told}: check --management-endpoint, --subscription and --resource-group"
    elif not _is_object(exchange):
        problem = f"{told} without a JSON object: this is no Azure Resource Manager"
    else:
        return
    raise TargetUnreachable(f"{client.target.management_endpoint}: GET {path} {problem}")


def diagnosis(exchange: Exchange) -> str:
    """What rules the endpoint out; empty when it may be a Batch service. An error in Batch's own form does not rule it out."""
    response = exchange.response
    kind = response.headers.get("content-type", "nothing").partition(";")[0]
    code = f" {error_code(exchange)}" if error_code(exchange) else ""
    if response.status >= 500:
        return f"answers {response.status}{code}: the service is broken, or not ready yet"
    if response.status == 429:
        return f"answers 429{code}: the target throttles; try later, or slower (pacing.requests_per_second)"
    if _wants_credentials(exchange):
        return f"answers {response.status}{code}: the target wants credentials: --auth shared-key --account NAME, or --auth entra"
    if response.status in {401, 403}:
        return (
            f"answers {response.status}{code}: the target refuses the credentials; check --auth, --account and BATCH_ACCOUNT_KEY"
        )
    if 300 <= response.status < 400:
        return f"is redirected ({response.status}) to {response.headers.get('location', 'nowhere')}: name that endpoint"
    if not _is_object(exchange):
        return f"answers {response.status} with {kind}, not with JSON: this is no Batch endpoint"
    return ""


def _wants_credentials(exchange: Exchange) -> bool:
    """The request carried none, and the answer says that it has to."""
    if "authorization" in exchange.request.headers:
        return False
    code, body = error_code(exchange), exchange.response.body
    missing = code == "InvalidAuthenticationInfo" or (code == "MissingRequiredHeader" and b"authorization" in body.lower())
    return exchange.response.status in {401, 403} or (exchange.response.status == 400 and missing)


def _is_object(exchange: Exchange) -> bool:
    try:
        return isinstance(exchange.response.json, dict)
    except NotJson:
        return False
