"""The engine on attempts that are made up: bounds, causes, counts, flakes, silence. No target, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from conformance.exchange import Exchange, Headers, Request, Response
from conformance.fuzz.causes import by_cause, cause_of
from conformance.fuzz.engine import Attempt, Bounds, Engine, Findings, interleaved
from conformance.fuzz.failure import Failure, Violation
from conformance.fuzz.plan import Plan, Step

CREATE = Step("Pool_Add", "POST", "/pools", body={"id": "<<pool:1>>", "vmSize": "a"})
PLAN = Plan("pools", (CREATE, Step("Pool_Get", "GET", "/pools/<<pool:1>>")))
Judge = Callable[[Plan], tuple[Violation, ...]]


def _violation(requirement: str = "pools.x", by: str = "rule.x", message: str = "wrong", index: int = 0) -> Violation:
    return Violation(requirement, "MUST", "A title.", "A document", by, message, "this", "that", index, "Pool_Add")


def _exchange(number: int) -> Exchange:
    request = Request("GET", f"http://host/pools/{number}", Headers(()), b"")
    return Exchange(request, Response(200, Headers(()), b"", "OK"), index=number)


class Target:
    """Answers each step; `judge` says what is wrong with a plan."""

    def __init__(self, judge: Judge, silent: Callable[[int], bool] = lambda attempt: False) -> None:
        self.judge = judge
        self.silent = silent
        self.attempts = 0
        self.patient = 0
        self.now = 0.0
        self.alive = True

    def attempt(self, plan: Plan, patient: bool) -> Attempt:
        self.attempts += 1
        self.patient += patient
        self.now += 1
        exchanges = tuple(_exchange(number) for number in range(len(plan.steps)))
        if self.silent(self.attempts):
            silence = _violation("protocol.robustness.answers", "fuzz.answers", "silent", len(exchanges) - 1)
            return Attempt(exchanges, tuple(range(len(exchanges))), (silence,), unanswered=True)
        return Attempt(exchanges, tuple(range(len(exchanges))), self.judge(plan))

    def run(self, plans: int = 5, bounds: Bounds | None = None) -> Findings:
        engine = Engine(self.attempt, lambda: self.alive, lambda: self.now, bounds or Bounds())
        return engine.run([PLAN] * plans)


def test_a_clean_target_gives_nothing() -> None:
    target = Target(lambda plan: ())
    found = target.run()
    assert (found.plans, found.requests, found.failures) == (5, 10, [])


def test_equal_causes_are_one_failure_with_a_count() -> None:
    target = Target(lambda plan: (_violation(), _violation("pools.y")) if plan.steps[0].method == "POST" else ())
    found = target.run()
    assert [failure.id for failure in found.failures] == ["F1"]
    assert found.failures[0].count == 5
    assert set(found.failures[0].requirements) == {"pools.x", "pools.y"}


def test_a_failure_is_shrunk_to_the_step_that_shows_it() -> None:
    target = Target(lambda plan: (_violation(),) if any(s.method == "POST" for s in plan.steps) else ())
    failure = target.run(1).failures[0]
    assert failure.shrunk and not failure.flaky
    assert [(step.operation, step.body) for step in failure.plan.steps] == [("Pool_Add", {})]
    assert len(failure.exchanges) == 1


def test_what_does_not_come_again_is_flaky() -> None:
    shown: Iterator[tuple[Violation, ...]] = iter([(_violation(),)])
    failure = Target(lambda plan: next(shown, ())).run(3).failures[0]
    assert failure.flaky and not failure.shrunk
    assert len(failure.plan.steps) == 1


def test_different_causes_are_told_apart() -> None:
    target = Target(lambda plan: (_violation(by="rule.a"), _violation(by="rule.b"), _violation(message="another")))
    assert len(target.run(2).failures) == 3


def test_what_varies_does_not_tell_causes_apart() -> None:
    one = _violation(message="'bcs-1234-pool' of /pools/bcs-1234-pool was answered 17 times by Pool_Get")
    other = _violation(message="'bcs-9876-x' of /pools/bcs-9876-x was answered 3 times by Pool_List")
    assert cause_of(one) == cause_of(other)
    assert list(by_cause([one, other]).values()) == [[one, other]]


def test_plans_and_seconds_bound_it() -> None:
    assert Target(lambda plan: ()).run(50, Bounds(plans=7)).plans == 7
    assert Target(lambda plan: ()).run(50, Bounds(seconds=4)).plans == 4


def test_shrinking_keeps_to_the_seconds_too() -> None:
    target = Target(lambda plan: (_violation(),))
    found = target.run(50, Bounds(seconds=3))
    assert target.attempts <= 4
    assert not found.failures[0].shrunk


def test_shrinking_takes_half_of_the_requests_at_most() -> None:
    number = iter(range(1000))
    target = Target(lambda plan: (_violation(by=f"rule.{next(number)}"),) if len(plan.steps) == 2 else ())
    found = target.run(50, Bounds(requests=40))
    assert found.requests <= 44
    assert found.plans >= 9, "shrinking used up what was for other plans"


def test_a_slow_answer_is_no_silence() -> None:
    target = Target(lambda plan: (), silent=lambda attempt: attempt == 2)
    found = target.run(3)
    assert found.failures == [] and target.patient == 1


def test_silence_is_a_failure_and_the_run_goes_on() -> None:
    target = Target(lambda plan: (), silent=lambda attempt: attempt in (2, 3, 4))
    found = target.run(4)
    assert [failure.violation.requirement for failure in found.failures] == ["protocol.robustness.answers"]
    assert not found.gone and found.plans == 4


def test_a_target_that_is_gone_ends_it() -> None:
    target = Target(lambda plan: (), silent=lambda attempt: True)
    target.alive = False
    found = target.run(5)
    assert found.gone and found.plans == 1 and found.stopped


def test_silence_again_and_again_ends_it() -> None:
    found = Target(lambda plan: (), silent=lambda attempt: True).run(50)
    assert found.plans == 3 and "no answer" in found.stopped


def test_two_kinds_of_plans_take_turns() -> None:
    one, other = (Plan("pools", (), origin) for origin in ("coverage", "sequence"))
    told = [plan.origin[0] for plan in interleaved([one, one], iter([other] * 7), share=2)]
    assert "".join(told) == "csscsssss"


def test_a_failure_comes_back_from_its_file() -> None:
    failure = Target(lambda plan: (_violation(),)).run(2).failures[0]
    again = Failure.from_json(failure.as_json(), failure.exchanges)
    assert again.as_json() == failure.as_json()
