"""What `replay` sends to: the target that its options name, else the one that the report judged."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from conformance.target.config import KEY_VARIABLE, TOKEN_VARIABLE, nearest
from conformance.target.errors import UserError

if TYPE_CHECKING:
    from conformance.plugin.options import Settings
    from conformance.report import Report

# options that say how to reach a target, as fields of one
REACHING: Final = {
    "--auth": "auth",
    "--account": "account",
    "--management-endpoint": "management_endpoint",
    "--management-auth": "management.auth",
    "--subscription": "management.subscription",
    "--resource-group": "management.resource_group",
}


@contextmanager
def settings_for(
    report: Report,
    endpoint: str | None,
    file: Path | None,
    reaching: Mapping[str, Any],
    given: Mapping[str, Any],
    defects: list[str],
) -> Iterator[Settings]:
    """The target that the options name, else the one that the report judged. Raises UserError."""
    from conformance.plugin.options import resolve
    from conformance.target import load_target

    _check(defects)
    judged = report.target
    named = bool(endpoint or file)
    if defects and named:
        raise UserError("--defect is for the reference service: leave out --endpoint and --target")
    if named or not (judged.embedded or defects):
        own = {REACHING[name]: value for name, value in reaching.items()}
        if not named:
            own |= {"endpoint": judged.endpoint, "auth": own["auth"] or judged.auth}
        elif endpoint:
            own["endpoint"] = endpoint
        yield resolve(load_target(file, {**given, **own}), [])
        return
    for name, value in reaching.items():
        if value is not None:
            raise UserError(f"{name} says how to reach a target: name one with --endpoint URL or --target FILE")
    from conformance.commands.embedded import embedded

    with embedded(report.seed or 0, defects=defects) as service:
        os.environ |= {KEY_VARIABLE: service.key, TOKEN_VARIABLE: service.token}
        own = {
            "endpoint": service.url,
            "auth": "shared-key",
            "account": service.account,
            "management_endpoint": service.url,
            "management.subscription": service.subscription,
            "management.resource_group": service.resource_groups[0],
            "management.other_resource_group": service.resource_groups[1],
            "permissions.start_nodes": True,
            "permissions.create_accounts": True,
        }
        yield replace(resolve(load_target(None, {**given, **own}), []), embedded=True)


def _check(defects: list[str]) -> None:
    if defects:
        from conformance.defects import DEFECTS

        for name in defects:
            if name not in DEFECTS:
                raise UserError(f"--defect: there is no {name!r}{nearest(name, DEFECTS)}; serve --defect list tells all")
