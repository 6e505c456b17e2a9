"""Switching autoscale on and off, and evaluating formulas."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conformance.plugin import Batch, Blocked, Expect, answered, error_code
from scenarios.support import Json, formula, instant, json_object, look_for, steady_pool, without

BAD_FORMULA = "$nonsense === ;("


def _scaled(batch: Batch) -> str:
    return steady_pool(batch, enableAutoScale=True, autoScaleFormula=formula(batch))


@pytest.mark.requirement(
    "pools.enable-auto-scale.applies", "pools.enable-auto-scale.interval-default", "pools.enable-auto-scale.runs"
)
def test_enable(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch)
    exchange = batch.call("Pool_EnableAutoScale", poolId=pool, body={"autoScaleFormula": formula(batch)})
    expect.status("pools.enable-auto-scale.applies", exchange, 200)
    read = batch.call("Pool_Get", poolId=pool)
    shown = json_object(read)
    expect.equal("pools.enable-auto-scale.applies", shown.get("enableAutoScale"), True, read, "enableAutoScale")
    expect.equal("pools.enable-auto-scale.applies", shown.get("autoScaleFormula"), formula(batch), read, "autoScaleFormula")
    expect.equal("pools.enable-auto-scale.interval-default", shown.get("autoScaleEvaluationInterval"), "PT15M", read)
    ran = "timestamp" in (shown.get("autoScaleRun") or {})
    expect("pools.enable-auto-scale.runs", ran, expected="an autoScaleRun with timestamp", actual=ran, exchange=read)


@pytest.mark.requirement("pools.enable-auto-scale.applies")
@pytest.mark.parametrize("interval", ["PT5M", "PT168H"])
def test_enable_with_interval(batch: Batch, expect: Expect, interval: str) -> None:
    pool = steady_pool(batch)
    body = {"autoScaleFormula": formula(batch), "autoScaleEvaluationInterval": interval}
    exchange = batch.call("Pool_EnableAutoScale", poolId=pool, body=body)
    expect.status("pools.enable-auto-scale.applies", exchange, 200)
    read = batch.call("Pool_Get", poolId=pool)
    expect.equal("pools.enable-auto-scale.applies", json_object(read).get("autoScaleEvaluationInterval"), interval, read)


@pytest.mark.requirement("pools.enable-auto-scale.keeps-formula")
@pytest.mark.parametrize("name", ["autoScaleFormula", "autoScaleEvaluationInterval"])
def test_enable_again(batch: Batch, expect: Expect, name: str) -> None:
    """The service may refuse it so soon after the last time; then nothing can be concluded."""
    settings = {"autoScaleFormula": formula(batch), "autoScaleEvaluationInterval": "PT20M"}
    new = {"autoScaleFormula": f"{formula(batch)} $NodeDeallocationOption = requeue;", "autoScaleEvaluationInterval": "PT30M"}
    pool = steady_pool(batch, enableAutoScale=True, **settings)
    exchange = batch.call("Pool_EnableAutoScale", poolId=pool, body={name: new[name]})
    if exchange.response.status != 200:
        raise Blocked(f"enableautoscale answered {exchange.response.status}")
    read = batch.call("Pool_Get", poolId=pool)
    shown = {known: json_object(read).get(known) for known in settings}
    expect.equal("pools.enable-auto-scale.keeps-formula", shown, settings | {name: new[name]}, read, "autoscale settings")


@pytest.mark.parametrize(
    ("interval", "requirement"),
    [
        pytest.param(
            interval,
            f"pools.enable-auto-scale.{name}",
            marks=pytest.mark.requirement(f"pools.enable-auto-scale.{name}"),
            id=interval,
        )
        for interval, name in (("PT4M59S", "interval-below-refused"), ("PT168H1S", "interval-above-refused"))
    ],
)
def test_interval_outside(batch: Batch, expect: Expect, settled: str, interval: str, requirement: str) -> None:
    body = {"autoScaleFormula": formula(batch), "autoScaleEvaluationInterval": interval}
    expect.status(requirement, batch.call("Pool_EnableAutoScale", poolId=settled, body=body), 400)


@pytest.mark.requirement("pools.enable-auto-scale.formula-checked")
def test_bad_formula(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch)
    exchange = batch.call("Pool_EnableAutoScale", poolId=pool, body={"autoScaleFormula": BAD_FORMULA})
    expect.status("pools.enable-auto-scale.formula-checked", exchange, 400)
    read = batch.call("Pool_Get", poolId=pool)
    expect.equal(
        "pools.enable-auto-scale.formula-checked", json_object(read).get("enableAutoScale"), False, read, "enableAutoScale"
    )


@pytest.mark.requirement("pools.enable-auto-scale.formula-needed")
def test_no_formula(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = batch.call("Pool_EnableAutoScale", poolId=settled, body={"autoScaleEvaluationInterval": "PT10M"})
    expect.status("pools.enable-auto-scale.formula-needed", exchange, {400, 409})


@pytest.mark.requirement("pools.disable-auto-scale.turns-off", "pools.disable-auto-scale.drops-formula")
def test_disable(batch: Batch, expect: Expect) -> None:
    pool = _scaled(batch)
    exchange = batch.call("Pool_DisableAutoScale", poolId=pool)
    expect.status("pools.disable-auto-scale.turns-off", exchange, 200)
    read = batch.call("Pool_Get", poolId=pool)
    shown = json_object(read)
    expect.equal("pools.disable-auto-scale.turns-off", shown.get("enableAutoScale"), False, read, "enableAutoScale")
    left = sorted({"autoScaleFormula", "autoScaleRun"} & set(shown))
    expect.equal("pools.disable-auto-scale.drops-formula", left, [], read, "what is left of autoscale")


@pytest.mark.requirement("pools.evaluate-auto-scale.answers-result", "pools.evaluate-auto-scale.applies-nothing")
def test_evaluate(batch: Batch, expect: Expect) -> None:
    pool = _scaled(batch)
    before = batch.get_pool(pool)
    exchange = batch.call("Pool_EvaluateAutoScale", poolId=pool, body={"autoScaleFormula": formula(batch, 7)})
    expect.status("pools.evaluate-auto-scale.answers-result", exchange, 200)
    run = json_object(exchange)
    wanted = formula(batch, 7).replace(" ", "").rstrip(";")
    answered = "timestamp" in run and wanted in str(run.get("results")).replace(" ", "")
    expect("pools.evaluate-auto-scale.answers-result", answered, expected=f"{wanted} in results", actual=run, exchange=exchange)
    expect.equal("pools.evaluate-auto-scale.answers-result", run.get("error"), None, exchange, "error of a good formula")
    # clocks of the machines of the service differ by some seconds
    since = instant(before["creationTime"]) - timedelta(seconds=10)
    holds = instant(run["timestamp"]) >= since
    expect("pools.evaluate-auto-scale.answers-result", holds, expected=f"not before {since}", actual=run, exchange=exchange)
    read = batch.call("Pool_Get", poolId=pool)
    kept = {name: value for name, value in _stable(json_object(read)).items() if before.get(name) != value}
    expect.equal("pools.evaluate-auto-scale.applies-nothing", kept, {}, read, "properties that changed")


def _stable(pool: Json) -> Json:
    """Without what a regular evaluation may change in between."""
    return without(pool, "autoScaleRun", "allocationState", "allocationStateTransitionTime")


@pytest.mark.requirement("pools.evaluate-auto-scale.needs-autoscale")
def test_evaluate_without_autoscale(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = batch.call("Pool_EvaluateAutoScale", poolId=settled, body={"autoScaleFormula": formula(batch)})
    expect.status("pools.evaluate-auto-scale.needs-autoscale", exchange, {400, 409})


@pytest.mark.requirement("pools.evaluate-auto-scale.reports-errors")
def test_evaluate_bad_formula(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Pool_EvaluateAutoScale", poolId=_scaled(batch), body={"autoScaleFormula": BAD_FORMULA})
    expect.status("pools.evaluate-auto-scale.reports-errors", exchange, {200, 400})
    if exchange.response.status == 200:
        told = bool(json_object(exchange).get("error"))
        expect("pools.evaluate-auto-scale.reports-errors", told, expected="an error in the run", actual=told, exchange=exchange)


@pytest.mark.requirement("pools.evaluate-auto-scale.formula-required")
def test_evaluate_nothing(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Pool_EvaluateAutoScale", poolId=_scaled(batch), body={})
    expect.status("pools.evaluate-auto-scale.formula-required", exchange, 400)


@pytest.mark.requirement("pools.add.formula-checked", "pools.add.formula-error-code", "pools.add.formula-error-details")
def test_create_with_bad_formula(batch: Batch, expect: Expect) -> None:
    pool = batch.new_id("badformula")
    body = batch.pool_body(pool, enableAutoScale=True, autoScaleFormula=BAD_FORMULA)
    exchange = batch.call("Pool_Add", body=body)
    expect.status("pools.add.formula-checked", exchange, 400)
    expect.status("pools.add.formula-checked", look_for(batch, pool), 404)
    codes = {"AutoScalingFormulaSyntaxError", "InvalidAutoScalingSettings"}
    expect.error("pools.add.formula-error-code", exchange, 400, codes)
    told = bool(answered(exchange).get("values"))
    expect("pools.add.formula-error-details", told, expected="values", actual=error_code(exchange), exchange=exchange)


@pytest.mark.requirement("pools.add.formula-too-long")
def test_long_formula(batch: Batch, expect: Expect) -> None:
    text = formula(batch) + " " + "a = 1; " * 20_000
    exchange = batch.call("Pool_Add", body=batch.pool_body(enableAutoScale=True, autoScaleFormula=text))
    codes = {"AutoScalingFormulaTooLong", "InvalidAutoScalingSettings", "RequestBodyTooLarge"}
    expect.error("pools.add.formula-too-long", exchange, {400, 413}, codes)
