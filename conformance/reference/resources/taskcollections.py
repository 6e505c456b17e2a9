"""Many tasks in one request: each is added, or refused, on its own."""

from __future__ import annotations

import json

from conformance.reference.instants import iso
from conformance.reference.problem import BatchProblem
from conformance.reference.registry import answers
from conformance.reference.rendering import error_body
from conformance.reference.resources import tasks
from conformance.reference.resources.jobaccess import find_to_read as find_job
from conformance.reference.resources.jobaccess import require_alive
from conformance.reference.shapes import shown
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Reply

# Bytes that a collection may have in JSON (source: operation Task - Add Collection).
_LONGEST = 1024 * 1024


@answers("Task_AddCollection")
def add_collection(store: Store, call: Call) -> Reply:
    job = find_job(store, call)
    require_alive(job)
    if len(json.dumps(call.body)) > _LONGEST:
        raise BatchProblem("RequestBodyTooLarge")
    results = [_add(store, call, job, spec) for spec in call.body["value"]]
    if "collection-order" in store.settings.quirks:
        results = [*results[:1], *reversed(results[1:])]
    model = call.contract.models["TaskAddResult"]
    return Reply({"value": [shown(call.contract, model, result) for result in results]})


def _add(store: Store, call: Call, job: Json, spec: Json) -> Json:
    try:
        task = tasks.add_one(store, call, job, spec)
    except BatchProblem as problem:
        error = error_body(problem, store.guid(), call.now)
        return {"status": "clienterror", "taskId": spec["id"], "error": error}
    added = {"eTag": task["eTag"], "lastModified": iso(task["_modified"]), "location": call.base + tasks.path_of(task)}
    return {"status": "success", "taskId": task["id"], **added}
