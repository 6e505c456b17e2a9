"""What the account's network needs, and what watches over it: two lists that never change here."""

from __future__ import annotations

from conformance.reference.management import accounts
from conformance.reference.management.problem import by_gateway
from conformance.reference.management.registry import manages
from conformance.reference.management.rendering import ArmReply
from conformance.reference.shapes import shown
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json

_DETECTOR = "poolsAndNodes"


@manages("BatchAccount_ListOutboundNetworkDependenciesEndpoints")
def outbound(store: Store, call: Call) -> ArmReply:
    account = accounts.find(store, call)
    names = {
        "Azure Batch": [account["properties"]["accountEndpoint"], account["properties"]["nodeManagementEndpoint"]],
        "Azure Storage": [f"*.blob.{account['location']}.core.windows.net"],
    }
    found = [{"category": kind, "endpoints": [_endpoint(name) for name in known]} for kind, known in names.items()]
    return ArmReply(200, {"value": found})


def _endpoint(name: str) -> Json:
    return {"domainName": name, "endpointDetails": [{"port": 443}]}


@manages("BatchAccount_ListDetectors")
def detectors(store: Store, call: Call) -> ArmReply:
    return ArmReply(200, {"value": [_detector(call, accounts.find(store, call))]})


@manages("BatchAccount_GetDetector")
def detector(store: Store, call: Call) -> ArmReply:
    account = accounts.find(store, call)
    if call.path["detectorId"].lower() != _DETECTOR.lower():
        raise by_gateway(404, "ResourceNotFound", f"The detector '{call.path['detectorId']}' was not found.")
    return ArmReply(200, _detector(call, account))


def _detector(call: Call, account: Json) -> Json:
    found = {
        "id": f"{account['id']}/detectors/{_DETECTOR}",
        "name": _DETECTOR,
        "type": "Microsoft.Batch/batchAccounts/detectors",
        "properties": {"value": "e30="},
    }
    return shown(call.contract, call.contract.models["DetectorResponse"], found)
