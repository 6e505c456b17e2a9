"""Extensions on a node: those of its pool's virtual machines, installed."""

from __future__ import annotations

from conformance.reference.problem import BatchProblem
from conformance.reference.registry import answers
from conformance.reference.resources.nodeactions import node_of
from conformance.reference.resources.poolaccess import find as find_pool
from conformance.reference.shapes import shown
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Listing, Reply


def _extensions(store: Store, call: Call) -> list[Json]:
    node_of(store, call)
    configuration = find_pool(store, call).get("virtualMachineConfiguration", {})
    return [_installed(each) for each in configuration.get("extensions", ())]


def _installed(extension: Json) -> Json:
    status = {"code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": "Ready"}
    view = {"name": extension["name"], "statuses": [status]}
    return {"provisioningState": "Succeeded", "vmExtension": extension, "instanceView": view}


@answers("ComputeNodeExtension_List")
def list_extensions(store: Store, call: Call) -> Listing:
    model = call.contract.models["NodeVMExtension"]
    found = [{**shown(call.contract, model, each), "_key": each["vmExtension"]["name"]} for each in _extensions(store, call)]
    return Listing(found, key="_key")


@answers("ComputeNodeExtension_Get")
def get(store: Store, call: Call) -> Reply:
    wanted = call.path["extensionName"].lower()
    for each in _extensions(store, call):
        if each["vmExtension"]["name"].lower() == wanted:
            return Reply(shown(call.contract, call.contract.models["NodeVMExtension"], each))
    raise BatchProblem("ResourceNotFound")
