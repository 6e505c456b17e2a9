"""What is counted, what is kept, what is left out."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from report_making import against, judged, report, requirement

from conformance.exchange import scrub_text
from conformance.report import Report, RunInfo, Suite, Target, build
from conformance.requirements import Catalogue, Evidence, ExchangeSummary, Judgement, Verdict

VERDICTS = list(Verdict)


def test_each_verdict_is_counted_at_its_level() -> None:
    found = report(
        *((requirement(f"pools.must.v{v}"), judged(f"pools.must.v{v}", v)) for v in VERDICTS),
        (requirement("pools.should.a", "SHOULD"), judged("pools.should.a", Verdict.PASSED)),
        (requirement("protocol.may.a", "MAY"), judged("protocol.may.a", Verdict.UNTESTED)),
    )
    assert set(found.summary.must.model_dump().values()) == {1}
    assert found.summary.should.model_dump() == {**dict.fromkeys(found.summary.must.model_dump(), 0), "passed": 1}
    assert found.summary.may.untested == 1
    protocol, pools = found.profiles
    assert (protocol.id, pools.id) == ("protocol", "pools")
    assert pools.must == found.summary.must and protocol.may.untested == 1


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("level", ["MUST", "SHOULD", "MAY"])
@pytest.mark.parametrize("claimed", [True, False])
def test_only_a_claimed_must_that_failed_or_erred_is_not_conformant(verdict: Verdict, level: str, claimed: bool) -> None:
    one = requirement("pools.get.status", level)
    found = report((one, judged(one.id, verdict)), profiles=("pools",) if claimed else ("protocol",))
    broken = level == "MUST" and verdict in {Verdict.FAILED, Verdict.ERROR}
    assert found.summary.conformant is not (broken and claimed)
    pools = next(p for p in found.profiles if p.id == "pools")
    assert (pools.claimed, pools.conformant) == (claimed, not broken)


def test_the_order_is_that_of_the_catalogue() -> None:
    names = ["pools.b.x", "pools.a.x", "protocol.z.x"]
    found = report(*((requirement(n), judged(n, Verdict.PASSED)) for n in names))
    assert [r.id for r in found.requirements] == names


def test_a_judgement_about_nothing_is_an_error_of_the_suite() -> None:
    run = report()
    info = RunInfo(run.suite, run.target, run.started, run.finished, 0)
    with pytest.raises(KeyError, match=r"pools\.none"):
        build({"pools.none": Judgement("pools.none")}, Catalogue({}, ()), info, scrub=scrub_text)


def test_the_first_for_and_the_first_twenty_against_are_kept() -> None:
    one = requirement("pools.get.status")
    ok = Evidence(one.id, "scenario", "test_a", "for")
    many = [against(message=str(n)) for n in range(30)]
    (record,) = report((one, judged(one.id, Verdict.FAILED, ok, *many, ok, count_for=2))).requirements
    assert [e.outcome for e in record.evidence] == ["for"] + ["against"] * 20
    assert [e.message for e in record.evidence[1:]] == [str(n) for n in range(20)]
    assert (record.count_for, record.count_against) == (2, 30)


def test_what_the_catalogue_says_travels_with_the_verdict() -> None:
    more: dict[str, Any] = {
        "seen": {"recording": "r.yaml", "date": "2022-09-01", "api_version": "2022-01-01.15.0"},
        "ambiguity": [{"behaviour": "404", "documents": ["A"]}, {"behaviour": "400", "documents": ["B"]}],
    }
    one = requirement("pools.get.status", **more)
    held = Evidence(one.id, "scenario", "test_a", "for", actual="400")
    (record,) = report((one, judged(one.id, Verdict.PASSED, held))).requirements
    assert record.seen is not None and record.seen.model_dump() == more["seen"]
    assert [a.model_dump() for a in record.ambiguity] == more["ambiguity"]
    assert record.choice == "400"
    assert (record.source.document, record.source.section) == ("Batch REST", "Pools")


_TEXT = st.text(max_size=30)
_EVIDENCE = st.builds(
    Evidence,
    requirement=st.just("pools.get.status"),
    kind=st.sampled_from(["scenario", "rule", "oracle", "fuzz"]),
    by=st.text(string.ascii_lowercase, max_size=9),
    outcome=st.sampled_from(["against", "error", "blocked", "not-permitted"]),
    message=_TEXT,
    expected=_TEXT,
    actual=_TEXT,
    exchange=st.none()
    | st.builds(ExchangeSummary, st.just("GET"), _TEXT, st.integers(100, 599), st.integers(-1, 9), st.just("s")),
    reproduce=_TEXT,
)


# a busy machine is slow, and that is no failure
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_EVIDENCE, max_size=20), st.sampled_from(VERDICTS))
def test_every_evidence_survives_the_round_trip(evidence: list[Evidence], verdict: Verdict) -> None:
    one = requirement("pools.get.status")
    written = report((one, judged(one.id, verdict, *evidence)))
    read = Report.model_validate_json(written.model_dump_json())
    assert read == written
    assert len(read.requirements[0].evidence) == len(evidence)
    for before, after in zip(evidence, read.requirements[0].evidence, strict=True):
        assert (before.kind, before.by, before.outcome) == (after.kind, after.by, after.outcome)
        plain = before.message.encode("utf-8", "backslashreplace").decode()
        assert scrub_text(plain) == scrub_text(after.message)


SECRET = "c2VjcmV0IGtleSBvZiB0aGUgYWNjb3VudA=="
CARRIERS = [
    "Authorization: SharedKey acct:{}",
    "Authorization: Bearer {}",
    "https://s.blob.core.windows.net/c?sv=1&sig={}",
    '{{"password": "{}"}}',
    '{{"primary": "{}", "keyName": "Primary"}}',
    "AccountName=a;AccountKey={};EndpointSuffix=x",
]


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("field", ["message", "expected", "actual", "reproduce", "url", "reason", "note"])
def test_no_secret_reaches_a_report(carrier: str, field: str) -> None:
    text = carrier.format(SECRET)
    one = requirement("pools.get.status")
    proof = against(**({field: text} if field in {"message", "expected", "actual", "reproduce"} else {}))
    if field == "url":
        proof = Evidence(one.id, "rule", "r", "against", exchange=ExchangeSummary("GET", text, 200))
    judgement = judged(one.id, Verdict.FAILED, proof)
    judgement.reason = text if field == "reason" else ""
    found = report((one, judgement), notes=(text,) if field == "note" else ())
    dumped = found.model_dump_json()
    assert SECRET not in dumped
    assert "SCRUBBED" in dumped


def test_an_unknown_field_or_version_is_refused() -> None:
    good = report().model_dump(mode="json")
    assert Report.model_validate(good) == report()
    for wrong in ({**good, "more": 1}, {**good, "schema_version": 2}, {k: v for k, v in good.items() if k != "target"}):
        with pytest.raises(ValueError, match="validation error"):
            Report.model_validate(wrong)


def test_the_fields_of_the_design_are_there() -> None:
    one = requirement("pools.get.status")
    dumped = report((one, judged(one.id, Verdict.FAILED, against()))).model_dump(mode="json")
    assert {"schema_version", "suite", "target", "started", "finished", "duration_s", "exchanges", "seed"} <= dumped.keys()
    assert {"name", "version", "commit"} <= dumped["suite"].keys()
    assert dumped["target"].keys() == {"endpoint", "api_version", "auth", "profiles", "management_api_version", "embedded"}
    assert {"passed", "failed", "untested", "not_claimed", "not_permitted"} <= dumped["summary"]["must"].keys()
    assert {"id", "claimed", "conformant", "must", "should"} <= dumped["profiles"][0].keys()
    (record,) = dumped["requirements"]
    assert {"id", "level", "profile", "title", "source", "verdict", "evidence"} <= record.keys()
    (proof,) = record["evidence"]
    assert {"kind", "by", "outcome", "message", "expected", "actual", "exchange", "reproduce", "stale"} == proof.keys()
    assert {"method", "url", "status", "index"} <= proof["exchange"].keys()
    assert dumped["duration_s"] == 2.5


def test_the_target_of_a_report_is_as_it_was_given() -> None:
    assert report().target == Target(
        endpoint="http://127.0.0.1:1", api_version="2023-11-01.18.0", auth="none", profiles=["protocol", "pools"]
    )
    assert report().suite == Suite(name="azure-batch-conformance", version="0", commit=None)
