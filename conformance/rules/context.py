"""From an exchange to its case: plane, contract, operation. Also says why an exchange cannot be judged."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from conformance import contract
from conformance.contract import Contract, Match, Operation, Plane
from conformance.exchange import Exchange, Request, Response
from conformance.rules.demands import demands
from conformance.rules.model import Case, Context
from conformance.rules.queries import faults_of
from conformance.rules.shapes import ALWAYS, shapes
from conformance.rules.witness import witnesses

_PROVIDER = "/providers/microsoft.batch"
_HOST = ".batch."
_RANGED, _PROXY, _UNKNOWN = 206, 407, 501
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_BINARY = "binary"
# other services of the same cloud that recordings of Batch clients also show (tokens, storage, other providers)
_OTHER_SERVICES = (".core.windows.net", ".vault.azure.net", "login.", "graph.", "management.")
# documented, but they depend on how the answer is framed or on the operating system of the node
_DEPENDS = frozenset({"content-length", "ocp-batch-file-mode"})


def context_for(exchange: Exchange, default_version: str | None = None) -> Context:
    """The context of an exchange. `default_version` stands in for an absent api-version.

    A stated version that the contract lacks is judged by the nearest one; `context.case.exact` is then False.
    """
    request = exchange.request
    plane = plane_of(request)
    stated = exchange.api_version
    known = nearest(stated or default_version or "~", plane)
    exact = stated is None or stated == known.version.name
    match = _match(plane, known.version.name, request.method, request.path)
    operation, values = (match.operation, match.path_parameters) if match else (None, {})
    elsewhere = operation is None and in_other_versions(request.method, request.path, plane)
    name = operation.id if operation else None
    case = case_for(plane, known.version.name, name, request.method, exchange.response.status, exact, elsewhere)
    return Context(exchange, case, values, _foreign(exchange, operation is not None or elsewhere))


@lru_cache(maxsize=8192)
def _match(plane: Plane, version: str, method: str, path: str) -> Match | None:
    """Clients ask for the same again and again."""
    return contract.at(version, plane).match(method, path)


def plane_of(request: Request) -> Plane:
    return Plane.MANAGEMENT if _PROVIDER in request.path.lower() else Plane.DATA


def _foreign(exchange: Exchange, named: bool) -> str | None:
    """Why this exchange is not one with Azure Batch at all; None when it may be. `named`: some api-version has the operation."""
    request, response = exchange.request, exchange.response
    host = request.host
    if response.status == _PROXY and "proxy-authenticate" in response.headers:
        return "answered by a proxy that asks who the client is"
    if request.method == "OPTIONS" and "access-control-request-method" in request.headers:
        return "asked by a browser whether it may ask (CORS)"
    if from_between(exchange):
        return "answered by a server in between, which does not know the method"
    if plane_of(request) is Plane.MANAGEMENT:
        return None
    if _is_other_service(host):
        return f"not Batch traffic: {host}"
    if not named and not _marked(request, response, host):
        return f"not Batch traffic: {host}"
    if from_http_sys(response):
        return "answered by the web server (http.sys) before it reached Batch"
    return None


@lru_cache(maxsize=1024)
def _is_other_service(host: str) -> bool:
    # a region's own front end: centraluseuap.management.azure.com
    return ".management." in host or any(host.startswith(s) or host.endswith(s) for s in _OTHER_SERVICES)


def _marked(request: Request, response: Response, host: str) -> bool:
    """Whether something other than the path says that this is Batch: a recording of a browser holds all kinds of traffic."""
    return (
        _HOST in host
        or "api-version" in request.query
        or "ocp-date" in request.headers
        or "dataserviceversion" in response.headers
    )


def from_http_sys(response: Response) -> bool:
    """A bare 400 in HTML by the kernel's web server, e.g. for a path that it refuses: it has no header of Batch."""
    headers = response.headers
    return (
        400 <= response.status < 500
        and "request-id" not in headers
        and headers.get("content-type", "").startswith("text/html")
        and headers.get("server", "").startswith("Microsoft-HTTPAPI")
    )


def from_between(exchange: Exchange) -> bool:
    """501 for a method that no operation has: HTTP asks servers and proxies to say so themselves (RFC 9110, 15.6.2). It has no
    header of Batch."""
    response = exchange.response
    return response.status == _UNKNOWN and exchange.request.method not in _METHODS and "request-id" not in response.headers


@lru_cache(maxsize=1024)
def nearest(version: str, plane: Plane) -> Contract:
    return contract.at(contract.nearest(version, plane).name, plane)


@lru_cache(maxsize=4096)
def in_other_versions(method: str, path: str, plane: Plane) -> bool:
    return any(contract.at(v.name, plane).match(method, path) is not None for v in reversed(contract.versions(plane)))


@lru_cache(maxsize=16384)
def case_for(
    plane: Plane, version: str, operation_id: str | None, method: str, status: int, exact: bool, known_elsewhere: bool
) -> Case:
    at = contract.at(version, plane)
    operation = at.operations[operation_id] if operation_id else None
    documented = operation.success if operation else {}
    # a part of a file, asked for by a range, is documented as the whole is
    base = 200 if status == _RANGED and documented.get(200) == _BINARY else status
    answer = documented.get(base)
    model = answer if answer != _BINARY else None
    known = shapes(version, plane)
    return Case(
        contract=at,
        operation=operation,
        method=method,
        status=status,
        exact=exact,
        known_elsewhere=known_elsewhere,
        model=model,
        binary=answer == _BINARY,
        documented=base in documented,
        headers=_sent(operation, base, documented),
        shape=known.of(model) if model else None,
        kinds=known.kinds(model) if model else frozenset(),
        witness=witnesses(version, plane).of(model, known.kinds(model) - ALWAYS) if model else None,
        demand=demands(version, plane).of(operation) if operation and plane is Plane.DATA else None,
        faults=faults_of(version, plane, operation.id) if operation and plane is Plane.DATA else None,
    )


def _sent(operation: Operation | None, status: int, documented: Mapping[int, str | None]) -> frozenset[str]:
    if operation is None or status not in documented:
        return frozenset()
    never = {name.lower() for name in operation.never_sent} | _DEPENDS
    return frozenset(name.lower() for name in operation.headers.get(status, ())) - never
