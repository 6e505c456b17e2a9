"""The document around the schemas: paths, operations, answers, security."""

from __future__ import annotations

from http import HTTPStatus

from conformance.contract.load import at
from conformance.contract.model import Contract, Operation, Parameter, Plane
from conformance.contract.openapi.schemas import Json, parameter, schemas

_JSON = {Plane.DATA: "application/json; odata=minimalmetadata", Plane.MANAGEMENT: "application/json; charset=utf-8"}
_ERROR = {Plane.DATA: "BatchError", Plane.MANAGEMENT: "CloudError"}
_TITLE = {Plane.DATA: "Azure Batch service", Plane.MANAGEMENT: "Azure Batch accounts (Azure Resource Manager)"}
# What a recording of the live service always shows when the documents list it; other headers depend on the node or the request.
_ALWAYS = frozenset({"request-id", "etag", "last-modified", "dataserviceid", "location"})
_FORMATS = {"request-id": "uuid", "client-request-id": "uuid", "location": "uri", "dataserviceid": "uri"}


def render(version: str, plane: Plane = Plane.DATA) -> Json:
    """The OpenAPI 3.1 document of one api-version.

    Raises:
        KeyError: `version` is not an api-version of the plane.
    """
    contract = at(version, plane)
    paths: Json = {}
    for operation in contract.operations.values():
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(contract, operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": _TITLE[plane], "version": version},
        "servers": [_server(plane)],
        "security": [{name: []} for name in _security(plane)],
        "tags": [{"name": name} for name in sorted({o.resource for o in contract.operations.values()})],
        "paths": paths,
        "components": {
            "schemas": schemas(contract, _ERROR[plane]),
            "responses": _shared_responses(contract),
            "securitySchemes": _security(plane),
        },
    }


def _server(plane: Plane) -> Json:
    if plane is Plane.MANAGEMENT:
        return {"url": "https://management.azure.com"}
    variables = {"account": {"default": "account"}, "region": {"default": "westeurope"}}
    return {"url": "https://{account}.{region}.batch.azure.com", "variables": variables}


def _security(plane: Plane) -> Json:
    bearer = {"entra": {"type": "http", "scheme": "bearer", "description": "Microsoft Entra ID"}}
    if plane is Plane.MANAGEMENT:
        return bearer
    about = "SharedKey {account}:{signature}; the request also carries ocp-date or Date"
    return {"sharedKey": {"type": "apiKey", "in": "header", "name": "Authorization", "description": about}, **bearer}


def _operation(contract: Contract, operation: Operation) -> Json:
    rendered: Json = {
        "operationId": operation.id,
        "tags": [operation.resource],
        "parameters": [_parameter(contract, operation, p) for p in operation.parameters.values()],
        "responses": {str(status): _success(contract, operation, status) for status in operation.success},
    }
    if operation.conditional and operation.method in {"GET", "HEAD"}:
        rendered["responses"]["304"] = {"$ref": "#/components/responses/NotModified"}
    kind = "EmptyError" if operation.method == "HEAD" else "Error"
    rendered["responses"] |= {f"{group}XX": {"$ref": f"#/components/responses/{kind}{group}XX"} for group in (4, 5)}
    if operation.request:
        schema = {"$ref": f"#/components/schemas/{operation.request}"}
        rendered["requestBody"] = {
            "required": operation.request_required,
            "content": {_JSON[contract.version.plane].replace("; charset=utf-8", ""): {"schema": schema}},
        }
    if operation.update:
        rendered["x-updates"] = {"mode": operation.update, "properties": list(contract.updatable(operation.id))}
    if operation.long_running:
        rendered["x-long-running"] = True
    return rendered


def _parameter(contract: Contract, operation: Operation, p: Parameter) -> Json:
    schema = parameter(p)
    if p.name == "api-version":
        schema["enum"] = [contract.version.name]
    rendered: Json = {"name": p.name, "in": p.where, "required": p.required, "schema": schema}
    if p.name == "$filter" and operation.filter:
        rendered["x-filter"] = {name: {"type": f.type, "operators": list(f.operators)} for name, f in operation.filter.items()}
    return rendered


def _success(contract: Contract, operation: Operation, status: int) -> Json:
    rendered: Json = {"description": HTTPStatus(status).phrase}
    documented = operation.headers.get(status, ())
    sent = [name for name in documented if name not in operation.never_sent and name != "Content-Type"]
    if contract.version.plane is Plane.DATA:
        sent = list(dict.fromkeys([*sent, "request-id"]))
    if sent:
        rendered["headers"] = {name: _header(name) for name in sent}
    model = operation.success[status]
    if model == "binary":
        rendered["content"] = {"application/octet-stream": {}}
    elif model is not None:
        rendered["content"] = {_JSON[contract.version.plane]: {"schema": {"$ref": f"#/components/schemas/{model}"}}}
    return rendered


def _header(name: str) -> Json:
    schema: Json = {"type": "string"}
    if form := _FORMATS.get(name.lower()):
        schema["format"] = form
    return {"required": name.lower() in _ALWAYS, "schema": schema}


def _shared_responses(contract: Contract) -> Json:
    shared: Json = {"NotModified": _answer(contract, "The resource has not changed")}
    for group in (4, 5):
        shared[f"EmptyError{group}XX"] = _answer(contract, "An error; the answer to HEAD has no body")
        shared[f"Error{group}XX"] = _error(contract, group)
    return shared


def _error(contract: Contract, group: int) -> Json:
    """Any error of a status group. Its codes are listed by status; a service may know more of them."""
    plane = contract.version.plane
    rendered = _answer(contract, "An error")
    rendered["content"] = {_JSON[plane]: {"schema": {"$ref": f"#/components/schemas/{_ERROR[plane]}"}}}
    if plane is Plane.DATA:
        codes = [
            (str(status), code.code) for code in contract.errors.values() for status in code.statuses if status // 100 == group
        ]
        rendered["x-error-codes"] = {status: [c for s, c in codes if s == status] for status in sorted({s for s, _ in codes})}
    return rendered


def _answer(contract: Contract, description: str) -> Json:
    if contract.version.plane is Plane.MANAGEMENT:
        return {"description": description}
    return {"description": description, "headers": {"request-id": _header("request-id")}}
