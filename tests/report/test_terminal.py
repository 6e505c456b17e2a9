"""The text for a terminal: what failed stands first, in full, in 80 columns and without colour."""

from __future__ import annotations

import shlex

import pytest
from report_making import against, judged, report, requirement

from conformance.exchange import Exchange, Headers, Request, Response, curl
from conformance.report import render, suite, verdict_line
from conformance.report.model import Audit, BrokenPlace, PlaneTotals, Unmatched, VersionNote
from conformance.requirements import Evidence, Judgement, Requirement, Verdict


def _failed(name: str, level: str = "MUST", **texts: str) -> tuple[Requirement, Judgement]:
    return requirement(name, level), judged(name, Verdict.FAILED, against(name, **texts))


PASSED = (requirement("protocol.a.x"), judged("protocol.a.x", Verdict.PASSED))


def test_a_failure_says_what_was_sent_what_was_expected_and_how_to_repeat_it() -> None:
    text = render(report(PASSED, _failed("pools.get.status")))
    assert "-> 500" in text
    for part in (
        "FAILED: 1 (1 MUST)",
        "* pools.get.status  [MUST]",
        "T pools.get.status.",
        "source:    Batch REST, Pools",
        "found by:  rule status.success",
        "message:   wrong status",
        "expected:  200",
        "actual:    500",
        "request:   GET https://a.batch.azure.com/pools/p?api-version=2023-11-01.18.0",
        "from:      c.yaml#7",
        "curl -i -X GET https://a",
    ):
        assert part in text


def test_failures_come_first_and_musts_before_shoulds() -> None:
    erred = (
        requirement("pools.error.x"),
        judged("pools.error.x", Verdict.ERROR, Evidence("pools.error.x", "scenario", "t", "error")),
    )
    text = render(report(PASSED, erred, _failed("pools.b.x", "SHOULD"), _failed("pools.c.x")))
    places = [text.index(part) for part in ("pools.c.x", "pools.b.x", "pools.error.x", "profile       claims", "NOT CONFORMANT")]
    assert places == sorted(places)
    assert text.startswith("FAILED: 2 (1 MUST, 1 SHOULD)\n")


def test_lines_fit_80_columns_and_are_plain() -> None:
    long = "a long sentence about what happened " * 30
    text = render(report(_failed("pools.get.status", message=long, expected=long, actual="\x1b[31mred\x07\n" + long)))
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text and "\x07" not in text
    assert text.endswith("\n") and not text.endswith("\n\n")


def test_the_same_report_gives_the_same_text() -> None:
    one = report(PASSED, _failed("pools.get.status"))
    assert render(one) == render(one.model_validate_json(one.model_dump_json()))


def test_many_failures_are_all_named() -> None:
    text = render(report(*(_failed(f"pools.n{n}.x") for n in range(60))))
    assert "and 35 more, in full in report.json:" in text
    assert all(f"pools.n{n}.x" in text for n in range(60))
    assert text.count("reproduce:") == 25


def test_the_command_is_broken_between_words_only() -> None:
    body = b'{"id": "it\'s a pool", "displayName": "' + b"word " * 30 + b'"}'
    request = Request("POST", "https://a/pools?api-version=1", Headers({"If-Match": "a b", "Authorization": "x"}), body)
    line = curl(Exchange(request, Response(500)))
    text = render(report(_failed("pools.get.status", reproduce=line)))
    block = text.partition("reproduce:\n")[2].partition("\n\n")[0]
    assert shlex.split(block.replace(" \\\n", " ")) == shlex.split(line)
    assert len(block.splitlines()) == 3
    assert all(row.split()[0] != "-H" or len(row.split()) > 1 for row in block.splitlines())


