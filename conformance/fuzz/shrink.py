"""Makes a failing plan as short and its bodies as small as they can be while it still fails for the same reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from conformance.fuzz.plan import ABSENT, OF_ANSWERS, TOKEN, Plan, Step, of_step

Still = Callable[[Plan], bool]
_SHORT = 8


def shrink(plan: Plan, still: Still) -> Plan:
    """`still` sends a plan and says whether it fails as before; it may refuse (False) when time or budget is used up.

    Greedy: whole steps first, from the end; then what requests carry; then members of bodies, the largest first."""
    for _ in range(3):
        before = plan
        plan = _fewer_steps(plan, still)
        plan = _smaller(plan, still, _lighter)
        plan = _smaller(plan, still, _reduced)
        if plan == before:
            break
    return plan


def without(plan: Plan, gone: int) -> Plan | None:
    """The plan without a step. Later tokens are renumbered; what asked for its answer goes with it. None when nothing is left."""
    steps: list[Step] = []
    dropped = {gone}
    for number, step in enumerate(plan.steps):
        if number in dropped:
            continue
        kept = _adapted(step, dropped)
        if kept is None:
            dropped.add(number)
        else:
            steps.append(kept)
    return replace(plan, steps=tuple(steps)) if steps else None


def _adapted(step: Step, dropped: set[int]) -> Step | None:
    """A step with its tokens renumbered; without headers that need a dropped answer; None when its path or body does."""
    needs = {int(number) for kind, number in of_step(replace(step, headers={})) if kind in OF_ANSWERS and number}
    if needs & dropped:
        return None

    def lower(match: Any) -> str:
        if match[1] not in OF_ANSWERS or not match[2]:
            return str(match[0])
        number = int(match[2])
        return f"<<{match[1]}:{number - sum(one < number for one in dropped)}>>"

    def stays(value: str) -> bool:
        return not any(kind in OF_ANSWERS and number and int(number) in dropped for kind, number in TOKEN.findall(value))

    headers = {name: TOKEN.sub(lower, value) for name, value in step.headers.items() if stays(value)}
    query = {name: TOKEN.sub(lower, value) for name, value in step.query.items()}
    return replace(step, path=TOKEN.sub(lower, step.path), query=query, headers=headers)


def _fewer_steps(plan: Plan, still: Still) -> Plan:
    number = len(plan.steps) - 1
    while number >= 0:
        shorter = without(plan, number) if number < len(plan.steps) else None
        if shorter is not None and still(shorter):
            plan = shorter
        number -= 1
    return plan


def _smaller(plan: Plan, still: Still, candidates: Callable[[Step], Iterator[Step]]) -> Plan:
    for number in range(len(plan.steps)):
        progress = True
        while progress:
            progress = False
            for step in candidates(plan.steps[number]):
                smaller = replace(plan, steps=(*plan.steps[:number], step, *plan.steps[number + 1 :]))
                if still(smaller):
                    plan, progress = smaller, True
                    break
    return plan


def _lighter(step: Step) -> Iterator[Step]:
    """Without one of its headers or query parameters."""
    for name in step.headers:
        yield replace(step, headers=_less(step.headers, name))
    for name in step.query:
        if name != "api-version":
            yield replace(step, query=_less(step.query, name))


def _reduced(step: Step) -> Iterator[Step]:
    if step.body is ABSENT:
        return
    for body in smaller_values(step.body):
        yield replace(step, body=body)


def smaller_values(value: Any) -> Iterator[Any]:
    """Values that are a little smaller: without a member or an element, with a shorter text, or smaller within."""
    if isinstance(value, dict):
        yield from _smaller_objects(value)
    elif isinstance(value, list):
        for number in range(len(value)):
            yield value[:number] + value[number + 1 :]
        for number, element in enumerate(value):
            yield from ([*value[:number], smaller, *value[number + 1 :]] for smaller in smaller_values(element))
    elif isinstance(value, str) and len(value) > 1 and not TOKEN.search(value):
        yield "a"
        if len(value) > _SHORT:
            yield value[: len(value) // 2]
    elif isinstance(value, int | float) and not isinstance(value, bool) and value not in (0, 1):
        yield from (0, 1)


def _smaller_objects(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in sorted(value, key=lambda name: -_size(value[name])):
        yield _less(value, name)
    for name, member in value.items():
        yield from ({**value, name: smaller} for smaller in smaller_values(member))


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(_size(member) for member in value.values())
    if isinstance(value, list):
        return 1 + sum(_size(element) for element in value)
    return 1


def _less(members: Mapping[str, Any], gone: str) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name != gone}
