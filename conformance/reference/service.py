"""The protocol, one step after the other: what every operation of every api-version goes through before and after its handler."""

from __future__ import annotations

import re
import sys
import traceback

from conformance.contract import Contract, Match, Operation, at, versions
from conformance.reference import resources
from conformance.reference.auth import Authenticator, SignedRequest
from conformance.reference.bodies import request_body
from conformance.reference.conditions import Conditions, read_conditions
from conformance.reference.instants import to_datetime
from conformance.reference.lists import page, trimmer
from conformance.reference.odata import Pager, QueryOptionError
from conformance.reference.problem import BatchProblem, invalid_query
from conformance.reference.queries import check_headers, check_query
from conformance.reference.registry import HANDLERS
from conformance.reference.rendering import common_headers, failure, success
from conformance.reference.settings import Settings
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Listing, Reply, WireAnswer, WireRequest

resources.load()
_VERBS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_VERSION_SHAPE = re.compile(r"^\d{4}-\d{2}-\d{2}(\.\d+\.\d+)?$")


class Service:
    """One account's Batch service, in memory."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings)
        self._pager = Pager(self.store.hex(32).encode())
        self._authenticator = Authenticator(settings.account, settings.key, settings.token)
        self._known = {v.name for v in versions()}

    def answer(self, request: WireRequest) -> WireAnswer:
        """Never raises: what goes wrong inside is a 500 in the service's own envelope, and is told on standard error."""
        now = self.settings.clock.now()
        headers = common_headers(request, self.store.guid(), now)
        try:
            self.store.agenda.run(now)
            operation, reply = self._reply(request, now)
            return success(operation, reply, request, headers)
        except BatchProblem as problem:
            return failure(problem, request, headers, now)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            return failure(BatchProblem("InternalError"), request, headers, now)

    def _reply(self, request: WireRequest, now: int) -> tuple[Operation, Reply]:
        query = request.parameters()
        if request.method not in _VERBS:
            raise BatchProblem("InvalidHttpVerb")
        contract = self._contract(query)
        match = _match(contract, request)
        self._authenticate(request)
        operation = match.operation
        check_query(operation, query)
        check_headers(operation, request)
        conditions = read_conditions(request.method, request.header) if _takes_conditions(operation) else Conditions()
        body = request_body(contract, operation, request)
        call = Call(contract, operation, match.path_parameters, query, body, request.base, now, conditions, request.by_name())
        return operation, self._dispatch(call, request)

    def _contract(self, query: Json) -> Contract:
        version = query.get("api-version")
        if version is None:
            raise BatchProblem("MissingRequiredQueryParameter", {"QueryParameterName": "api-version"})
        if not _VERSION_SHAPE.match(version):
            raise invalid_query("api-version", version, "The version is not of the form YYYY-MM-DD.Major.Minor.")
        if version not in self._known:
            raise BatchProblem("UnsupportedRequestVersion", {"QueryParameterValue": version})
        return at(version)

    def _authenticate(self, request: WireRequest) -> None:
        signed = SignedRequest(request.method, request.path, request.query, request.headers)
        refusal = self._authenticator.check(signed, to_datetime(self.settings.clock.wall()))
        if refusal is not None:
            raise BatchProblem(refusal.code, refusal.values)

    def _dispatch(self, call: Call, request: WireRequest) -> Reply:
        result = HANDLERS[call.operation.id](self.store, call)
        if isinstance(result, Listing):
            return Reply(page(call, result, request, self._pager))
        if result.body is None or call.operation.kind != "get":
            return result
        model = call.contract.models.get(call.operation.success[200] or "")
        try:
            return Reply(trimmer(call, model, result.expandable)(result.body), result.modified)
        except QueryOptionError as error:
            raise invalid_query(error.option, call.query.get(error.option, ""), error.reason) from error


def _takes_conditions(operation: Operation) -> bool:
    """Files take only the conditions about time."""
    return any(name.startswith("If-") for name in operation.parameters)


def _match(contract: Contract, request: WireRequest) -> Match:
    match = contract.match(request.method, request.path)
    if match is not None:
        return match
    raise BatchProblem("UnsupportedHttpVerb" if contract.methods(request.path) else "InvalidUri")
