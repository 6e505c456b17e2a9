"""Nodes: what actions on them do not do."""

from __future__ import annotations

from conformance.defects.answers import body
from conformance.defects.leniency import refuses, stub
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.nodelies import NODE, acted, lost, undone
from conformance.defects.paths import sent
from conformance.defects.poolparts import each
from conformance.defects.where import always, fits, lacks
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_READS = "GET /pools/{}/nodes, GET /pools/{}/nodes/{}"
_STUB = "A stub that says yes."
_STUCK = "The event that ends it gets lost."
_NO_STATES = "States are not looked at."


def _old_boot(resource: Json) -> None:
    if "allocationTime" in resource and "lastBootTime" in resource:
        resource["lastBootTime"] = resource["allocationTime"]


def _names_taken(service: Service) -> Lie:
    gone: set[str] = set()

    def taken(asked: WireRequest) -> bool:
        return f"{asked.path}/{sent(asked).get('name')}" in gone

    refused = refuses(f"POST {NODE}/users", taken, "NodeUserExists")(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await refused(asked, ask)
        if fits(f"DELETE {NODE}/users/{{}}", asked) and answer.status == 200:
            gone.add(asked.path)
        return answer

    return lie


DEFECTS = (
    Defect(
        "node-reboot-ignored",
        "A reboot is answered 202, and the node goes on as before.",
        "life-cycles",
        ("nodes.reboot.boot-time-moves",),
        _STUB,
        acted(f"POST {NODE}/reboot", undone),
        consequences=(
            "certificates.delete.used-by-node-fails",
            "nodes.start-task.runs-after-reboot",
        ),
    ),
    Defect(
        "node-reimage-ignored",
        "A reimage is answered 202, and the node goes on as before.",
        "life-cycles",
        ("nodes.reimage.while-reimaging-refused",),
        _STUB,
        acted(f"POST {NODE}/reimage", undone),
    ),
    Defect(
        "node-reboot-stuck",
        "A node that is rebooted stays so for ever.",
        "life-cycles",
        ("nodes.reboot.comes-back",),
        _STUCK,
        acted(f"POST {NODE}/reboot", lost),
    ),
    Defect(
        "node-reimage-stuck",
        "A node that is reimaged stays so for ever.",
        "life-cycles",
        ("nodes.reimage.comes-back",),
        _STUCK,
        acted(f"POST {NODE}/reimage", lost),
    ),
    Defect(
        "node-boot-time-first",
        "The property lastBootTime is the time when the node was allocated.",
        "life-cycles",
        ("nodes.reboot.boot-time-moves",),
        "One time for all.",
        body(_READS, each(_old_boot), lacks("$select")),
    ),
    Defect(
        "node-actions-any-state",
        "A node that is being rebooted or reimaged takes the action again.",
        "life-cycles",
        ("nodes.reboot.while-rebooting-refused", "nodes.reimage.while-reimaging-refused"),
        _NO_STATES,
        stub(f"POST {NODE}/reboot, POST {NODE}/reimage", 202, "NodeBeing*"),
    ),
    Defect(
        "node-scheduling-ignored",
        "Disabling the scheduling of a node is answered 200, and it stays enabled.",
        "life-cycles",
        ("nodes.disable-scheduling.shows-disabled",),
        _STUB,
        acted(f"POST {NODE}/disablescheduling", undone),
    ),
    Defect(
        "node-enabling-ignored",
        "Enabling the scheduling of a node is answered 200, and it stays disabled.",
        "life-cycles",
        ("nodes.enable-scheduling.shows-enabled",),
        _STUB,
        acted(f"POST {NODE}/enablescheduling", undone),
    ),
    Defect(
        "node-disabling-idempotent",
        "Disabling the scheduling of a node where it is disabled is answered 200.",
        "life-cycles",
        ("nodes.disable-scheduling.twice-refused",),
        "It is as was asked.",
        stub(f"POST {NODE}/disablescheduling", 200, "NodeAlreadyInTargetSchedulingState"),
    ),
    Defect(
        "node-enabling-idempotent",
        "Enabling the scheduling of a node where it is enabled is answered 200.",
        "life-cycles",
        ("nodes.enable-scheduling.twice-refused",),
        "It is as was asked.",
        stub(f"POST {NODE}/enablescheduling", 200, "NodeAlreadyInTargetSchedulingState"),
    ),
    Defect(
        "node-user-name-taken",
        "The name of a user of a node that was deleted cannot be given again.",
        "deletion",
        ("nodes.delete-user.name-free-again", "nodes.trace.free-again"),
        "Deleted rows are marked, and their keys stay.",
        _names_taken,
    ),
    Defect(
        "node-user-not-found",
        "A user of a node is not found when it is changed.",
        "life-cycles",
        ("nodes.trace.found",),
        "Two tables of users.",
        refuses(f"PUT {NODE}/users/{{}}", always, "NodeUserNotFound"),
        consequences=("nodes.users.missing-node-refused",),
    ),
    Defect(
        "node-deallocate-ignored",
        "Deallocating a node is answered 202, and it goes on as before.",
        "life-cycles",
        ("nodes.deallocate.becomes-deallocated",),
        _STUB,
        acted(f"POST {NODE}/deallocate", undone),
        at="2024-07-01.20.0",
    ),
    Defect(
        "node-start-stuck",
        "A deallocated node that is started stays starting for ever.",
        "life-cycles",
        ("nodes.start.becomes-idle",),
        _STUCK,
        acted(f"POST {NODE}/start", lost),
        at="2024-07-01.20.0",
    ),
)
