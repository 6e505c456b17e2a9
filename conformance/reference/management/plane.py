"""The protocol of the management plane: what every request goes through before and after its handler."""

from __future__ import annotations

import hmac
import re
import sys
import traceback
from collections.abc import Mapping
from uuid import UUID

from conformance.contract import Contract, Operation, Plane, at, versions
from conformance.reference.bodies import request_body
from conformance.reference.management import keys, network
from conformance.reference.management.problem import ArmProblem, by_gateway, from_data_plane, invalid_body
from conformance.reference.management.registry import MANAGERS
from conformance.reference.management.rendering import RETRY_SECONDS, ArmReply, common_headers, failure, success
from conformance.reference.management.results import poll
from conformance.reference.problem import BatchProblem
from conformance.reference.store import Store
from conformance.reference.wire import Call, WireAnswer, WireRequest

__all__ = ["Management", "keys", "network"]
_RESULT = re.compile(
    r"/subscriptions/(?P<subscriptionId>[^/]+)/(?:resourcegroups/(?P<resourceGroupName>[^/]+)/)?providers/microsoft\.batch/"
    r"(?:batchaccounts/[^/]+/operationresults|locations/[^/]+/accountoperationresults)/[^/]+",
    re.IGNORECASE,
)
_VERSION_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}(-preview)?")


class Management:
    """The Batch provider of one subscription, in the same store as the account's data plane."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._settings = store.settings
        self._known = {version.name for version in versions(Plane.MANAGEMENT)}

    @staticmethod
    def owns(path: str) -> bool:
        """Whether the path is one of the management plane's."""
        return path.lower().startswith(("/subscriptions/", "/providers/"))

    def answer(self, request: WireRequest) -> WireAnswer:
        answer = self._answer(request)
        return WireAnswer(answer.status, answer.headers) if request.method == "HEAD" else answer

    def _answer(self, request: WireRequest) -> WireAnswer:
        """Never raises: what goes wrong inside is a 500 in the envelope, and is told on standard error."""
        now, stated = self._settings.clock.now(), request.parameters().get("api-version")
        headers = common_headers(request.method, stated, self._store.guid(), self._store.guid(), now)
        try:
            self._store.agenda.run(now)
            reply = self._reply(request, stated, now)
            return success(reply, stated or "", headers, self._settings.clock.real(RETRY_SECONDS))
        except ArmProblem as problem:
            return failure(problem, headers, now)
        except BatchProblem as problem:
            return failure(from_data_plane(problem), headers, now)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            return failure(ArmProblem(500, "InternalServerError", "The server encountered an internal error."), headers, now)

    def _reply(self, request: WireRequest, stated: str | None, now: int) -> ArmReply:
        self._authenticate(request)
        contract = self._contract(stated)
        result = _RESULT.fullmatch(request.path)
        if result is not None and request.method == "GET":
            self._check_scope(result.groupdict())
            operation = contract.operations["BatchAccount_Get"]
            return poll(self._store, self._call(request, contract, operation, {}, now), request.path)
        match = contract.match(request.method, request.path)
        if match is None:
            raise _unmatched(contract, request)
        self._check_scope(match.path_parameters)
        _check_name(match.operation, match.path_parameters)
        call = self._call(request, contract, match.operation, dict(match.path_parameters), now)
        return MANAGERS[match.operation.id](self._store, call)

    def _call(self, request: WireRequest, contract: Contract, operation: Operation, path: dict[str, str], now: int) -> Call:
        body = request_body(contract, operation, request)
        return Call(contract, operation, path, request.parameters(), body, request.base, now)

    def _authenticate(self, request: WireRequest) -> None:
        if self._settings.management_token is None:
            return
        given = request.header("authorization")
        if not given:
            raise by_gateway(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
        scheme, _, token = given.partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(
            token.strip().encode(), self._settings.management_token.encode()
        ):
            raise by_gateway(401, "InvalidAuthenticationToken", "The access token is invalid.")

    def _contract(self, stated: str | None) -> Contract:
        if not stated:
            message = "The api-version query parameter (?api-version=) is required for all requests."
            raise by_gateway(400, "MissingApiVersionParameter", message)
        known = ", ".join(sorted(self._known))
        if not _VERSION_SHAPE.fullmatch(stated):
            message = f"The api-version '{stated}' is invalid. The supported versions are '{known}'."
            raise by_gateway(400, "InvalidApiVersionParameter", message)
        if stated not in self._known:
            message = (
                f"No registered resource provider found for location 'null' and API version '{stated}' for type 'batchAccounts'. "
                f"The supported api-versions are '{known}'."
            )
            raise by_gateway(400, "NoRegisteredProviderFound", message)
        return at(stated, Plane.MANAGEMENT)

    def _check_scope(self, path: Mapping[str, str | None]) -> None:
        subscription, group = path.get("subscriptionId") or "", path.get("resourceGroupName")
        if not _is_guid(subscription):
            message = f"The provided subscription identifier '{subscription}' is malformed or invalid."
            raise by_gateway(400, "InvalidSubscriptionId", message)
        if subscription.lower() != self._settings.subscription.lower():
            raise by_gateway(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")
        if group and group.lower() not in {known.lower() for known in self._settings.resource_groups}:
            raise by_gateway(404, "ResourceGroupNotFound", f"Resource group '{group}' could not be found.")


def _check_name(operation: Operation, path: Mapping[str, str]) -> None:
    """The name of an account that is to be. One that is not permitted names none that is there: other operations find nothing."""
    if operation.kind != "create":
        return
    rule, name = operation.parameters["accountName"], path["accountName"]
    if not (rule.min_length or 0) <= len(name) <= (rule.max_length or len(name)) or not re.fullmatch(rule.pattern or ".*", name):
        raise invalid_body(f"the account name '{name}' is not valid: it must match {rule.pattern} and have 3 to 24 characters")


def _unmatched(contract: Contract, request: WireRequest) -> ArmProblem:
    if contract.methods(request.path):
        return by_gateway(405, "MethodNotAllowed", f"The requested resource does not support http method '{request.method}'.")
    message = (
        f"The resource type could not be found in the namespace 'Microsoft.Batch' for api version '{contract.version.name}'."
    )
    return by_gateway(404, "InvalidResourceType", message)


def _is_guid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
