"""A catalogue of a few requirements, so that the tests of the audit do not depend on the real one."""

from __future__ import annotations

from conformance.requirements import Catalogue, Requirement

ENTRIES = [
    ("protocol.any.request-id", "MUST", "protocol", ["headers.request-id"], ["*"], {}),
    ("protocol.any.error-code", "MUST", "protocol", ["error.code-documented", "error.code-status"], ["*"], {}),
    ("pools.create.answers-201", "MUST", "pools", ["status.success"], ["Pool_Add"], {}),
    ("pools.create.etag", "SHOULD", "pools", ["headers.etag-present"], ["Pool_Add"], {}),
    ("pools.create.no-scenario-ran", "MUST", "pools", [], [], {}),
    ("pools.create.later", "MUST", "pools", ["status.success"], ["Pool_Add"], {"since": "2024-07-01.20.0"}),
    ("nodes.reboot.answers-202", "MUST", "nodes", ["status.success"], ["ComputeNode_Reboot"], {}),
    ("accounts.get.answers-200", "MUST", "accounts", ["status.success"], ["BatchAccount_Get"], {"plane": "management"}),
]


def catalogue() -> Catalogue:
    return Catalogue({entry[0]: _requirement(*entry) for entry in ENTRIES}, ())


def _requirement(name: str, level: str, profile: str, rule: list[str], over: list[str], more: dict[str, str]) -> Requirement:
    source = {"document": "d", "section": "s"}
    stated = {"id": name, "level": level, "profile": profile, "rule": rule, "operations": over, "source": source, **more}
    return Requirement.model_validate({"title": f"{name}.", **stated})
