"""The autoscale formula language: what recordings and the service's own examples show, every operator and function, errors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.reference.autoscale import (
    FormulaError,
    FormulaEvaluationError,
    FormulaSyntaxError,
    FormulaTooLong,
    InsufficientSamples,
    Naming,
    Outcome,
    Sample,
    Surroundings,
    check,
    evaluate,
)

# a Wednesday
NOW = datetime(2024, 5, 1, 10, 30, 15, tzinfo=UTC)
LAST_TEN_MINUTES = [Sample(NOW - timedelta(seconds=30 * n), float(20 - n)) for n in reversed(range(20))]
SURROUNDINGS = Surroundings(
    NOW,
    target_dedicated=3,
    target_low_priority=2,
    samples={
        "CPUPercent": LAST_TEN_MINUTES,
        "PendingTasks": LAST_TEN_MINUTES[:14],
        "CurrentDedicatedNodes": [Sample(NOW, 10.0)],
    },
)


def value(expression: str) -> str:
    """The value of an expression as the results show it."""
    results = evaluate(f"x = {expression}", SURROUNDINGS).results
    return results.rpartition(";x=")[2]


@pytest.mark.parametrize(
    ("formula", "naming", "results"),
    [
        # the four that recordings of the live service hold
        ("$TargetDedicated=0", Naming.CLASSIC, "$TargetDedicated=0;$NodeDeallocationOption=requeue"),
        ("$TargetDedicated=3", Naming.CLASSIC, "$TargetDedicated=3;$NodeDeallocationOption=requeue"),
        (
            "$TargetDedicatedNodes=3;$TargetLowPriorityNodes=0",
            Naming.NODES,
            "$TargetDedicatedNodes=3;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue",
        ),
        (
            "$NodeDeallocationOption = taskcompletion;",
            Naming.NODES,
            "$TargetDedicatedNodes=3;$TargetLowPriorityNodes=2;$NodeDeallocationOption=taskcompletion",
        ),
        (
            "$TargetLowPriority = 1; $TargetDedicated = 2;",
            Naming.NODES,
            "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=1;$NodeDeallocationOption=requeue",
        ),
        (
            "$TargetDedicatedNodes = 5; $TargetDedicated = 2;",
            Naming.NODES,
            "$TargetDedicatedNodes=5;$TargetLowPriorityNodes=2;$NodeDeallocationOption=requeue",
        ),
        (
            "$b = 1.5; a = time(); $TargetDedicated = $b;",
            Naming.CLASSIC,
            "$TargetDedicated=1;$NodeDeallocationOption=requeue;$b=1.5;a=2024-05-01T10:30:15.000Z",
        ),
    ],
)
def test_results(formula: str, naming: Naming, results: str) -> None:
    assert evaluate(formula, SURROUNDINGS, naming).results == results


def test_an_outcome_has_the_targets_as_numbers() -> None:
    formula = "$TargetDedicatedNodes = 7.9; $TargetLowPriorityNodes = -1; $NodeDeallocationOption = retaineddata"
    results = "$TargetDedicatedNodes=7;$TargetLowPriorityNodes=0;$NodeDeallocationOption=retaineddata"
    assert evaluate(formula, SURROUNDINGS) == Outcome(7, 0, "retaineddata", results)


@pytest.mark.parametrize(
    ("formula", "dedicated"),
    [
        (
            """
            startingNumberOfVMs = 1; // to begin with
            maxNumberofVMs = 25;
            percent = $PendingTasks.GetSamplePercent(180 * TimeInterval_Second);
            tasks = percent < 70 ? startingNumberOfVMs : avg($PendingTasks.GetSample(180 * TimeInterval_Second));
            $TargetDedicatedNodes=min(maxNumberofVMs, tasks);
            $NodeDeallocationOption = taskcompletion;
            """,
            1,
        ),
        (
            """
            $curTime = time();
            $workHours = $curTime.hour >= 8 && $curTime.hour < 18;
            $isWeekday = $curTime.weekday >= 1 && $curTime.weekday <= 5;
            $isWorkingWeekdayHour = $workHours && $isWeekday;
            $TargetDedicatedNodes = $isWorkingWeekdayHour ? 20:10;
            """,
            20,
        ),
        (
            """
            $total = (min($CPUPercent.GetSample(TimeInterval_Minute * 10)) > 0.7) ?
                ($CurrentDedicatedNodes * 1.1) : $CurrentDedicatedNodes;
            /* at most
               400 */
            $TargetDedicatedNodes = min(400, $total)
            """,
            11,
        ),
        ("$TargetDedicatedNodes = (time().weekday == 1 ? 5:1);", 1),
        ("$TargetDedicatedNodes = 9; stop(); $TargetDedicatedNodes = 1;", 9),
        ("$TargetDedicatedNodes = $TargetDedicatedNodes + 1", 4),
    ],
)
def test_formulas_as_people_write_them(formula: str, dedicated: int) -> None:
    assert evaluate(formula, SURROUNDINGS).target_dedicated == dedicated


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3 - 4 / 8", "6.5"),
        ("(1 + 2) * 3", "9"),
        ("10 - 2 - 3", "5"),
        ("16 / 4 / 2", "2"),
        ("-2 - -3", "1"),
        ("!0 + !5", "1"),
        (".5 + 1e2 + 2.", "102.5"),
        ("1 < 2", "1"),
        ("2 <= 1", "0"),
        ("2 == 2 != 0", "1"),
        ("0 || 2 && 0", "0"),
        ("1 || 1 / 0", "1"),
        ("0 && 1 / 0", "0"),
        ("1 ? 2 : 1 / 0", "2"),
        ("0 ? 1 : 0 ? 2 : 3", "3"),
        ("1 + 1 > 1 ? 5 : 6", "5"),
        ("'a' < \"b\"", "1"),
        ("vec(1, 2) * 2 + vec(1, 1)", "[3,5]"),
        ("-vec(1, 2)", "[-1,-2]"),
        ("TimeInterval_Hour / 2 + 3 * TimeInterval_Minute - TimeInterval_Second == 1979 * TimeInterval_Second", "1"),
        ("-TimeInterval_Second", "-1s"),
        ("time() - TimeInterval_Day", "2024-04-30T10:30:15.000Z"),
        ("TimeInterval_100ns * 20000 + time()", "2024-05-01T10:30:15.002Z"),
        ("time() - time('2024-05-01T10:30:00Z')", "15s"),
        ("time('Wed, 01 May 2024 10:30:15 GMT') == time()", "1"),
        ("time('2024-05-01').hour", "0"),
        ("time().year + time().month + time().day + time().minute + time().second", "2075"),
        ("time().weekday", "3"),
        ("avg(1, vec(2, 3), 4)", "2.5"),
        ("len(vec(1, 2), 3)", "3"),
        ("max(1, 3, 2) - min(3, 1)", "2"),
        ("range(4, 1, 3)", "3"),
        ("sum(1, vec(2, 3))", "6"),
        ("norm(3, 4)", "5"),
        ("std(2, 4)", "1.4142135623731"),
        ("percentile(vec(1, 2, 3, 4, 5), 50)", "3"),
        ("percentile(vec(1, 2), 25)", "1.25"),
        ("val(vec(7, 8), 1)", "8"),
        ("ceil(1.2) + floor(1.8) + round(2.5) + round(-2.5)", "3"),
        ("lg(8) + log(1000) + ln(1)", "6"),
        ("lg(vec(2, 4))", "[1,2]"),
        ("rand()", "0.5"),
        ("$CPUPercent.GetSample(2)", "[19,20]"),
        ("$CPUPercent.GetSample(TimeInterval_Minute)", "[18,19,20]"),
        ("$CPUPercent.GetSample(2 * TimeInterval_Minute, TimeInterval_Minute)", "[16,17,18]"),
        ("$CPUPercent.GetSample(TimeInterval_Minute, 2 * TimeInterval_Minute, 75)", "[16,17,18]"),
        ("$CPUPercent.GetSample(time() - TimeInterval_Second)", "[20]"),
        ("$PendingTasks.GetSamplePercent(10 * TimeInterval_Minute)", "70"),
        ("$RunningTasks.GetSamplePercent(TimeInterval_Minute)", "0"),
        ("$CPUPercent.GetSamplePeriod() == 30 * TimeInterval_Second", "1"),
        ("$CPUPercent.Count()", "20"),
        ("$CPUPercent.HistoryBeginTime()", "2024-05-01T10:20:45.000Z"),
        ("$NodeDeallocationOption == requeue", "1"),
    ],
)
def test_expressions(expression: str, expected: str) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("formula", "position"),
    [
        ("", 0),
        ("  // nothing", 12),
        ("$TargetDedicatedNodes = ", 24),
        ("$TargetDedicatedNodes 3", 0),
        ("x = 1;; y = 2", 6),
        ("x = 1 y = 2", 6),
        ("3", 0),
        ("x == 3", 0),
        ("x = (1", 6),
        ("x = 1)", 5),
        ("x = 1 ? 2", 9),
        ("x = max(1,)", 10),
        ("x = 1 # 2", 6),
        ("x = 'a", 4),
        ("x = 1 +* 2", 7),
        ("x = $CPUPercent.$y", 16),
        ("x = $CPUPercent.GetSample(1).5", 28),
        ("x = $NoSuchMetric.GetSample(1)", 4),
        ("x = y", 4),
        ("x = x", 4),
        ("x = 1; z = x + y;", 15),
        ("x = 1 ? 2 : y", 12),
        ("x = nothing(1)", 4),
        ("x = Max(1)", 4),
        ("x = max()", 4),
        ("x = time(1, 2)", 4),
        ("x = $CPUPercent.Sample(1)", 16),
        ("x = $CPUPercent.GetSample()", 16),
        ("x = time().GetSample(1)", 11),
        ("x = time().century", 11),
        ("$CPUPercent = 1", 0),
        ("TimeInterval_Second = 1", 0),
        ("requeue = 1", 0),
        ("x = " + "9" * 400, 4),
        ("x = " + "(" * 41 + "1" + ")" * 41, 45),
        ("x = $CurrentDedicatedNodes", None),
    ],
)
def test_syntax_errors_say_where(formula: str, position: int | None) -> None:
    if position is None:
        check(formula, Naming.NODES)
        with pytest.raises(FormulaSyntaxError):
            check(formula, Naming.CLASSIC)
        return
    with pytest.raises(FormulaSyntaxError) as caught:
        check(formula)
    assert caught.value.position == position
    with pytest.raises(FormulaSyntaxError):
        evaluate(formula, SURROUNDINGS)


@pytest.mark.parametrize(
    "expression",
    [
        "1 / 0", "vec(1) / 0", "1 + 'a'", "'a' + 'b'", "time() + time()", "time() * 2", "1 - TimeInterval_Second", "1 + vec(1)",
        "vec(1, 2) + vec(1)", "vec(1) == vec(1)", "1 == 'a'", "'a' ? 1 : 2", "!time()", "-'a'", "'a' && 1", "max('a')", "ln(0)",
        "lg(-1)", "avg(vec(1), time())", "std(1)", "percentile(vec(1), 101)", "val(vec(1), 1)", "val(vec(1), 0.5)",
        "time('today')", "time(5)", "(1).hour", "$CPUPercent.GetSample(0)", "$CPUPercent.GetSample(1, 2)",
        "$CPUPercent.GetSample('a')",
        "1e300 * 1e300", "1e308 + 1e308", "time() + TimeInterval_Year * 1e9", "sum(1e308, 1e308)", "norm(1.5e308, 1.5e308)",
        "TimeInterval_Year * 1e300", "$CPUPercent.GetSample(TimeInterval_Second, time(), time())",
    ],
)  # fmt: skip
def test_what_has_no_value(expression: str) -> None:
    check(f"x = {expression}")
    with pytest.raises(FormulaEvaluationError):
        evaluate(f"x = {expression}", SURROUNDINGS)


@pytest.mark.parametrize(
    "expression",
    [
        "$RunningTasks",
        "1 + max(2, $RunningTasks)",
        "$RunningTasks.GetSample(1)",
        "$RunningTasks.GetSample(TimeInterval_Minute)",
        "$RunningTasks.HistoryBeginTime()",
        "$PendingTasks.GetSample(10 * TimeInterval_Minute, 90)",
    ],
)
def test_too_few_samples(expression: str) -> None:
    with pytest.raises(InsufficientSamples):
        evaluate(f"x = {expression}", SURROUNDINGS)


@pytest.mark.parametrize(
    "formula",
    [
        "$TargetDedicatedNodes = 'a'",
        "$TargetDedicatedNodes = 2147483648",
        "$NodeDeallocationOption = 1",
        "$NodeDeallocationOption = 'x'",
    ],
)
def test_targets_and_options_have_their_types(formula: str) -> None:
    with pytest.raises(FormulaEvaluationError) as caught:
        evaluate(formula, SURROUNDINGS)
    assert caught.value.position == 0


def test_the_limits_of_a_formula() -> None:
    fits = "$TargetDedicatedNodes=0;".ljust(8192)
    check(fits)
    for too_long in (fits + " ", "$TargetDedicatedNodes=0;//".ljust(8100) + "é" * 47, ";".join(f"x{n}=1" for n in range(101))):
        with pytest.raises(FormulaTooLong):
            check(too_long)
    check(";".join(f"x{n}=1" for n in range(100)))


@pytest.mark.parametrize(
    "expression", ["1" + "+1" * 4000, "-" * 8000 + "1", "1?" * 2000 + "1" + ":1" * 2000, "max(" * 1500 + "1" + ")" * 1500]
)
def test_a_formula_cannot_exhaust_the_stack(expression: str) -> None:
    with pytest.raises(FormulaSyntaxError, match="deep"):
        check(f"x = {expression}")


NUMBERS = st.integers(-1000, 1000)


@settings(derandomize=True, max_examples=50, deadline=None, database=None)
@given(
    st.recursive(
        NUMBERS.map(str),
        lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        max_leaves=8,
    )
)
def test_arithmetic_is_that_of_numbers(expression: str) -> None:
    assert float(value(expression)) == pytest.approx(float(eval(expression)))


@settings(derandomize=True, max_examples=100, deadline=None, database=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "$TargetDedicatedNodes",
                "=",
                "1",
                "x",
                "+",
                "-",
                "(",
                ")",
                ";",
                "max",
                ",",
                "?",
                ":",
                ".",
                "time",
                "$CPUPercent",
                "GetSample",
                "'a'",
            ]
        ),
        max_size=14,
    )
)
def test_any_formula_has_a_value_or_an_error_with_a_place(words: list[str]) -> None:
    formula = " ".join(words)
    try:
        evaluate(formula, SURROUNDINGS)
    except FormulaError as error:
        assert error.reason
        assert 0 <= error.position <= len(formula)
