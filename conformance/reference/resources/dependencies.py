"""Which tasks may start: those whose dependencies are satisfied; and what the end of a task means for others and for its job."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.reference.wire import Json


def satisfied(tasks: Sequence[Json], task: Json) -> bool:
    """Whether all that the task depends on has ended in a way that lets it start."""
    depends = task.get("dependsOn")
    if not depends:
        return True
    by_id = {each["id"].lower(): each for each in tasks}
    if not all(_done(by_id.get(name.lower())) for name in depends.get("taskIds", ())):
        return False
    return all(
        _done(by_id.get(str(number)))
        for span in depends.get("taskIdRanges", ())
        for number in range(span["start"], span["end"] + 1)
    )


def _done(task: Json | None) -> bool:
    if task is None or task["state"] != "completed":
        return False
    default = "satisfy" if task["executionInfo"].get("result") == "success" else "block"
    return bool(exit_options(task).get("dependencyAction", default) == "satisfy")


def job_action(task: Json) -> str:
    """What the end of the task asks of its job: none, disable or terminate."""
    default = "none" if task["executionInfo"].get("result") == "success" else "terminate"
    return str(exit_options(task).get("jobAction", default))


def exit_options(task: Json) -> Json:
    """The options that apply to the way in which a completed task ended."""
    conditions = task.get("exitConditions", {})
    info = task["executionInfo"]
    code = info.get("exitCode")
    if code is None:
        return dict(conditions.get("preProcessingError") or conditions.get("default") or {})
    for mapping in conditions.get("exitCodes", ()):
        if mapping["code"] == code:
            return dict(mapping["exitOptions"])
    for mapping in conditions.get("exitCodeRanges", ()):
        if mapping["start"] <= code <= mapping["end"]:
            return dict(mapping["exitOptions"])
    # success is no failure that nothing else covers: for exit code 0 only what names it counts
    return dict(conditions.get("default") or {}) if code != 0 else {}