@pytest.mark.parametrize(
    ("verdicts", "line"),
    [
        ([Verdict.PASSED, Verdict.UNTESTED], "CONFORMANT: no claimed MUST failed; 1 passed, 1 untested"),
        ([Verdict.PASSED, Verdict.FAILED], "NOT CONFORMANT: 1 claimed MUST failed; 1 passed"),
        (
            [Verdict.FAILED, Verdict.FAILED, Verdict.ERROR],
            "NOT CONFORMANT: 2 claimed MUSTs failed; 1 ended in an error, 0 passed",
        ),
        ([Verdict.PASSED, Verdict.ERROR], "NO VERDICT: 1 claimed MUST ended in an error of the suite"),
        ([Verdict.UNTESTED], "NOTHING JUDGED: no claimed MUST was exercised"),
        ([], "NOTHING JUDGED"),
    ],
)
def test_the_verdict_claims_no_more_than_was_seen(verdicts: list[Verdict], line: str) -> None:
    names = [f"pools.n{n}.x" for n in range(len(verdicts))]
    found = report(*((requirement(n), judged(n, v)) for n, v in zip(names, verdicts, strict=True)))
    assert " ".join(verdict_line(found).split()).startswith(line)


def test_what_the_suite_broke_on_leaves_no_verdict() -> None:
    """Also when it bears on no requirement: who reads the line must not take it for a pass, as the exit code does not."""
    broken = report(PASSED).model_copy(update={"suite_errors": 1})
    assert verdict_line(broken).startswith("NO VERDICT: no claimed MUST failed, but the suite")


def test_profiles_that_are_not_claimed_do_not_count_in_the_verdict() -> None:
    assert verdict_line(report(PASSED, _failed("nodes.a.x"))).startswith("CONFORMANT: no claimed MUST failed; 1 passed")


def test_the_table_counts_by_profile() -> None:
    text = render(report(PASSED, _failed("pools.a.x"), (requirement("nodes.a.x"), judged("nodes.a.x", Verdict.NOT_CLAIMED))))
    rows = {words[0]: words[1:] for line in text.splitlines() if (words := line.split())}
    assert rows["protocol"] == ["yes", "1", *["0"] * 9]
    assert rows["pools"] == ["yes", "0", "1", *["0"] * 8]
    assert rows["nodes"] == ["no", "0", "0", "0", "0", "1", *["0"] * 5]
    assert rows["all"] == ["1", "1", "0", "0", "1", *["0"] * 5]


def test_a_choice_between_documents_is_told() -> None:
    one = requirement("pools.get.status", ambiguity=[{"behaviour": "404", "documents": ["A"]}])
    text = render(report((one, judged(one.id, Verdict.PASSED, Evidence(one.id, "rule", "r", "for", actual="answers 404")))))
    assert "this target chose:\n  * pools.get.status: answers 404" in text


def test_how_many_defects_the_suite_notices_is_told() -> None:
    known = suite().qualified
    assert known is not None
    plain = report(PASSED)
    text = render(plain.model_copy(update={"suite": suite()}))
    told = f"it notices {known.noticed} of {known.defects} seeded defects, which fail {known.must_killed} of {known.must} MUST."
    assert f"The suite, qualified on {known.date}: {told}" in " ".join(text.split())
    assert "qualified" not in render(plain)


def test_an_audit_tells_what_was_read_and_what_could_not_be_judged() -> None:
    audit = Audit(
        recordings=2,
        traces=1,
        planes=[PlaneTotals(plane="data-plane", exchanges=8, matched=6), PlaneTotals(plane="management", exchanges=0, matched=0)],
        operations={"Pool_Get": 6},
        unmatched=[Unmatched(plane="data-plane", reason="no such path", request="GET /x", count=2, first="c.yaml#1")],
        versions=[VersionNote(plane="data-plane", api_version="2015-12-01.2.2", judged_by="2016-02-01.3.0", exchanges=4)],
        broken=[BrokenPlace(place="d.yaml:3", problem="not YAML")],
    )
    text = render(report(PASSED).model_copy(update={"audit": audit}))
    for part in (
        "Read 2 recordings, 1 trace.",
        "data-plane  8 exchanges, 6 match an operation (75.0 %)",
        "management  0 exchanges, 0 match an operation\n",
        "1 operation exercised",
        "4 exchanges at 2015-12-01.2.2 (data-plane) judged by the nearest",
        "No operation, 2 of the data-plane: no such path\n     2 × GET /x",
        "d.yaml:3: not YAML",
    ):
        assert part in text
