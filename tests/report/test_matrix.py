"""The reports of several api-versions beside each other."""

from __future__ import annotations

import json
from pathlib import Path

from report_making import against, judged, report, requirement

from conformance.report import Missing, Report, matrix, render_matrix, write_matrix
from conformance.report.matrix import Matrix, differences, spans
from conformance.requirements import Verdict

VERSIONS = ["2016-02-01.3.0", "2019-08-01.10.0", "2022-01-01.15.0", "2025-06-01"]


def _report(**verdicts: Verdict) -> Report:
    return report(
        *(
            (
                requirement(f"pools.{name}"),
                judged(f"pools.{name}", verdict, *([against()] if verdict is Verdict.FAILED else []), count_for=1),
            )
            for name, verdict in verdicts.items()
        )
    )


def _table(**codes: int) -> Matrix:
    passed, failed = _report(a=Verdict.PASSED, b=Verdict.PASSED), _report(a=Verdict.PASSED, b=Verdict.FAILED)
    reports = {VERSIONS[0]: (failed, 1), VERSIONS[1]: (failed, 1), VERSIONS[3]: (passed, 0)}
    return matrix("http://127.0.0.1:1", reports, [Missing(api_version=VERSIONS[2], exit_code=3, reason="it broke off")])


def test_a_row_counts_what_its_report_says() -> None:
    first, _, last = _table().rows
    assert (first.must.passed, first.must.failed, first.conformant, first.exit_code) == (1, 1, False, 1)
    assert (last.must.passed, last.must.failed, last.conformant) == (2, 0, True)
    assert (last.exchanges, last.seconds, last.report) == (9, 2.5, "2025-06-01/report.json")


def test_verdicts_that_differ_are_grouped() -> None:
    (group,) = _table().differences
    assert group.requirements == ["pools.b"]
    assert group.versions == {"failed": VERSIONS[:2], "passed": [VERSIONS[3]]}


def test_a_version_where_a_requirement_does_not_hold_makes_no_difference() -> None:
    assert differences({"1": _report(a=Verdict.PASSED), "2": _report(b=Verdict.PASSED)}) == []


def test_neighbours_are_told_as_a_span() -> None:
    assert spans(["a", "b", "d"], ["a", "b", "c", "d"]) == "a to b, d"


def test_the_text_names_each_version_and_fits_80_columns() -> None:
    text = render_matrix(_table())
    assert max(map(len, text.splitlines())) <= 80
    rows = {line.split()[0]: line.split() for line in text.splitlines() if line[:4].isdigit()}
    assert rows[VERSIONS[0]][1:] == ["1", "1", "0", "0", "0", "0", "0", "0", "0", "0", "9", "2", "NO"]
    assert f"{VERSIONS[2]}: no report: it broke off" in text
    assert f"failed at {VERSIONS[0]} to {VERSIONS[1]}; passed at {VERSIONS[3]}" in text
    assert "NOT CONFORMANT at 2016-02-01.3.0, 2019-08-01.10.0: 3 api-versions judged, 1 not." in text


def test_the_verdict_claims_no_more_than_was_seen() -> None:
    passed = _report(a=Verdict.PASSED)
    whole = matrix("x", {VERSIONS[0]: (passed, 0)}, [Missing(api_version=VERSIONS[1], exit_code=0, reason="nothing holds")])
    assert whole.conformant and "CONFORMANT at every api-version: 1 api-version judged, 1 not." in render_matrix(whole)
    broken = matrix("x", {VERSIONS[0]: (passed, 3)}, [])
    assert not broken.conformant and "NO VERDICT" in render_matrix(broken)
    assert not matrix("x", {}, []).conformant


def test_an_interrupted_version_is_no_verdict() -> None:
    whole, cut = _report(a=Verdict.PASSED, b=Verdict.PASSED), _report(a=Verdict.PASSED, b=Verdict.UNTESTED)
    table = matrix("x", {VERSIONS[0]: (whole, 0), VERSIONS[1]: (cut, 130)}, [])
    text = render_matrix(table)
    assert table.differences == [] and not table.conformant
    assert "NO VERDICT: 1 api-version judged, 1 not." in text and "NOT CONFORMANT" not in text
    assert text.splitlines()[3].endswith(" cut")


def test_both_files_are_written(tmp_path: Path) -> None:
    table = _table()
    assert write_matrix(tmp_path / "new", table) == tmp_path / "new" / "matrix.json"
    assert Matrix.model_validate(json.loads((tmp_path / "new" / "matrix.json").read_text())) == table
    assert (tmp_path / "new" / "matrix.txt").read_text() == render_matrix(table)
