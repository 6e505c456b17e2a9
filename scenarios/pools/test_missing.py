"""Every operation on a pool that does not exist."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.pools.samples import cleared
from scenarios.support import Json, formula, target_name


def _body(batch: Batch, operation: str) -> Json | None:
    match operation:
        case "Pool_Patch":
            return {"metadata": []}
        case "Pool_UpdateProperties":
            return cleared(batch)
        case "Pool_Resize":
            return {target_name(batch): 0}
        case "Pool_EnableAutoScale" | "Pool_EvaluateAutoScale":
            return {"autoScaleFormula": formula(batch)}
        case "Pool_RemoveNodes":
            return {"nodeList": ["tvm-absent_1-d"]}
        case _:
            return None


OPERATIONS = {
    "Pool_Get": "get",
    "Pool_Patch": "patch",
    "Pool_UpdateProperties": "update-properties",
    "Pool_Delete": "delete",
    "Pool_Resize": "resize",
    "Pool_StopResize": "stop-resize",
    "Pool_EnableAutoScale": "enable-auto-scale",
    "Pool_DisableAutoScale": "disable-auto-scale",
    "Pool_EvaluateAutoScale": "evaluate-auto-scale",
    "Pool_RemoveNodes": "remove-nodes",
}


@pytest.mark.parametrize(
    ("operation", "requirement"),
    [
        pytest.param(
            operation,
            f"pools.{slug}.missing-refused",
            id=operation,
            marks=pytest.mark.requirement(f"pools.{slug}.missing-refused"),
        )
        for operation, slug in OPERATIONS.items()
    ],
)
def test_missing(batch: Batch, expect: Expect, operation: str, requirement: str) -> None:
    exchange = batch.call(operation, poolId=batch.new_id("absent"), body=_body(batch, operation))
    expect.error(requirement, exchange, 404, "PoolNotFound")


@pytest.mark.requirement("pools.exists.missing-refused")
def test_exists_missing(batch: Batch, expect: Expect) -> None:
    expect.status("pools.exists.missing-refused", batch.call("Pool_Exists", poolId=batch.new_id("absent")), 404)
