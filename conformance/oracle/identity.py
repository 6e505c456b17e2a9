"""What identifies a resource, and what was settled when it was made: it stays as it is for the whole life."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from conformance.oracle.model import Account, Finding, Resource, holds
from conformance.oracle.plans import Plan


def stays(
    account: Account,
    resource: Resource,
    plan: Plan,
    told: Mapping[str, Any],
    found: list[Finding],
    *,
    sure: bool,
    whole: bool,
) -> None:
    """`sure`: it is the resource that is known, and not another one of its name. A read that shows the `whole` lacks nothing."""
    about = plan.operation.id
    for name in plan.entity.fixed:
        value = told.get(name) if "/" not in name else _inside(told, name)
        known = resource.fixed.get(name)
        if value is None and not (sure and whole and known is not None and _has(plan, name)):
            continue
        if known is None:
            resource.fixed[name] = value
        elif known == value or _same_name(name, known, value):
            found.append(holds("read.fixed", about, name))
        elif sure or name == "id" or _only_one(account, resource, plan):
            said, actual = (f"{name} is gone", "absent") if value is None else (f"{name} changed", str(value))
            found.append(Finding("read.fixed", False, about, name, said, str(known), actual, resource.created))
            resource.fixed[name] = value
        else:
            # created anew by somebody else, perhaps
            resource.forget()
            resource.fixed[name] = value


def renewed(account: Account, resource: Resource, plan: Plan) -> None:
    """A change of a pool may take nodes away and bring new ones, which may have the names of the old ones."""
    if _holds_unmade(plan):
        for child in account.below(resource.key):
            child.fixed.clear()


def _inside(told: Mapping[str, Any], path: str) -> Any:
    """What stands one object below."""
    holder, _, name = path.partition("/")
    held = told.get(holder)
    return held.get(name) if isinstance(held, dict) else None


def _has(plan: Plan, name: str) -> bool:
    """Whether the api-version knows it."""
    return plan.model is not None and name.partition("/")[0] in plan.model.properties


def _same_name(name: str, known: Any, value: Any) -> bool:
    """Names and addresses compare without case; hosts may differ, as a proxy has its own."""
    if not (isinstance(known, str) and isinstance(value, str)):
        return False
    if name == "url":
        known, value = known.partition("://")[2].partition("/")[2], value.partition("://")[2].partition("/")[2]
    return bool(known.lower() == value.lower())


def _only_one(account: Account, resource: Resource, plan: Plan) -> bool:
    """Nodes are made by the service alone: in a pool that nobody else has a hand in, there is one of a name."""
    if _made(plan) or not account.whole:
        return False
    holder = account.find((plan.parent, *resource.key[1 : 1 + len(plan.outer)]))
    return holder is not None and account.sure(holder)


@cache
def _made(plan: Plan) -> bool:
    """Whether clients create such resources."""
    return plan.contract.operation_on(plan.entity.name, "create") is not None


@cache
def _holds_unmade(plan: Plan) -> bool:
    """Whether there are resources in it that the service makes, and of which something stays as it is."""
    contract, inside = plan.contract, f"{plan.entity.path}/"
    within = [entity for entity in contract.entities.values() if entity.fixed and entity.collection.startswith(inside)]
    return any(contract.operation_on(entity.name, "create") is None for entity in within)
