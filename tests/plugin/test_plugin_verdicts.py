"""How a scenario ends decides what is concluded: only `expect` speaks against the target, all else is the suite's matter."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

ONE = '@pytest.mark.requirement("pools.one")\n'
BOTH = '@pytest.mark.requirement("pools.one", "pools.two")\n'
GET = '    e = batch.call("Pool_List")\n'


@pytest.mark.parametrize(
    ("body", "options", "verdict", "message", "code"),
    [
        (ONE + "def test(batch, expect):\n" + GET + '    expect.status("pools.one", e, 200)', [], "passed", "", 0),
        (ONE + "def test(batch, expect):\n" + GET + '    expect.status("pools.one", e, {418, 419})', [], "failed", "", 1),
        (ONE + "def test(batch, expect):\n" + GET, [], "error", "the scenario ended without judging it", 3),
        (ONE + "def test(batch):\n    assert False", [], "error", "the scenario broke: AssertionError: assert False", 3),
        (ONE + 'def test(batch, expect):\n    expect("pools.two", True)', [], "error", "is not marked with", 3),
        (ONE + 'def test(batch):\n    raise Blocked("no pool")', [], "untested", "no pool", 0),
        (ONE + 'def test(batch):\n    pytest.skip("not here")', [], "untested", "not here", 0),
        (ONE + "@pytest.mark.starts_nodes\ndef test(batch):\n    1/0", [], "not-permitted", "does not permit to start nodes", 0),
        (ONE + "@pytest.mark.starts_nodes\ndef test(batch):\n    1/0", ["--start-nodes"], "error", "ZeroDivisionError", 3),
        (ONE + "@pytest.mark.shared_key\ndef test(batch):\n    1/0", [], "untested", "does not use shared-key", 0),
        (
            ONE + "def test(batch):\n    for _ in range(9): batch.call('Pool_List')",
            ["--max-requests=3"],
            "not-permitted",
            "budget",
            0,
        ),
        (
            ONE + "def test(batch):\n    batch.wait(lambda: 1, lambda v: v == 2, 'two')",
            ["--deadline=0.05"],
            "error",
            "too slow: not within 0.05 s: two",
            3,
        ),
        (
            "@pytest.fixture\ndef broken():\n    raise Blocked('no fixture')\n" + ONE + "def test(broken):\n    pass",
            [],
            "untested",
            "no fixture",
            0,
        ),
        ("@pytest.fixture\ndef broken():\n    1/0\n" + ONE + "def test(broken):\n    pass", [], "error", "ZeroDivisionError", 3),
        (
            "@pytest.fixture\ndef broken():\n    yield\n    1/0\n"
            + ONE
            + "def test(broken, expect):\n    expect('pools.one', True)",
            [],
            "error",
            "the teardown broke: ZeroDivisionError",
            3,
        ),
    ],
)
def test_the_end_of_a_scenario(run, body, options, verdict, message, code):  # type: ignore[no-untyped-def]
    ran = run(body, *options)
    found, told = ran.verdict("pools.one")
    assert (found, ran.code) == (verdict, code)
    assert message in told


def test_after_a_failure_the_other_requirement_is_untested(run):  # type: ignore[no-untyped-def]
    ran = run(BOTH + 'def test(batch, expect):\n    expect("pools.one", False, expected=1, actual=2, message="why")')
    assert ran.verdict("pools.one") == ("failed", "why")
    assert ran.verdict("pools.two")[0] == "untested"
    assert "another requirement" in ran.verdict("pools.two")[1]


def test_marks_add_up_and_each_id_is_judged(run):  # type: ignore[no-untyped-def]
    source = ONE + '@pytest.mark.requirement("pools.two")\ndef test(expect):\n    expect.equal("pools.one", 1, 1)'
    ran = run(source)
    assert ran.verdict("pools.one")[0] == "passed"
    assert ran.verdict("pools.two") == ("error", "the scenario ended without judging it")
    ran.result.assert_outcomes(failed=1)


def test_what_does_not_hold_at_the_api_version_is_left_out(run):  # type: ignore[no-untyped-def]
    source = (
        '@pytest.mark.requirement("pools.old")\ndef test_old():\n    1/0\n'
        '@pytest.mark.requirement("pools.old", "pools.one")\ndef test_mixed(expect):\n'
        '    expect("pools.old", False)\n    expect("pools.one", True)'
    )
    ran = run(source)
    ran.result.assert_outcomes(passed=1, deselected=1)
    assert [r.id for r in ran.report.requirements] == ["pools.one", "pools.two", "jobs.one"]
    old = run(source, "--api-version=2016-02-01.3.0")
    old.result.assert_outcomes(failed=2)
    assert old.verdict("pools.old")[0] == "error"


def test_only_what_is_claimed_and_asked_for_is_judged(run):  # type: ignore[no-untyped-def]
    source = ONE + 'def test_one(expect):\n    expect("pools.one", True)\n'
    source += '@pytest.mark.requirement("pools.two")\ndef test_two(expect):\n    expect("pools.two", False)\n'
    source += '@pytest.mark.requirement("jobs.one")\ndef test_job(expect):\n    expect("jobs.one", False)\n'
    ran = run(source, "--profile=pools", "--requirement=*.one")
    ran.result.assert_outcomes(passed=1, deselected=2)
    assert [(r.id, r.verdict) for r in ran.report.requirements] == [("pools.one", "passed"), ("jobs.one", "not-claimed")]
    assert (ran.code, ran.report.target.profiles) == (0, ["pools"])
    assert any("--requirement" in note for note in ran.report.notes)


def test_an_unknown_id_is_the_suites_mistake(run):  # type: ignore[no-untyped-def]
    ran = run('@pytest.mark.requirement("pools.tow")\ndef test(expect):\n    expect("pools.tow", True)')
    assert ran.code == 3
    assert any("pools.tow" in note for note in ran.report.notes)


def test_evidence_says_what_was_sent_and_how_to_repeat_it(run, server):  # type: ignore[no-untyped-def]
    ran = run(
        ONE + 'def test(batch, expect):\n    e = batch.call("Pool_Get", poolId="x y")\n    expect.error("pools.one", e, 409, "A")'
    )
    (evidence,) = next(r for r in ran.report.requirements if r.id == "pools.one").evidence
    assert (evidence.expected, evidence.actual) == ("409 with code A", "404 with code PoolNotFound")
    assert evidence.exchange is not None and evidence.exchange.url.startswith(f"{server.url}/pools/x%20y?api-version=")
    assert evidence.exchange.index == 1 and evidence.exchange.source.endswith("::test")
    again, request = evidence.reproduce.splitlines()
    assert again.startswith(f"batch-conformance run --endpoint {server.url} ") and again.endswith(" --requirement pools.one")
    assert request.startswith("curl ")
    ran.result.stdout.fnmatch_lines(["*pools.one does not hold*"])


def test_a_scenario_file_that_cannot_be_read_is_the_suites_error(run):  # type: ignore[no-untyped-def]
    ran = run("import nonexistent_module")
    assert any("could not be collected" in note for note in ran.report.notes)
    assert ran.code == 3
