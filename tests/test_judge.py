"""The judge: what joins what, what raises a verdict, what is kept of the evidence."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest

from conformance.contract import Plane
from conformance.exchange import Exchange, Headers, Request, Response
from conformance.judge import Judged, StandIn, bench, judge
from conformance.requirements import Catalogue, Evidence, Requirement, Source, Verdict
from conformance.requirements.verdict import Outcome
from conformance.rules import Context, Finding

VERSION = "2022-01-01.15.0"
REQUEST_ID = "c6dafc13-ea15-45e3-9cd7-480252d67b42"
CLAIMS = frozenset({"protocol", "pools"})
OK = {"request-id": REQUEST_ID}
BAD = {"request-id": "none"}


def requirement(name: str, *, rule: Iterable[str] = (), operations: Iterable[str] = ("*",), **more: object) -> Requirement:
    fields = {"id": name, "level": "MUST", "profile": "protocol", "title": name, "source": Source(document="d", section="s")}
    return Requirement.model_validate({**fields, "rule": list(rule), "operations": list(operations) if rule else [], **more})


def catalogue(*requirements: Requirement) -> Catalogue:
    return Catalogue({r.id: r for r in requirements}, ())


def get(
    path: str = "/pools/p1",
    headers: dict[str, str] | None = None,
    *,
    version: str | None = VERSION,
    status: int = 200,
    index: int = 0,
) -> Exchange:
    query = f"?api-version={version}" if version else ""
    sent = Headers({"Authorization": "SharedKey acme:c2VjcmV0", "Accept": "application/json"})
    request = Request("GET", f"https://acme.westeurope.batch.azure.com{path}{query}", sent)
    return Exchange(
        request, Response(status, Headers(OK if headers is None else headers), json.dumps({"id": "p1"}).encode()), index=index
    )


def evidence(name: str, outcome: Outcome, message: str = "m", by: str = "t") -> Evidence:
    return Evidence(name, "scenario", by, outcome, message)


def verdicts(judged: Judged) -> dict[str, Verdict]:
    return {name: j.verdict for name, j in judged.judgements.items()}


ID_RULE = requirement("protocol.request-id", rule=["headers.request-id"])
PLAIN = requirement("pools.plain", profile="pools")


def test_a_rule_that_holds_passes_the_requirement() -> None:
    judged = judge([get(), get()], catalogue=catalogue(ID_RULE), claims=CLAIMS)
    judgement = judged.judgements["protocol.request-id"]
    assert (judgement.verdict, judgement.count_for, judgement.count_against) == (Verdict.PASSED, 2, 0)
    assert [(e.kind, e.by, e.outcome) for e in judgement.evidence] == [("rule", "headers.request-id", "for")]


def test_any_evidence_against_fails_it() -> None:
    judged = judge([get(), get(headers=BAD, index=7), get()], catalogue=catalogue(ID_RULE), claims=CLAIMS)
    judgement = judged.judgements["protocol.request-id"]
    assert (judgement.verdict, judgement.count_for, judgement.count_against) == (Verdict.FAILED, 2, 1)
    against = judgement.evidence[1]
    assert against.outcome == "against"
    assert (against.expected, against.actual) == ("a GUID", "none")
    assert against.exchange is not None
    assert (against.exchange.method, against.exchange.status, against.exchange.index) == ("GET", 200, 7)


def test_the_command_that_reproduces_holds_no_secret() -> None:
    judged = judge([get(headers=BAD)], catalogue=catalogue(ID_RULE), claims=CLAIMS)
    command = judged.judgements["protocol.request-id"].evidence[0].reproduce
    assert command.startswith("curl ")
    assert "/pools/p1?api-version=" in command
    assert "c2VjcmV0" not in command
    assert "$AUTHORIZATION" in command


def test_what_nothing_exercised_is_untested_and_says_so() -> None:
    rule = requirement("protocol.b", rule=["status.success"], operations=["Pool_Delete"])
    judged = judge([get()], catalogue=catalogue(PLAIN, rule), claims=CLAIMS)
    assert verdicts(judged) == {"pools.plain": Verdict.UNTESTED, "protocol.b": Verdict.UNTESTED}
    assert judged.judgements["pools.plain"].reason == "no scenario judged it"
    assert "Pool_Delete" in judged.judgements["protocol.b"].reason


def test_only_the_operations_of_a_requirement_count() -> None:
    gets = requirement("protocol.a", rule=["headers.request-id"], operations=["Pool_Get"])
    lists = requirement("protocol.b", rule=["headers.request-id"], operations=["Pool_List", "Job_*"])
    judged = judge([get(), get("/pools", BAD)], catalogue=catalogue(gets, lists), claims=CLAIMS)
    assert verdicts(judged) == {"protocol.a": Verdict.PASSED, "protocol.b": Verdict.FAILED}


def test_a_requirement_about_a_property_is_failed_by_what_is_wrong_there_only() -> None:
    here, elsewhere, anywhere = (
        requirement(f"protocol.{name}", rule=["request.below"], operations=["Pool_Resize"], **about)
        for name, about in {"here": {"properties": ["target*"]}, "elsewhere": {"properties": ["other"]}, "anywhere": {}}.items()
    )
    base = get("/pools/p1/resize", status=202)
    body = b'{"targetDedicatedNodes": -1}'
    accepted = replace(base, request=replace(base.request, method="POST", body=body))
    known = catalogue(here, elsewhere, anywhere)
    judged = judge([accepted], catalogue=known, claims=CLAIMS)
    failed, untested = Verdict.FAILED, Verdict.UNTESTED
    assert verdicts(judged) == {"protocol.here": failed, "protocol.elsewhere": untested, "protocol.anywhere": failed}
    refused = replace(accepted, response=replace(base.response, status=400))
    judged = judge([refused], catalogue=known, claims=CLAIMS)
    assert verdicts(judged) == {"protocol.here": untested, "protocol.elsewhere": untested, "protocol.anywhere": Verdict.PASSED}


def test_the_star_covers_what_is_no_operation_and_unmatched_names_it() -> None:
    star = requirement("protocol.a", rule=["headers.request-id"])
    refused = requirement("protocol.b", rule=["status.unknown-operation"], operations=["unmatched"])
    judged = judge([get("/nonsense", BAD)], catalogue=catalogue(star, refused), claims=CLAIMS)
    assert verdicts(judged) == {"protocol.a": Verdict.FAILED, "protocol.b": Verdict.FAILED}


def test_planes_with_versions_of_one_name_are_kept_apart() -> None:
    """Also where no operation tells them apart."""
    managed = requirement("protocol.managed", rule=["headers.nosniff"], plane="management")
    served = requirement("protocol.served", rule=["headers.nosniff"])
    exchange = get("/subscriptions/s/providers/Microsoft.Batch/nonsense", {}, version="2025-06-01")
    judged = judge([get("/nonsense", version="2025-06-01"), exchange], catalogue=catalogue(managed, served), claims=CLAIMS)
    assert {name: j.count_against for name, j in judged.judgements.items()} == {"protocol.managed": 1, "protocol.served": 1}


def test_a_rule_on_the_other_plane_does_not_count() -> None:
    arm = requirement("accounts.date", rule=["headers.date"], plane="management", profile="accounts")
    data = requirement("protocol.date", rule=["headers.date"])
    judged = judge([get()], catalogue=catalogue(arm, data), claims=CLAIMS | {"accounts"})
    assert verdicts(judged) == {"accounts.date": Verdict.UNTESTED, "protocol.date": Verdict.FAILED}


def test_an_unclaimed_profile_stays_so_whatever_was_seen() -> None:
    judged = judge([get(headers=BAD)], catalogue=catalogue(ID_RULE), claims=frozenset({"pools"}))
    judgement = judged.judgements["protocol.request-id"]
    assert judgement.verdict is Verdict.NOT_CLAIMED
    assert "protocol" in judgement.reason
    assert judgement.count_against == 1


def test_retired_requirements_are_not_judged() -> None:
    judged = judge(
        [get()], catalogue=catalogue(requirement("protocol.old", rule=["headers.request-id"], retired=True)), claims=CLAIMS
    )
    assert judged.judgements == {}


def test_an_audit_judges_each_exchange_at_its_own_api_version() -> None:
    young = requirement("protocol.young", rule=["headers.request-id"], since="2022-01-01.15.0")
    old = requirement("protocol.old", rule=["headers.request-id"], until="2020-03-01.11.0")
    judged = judge([get(headers=BAD), get(version="2019-08-01.10.0")], catalogue=catalogue(young, old), claims=CLAIMS)
    assert verdicts(judged) == {"protocol.young": Verdict.FAILED, "protocol.old": Verdict.PASSED}


def test_a_run_judges_only_what_holds_at_the_targets_api_version() -> None:
    young = requirement("protocol.young", rule=["headers.request-id"], since="2022-01-01.15.0")
    judged = judge(
        [get()],
        catalogue=catalogue(young, ID_RULE),
        claims=CLAIMS,
        api_version="2019-08-01.10.0",
        evidence=[evidence("protocol.young", "against")],
    )
    assert verdicts(judged) == {"protocol.request-id": Verdict.PASSED}
    assert judged.suite_errors == []


def test_a_request_without_api_version_is_judged_at_the_targets() -> None:
    old = requirement("protocol.old", rule=["headers.request-id"], until="2020-03-01.11.0")
    judged = judge([get(version=None)], catalogue=catalogue(old), claims=CLAIMS, api_version="2019-08-01.10.0")
    assert verdicts(judged) == {"protocol.old": Verdict.PASSED}


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        ([], Verdict.UNTESTED),
        (["blocked"], Verdict.UNTESTED),
        (["not-permitted"], Verdict.NOT_PERMITTED),
        (["blocked", "not-permitted"], Verdict.NOT_PERMITTED),
        (["for"], Verdict.PASSED),
        (["blocked", "for"], Verdict.PASSED),
        (["not-permitted", "for"], Verdict.PASSED),
        (["for", "against"], Verdict.FAILED),
        (["against", "for", "blocked"], Verdict.FAILED),
        (["error"], Verdict.ERROR),
        (["for", "against", "error"], Verdict.ERROR),
        (["error", "for"], Verdict.ERROR),
    ],
)
def test_verdicts_only_rise(outcomes: list[Outcome], verdict: Verdict) -> None:
    judged = judge([], catalogue=catalogue(PLAIN), claims=CLAIMS, evidence=[evidence("pools.plain", o) for o in outcomes])
    assert verdicts(judged) == {"pools.plain": verdict}
    backwards = judge(
        [], catalogue=catalogue(PLAIN), claims=CLAIMS, evidence=[evidence("pools.plain", o) for o in reversed(outcomes)]
    )
    assert verdicts(backwards) == verdicts(judged)


def test_blocked_and_refused_say_why() -> None:
    blocked = judge([], catalogue=catalogue(PLAIN), claims=CLAIMS, evidence=[evidence("pools.plain", "blocked", "no pool")])
    assert blocked.judgements["pools.plain"].reason == "blocked: no pool"
    refused = judge(
        [], catalogue=catalogue(PLAIN), claims=CLAIMS, evidence=[evidence("pools.plain", "not-permitted", "starts nodes")]
    )
    assert refused.judgements["pools.plain"].reason == "starts nodes"


def test_of_evidence_the_first_for_and_the_first_twenty_against_are_kept() -> None:
    many = [evidence("pools.plain", "for", by=f"f{i}") for i in range(5)] + [
        evidence("pools.plain", "against", by=f"a{i}") for i in range(30)
    ]
    judgement = judge([], catalogue=catalogue(PLAIN), claims=CLAIMS, evidence=many).judgements["pools.plain"]
    assert (judgement.count_for, judgement.count_against) == (5, 30)
    assert [e.by for e in judgement.evidence] == ["f0", *(f"a{i}" for i in range(20))]


def test_rules_keep_no_more_either() -> None:
    judgement = judge([get(headers=BAD)] * 30, catalogue=catalogue(ID_RULE), claims=CLAIMS).judgements["protocol.request-id"]
    assert (judgement.count_against, len(judgement.evidence)) == (30, 20)


def test_evidence_for_a_requirement_that_nobody_knows_is_an_error_of_the_suite() -> None:
    judged = judge([], catalogue=catalogue(PLAIN), claims=CLAIMS, evidence=[evidence("pools.unheard-of", "for")])
    assert [e.requirement for e in judged.suite_errors] == ["pools.unheard-of"]


def test_a_rule_that_breaks_makes_an_error_and_never_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Context) -> list[Finding]:
        return [Finding("headers.request-id", False, "the rule broke: KeyError", suite_error=True)]

    monkeypatch.setattr(bench, "findings", broken)
    judged = judge([get()], catalogue=catalogue(ID_RULE, PLAIN), claims=CLAIMS)
    assert verdicts(judged) == {"protocol.request-id": Verdict.ERROR, "pools.plain": Verdict.UNTESTED}
    assert [e.by for e in judged.suite_errors] == ["headers.request-id"]


def test_a_url_that_cannot_be_taken_apart_is_an_error_of_the_suite() -> None:
    bad = replace(get(), request=Request("GET", "https://[oops/pools"))
    judged = judge([bad], catalogue=catalogue(ID_RULE), claims=CLAIMS)
    assert verdicts(judged) == {"protocol.request-id": Verdict.UNTESTED}
    assert len(judged.suite_errors) == 1


def test_exchanges_are_counted_by_plane_and_operation() -> None:
    arm = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/acme"
    judged = judge(
        [get(), get(), get("/pools"), get(arm, version="2021-01-01"), get("/nonsense")],
        catalogue=catalogue(ID_RULE),
        claims=CLAIMS,
    )
    assert judged.exchanges == 5
    assert judged.operations == {"Pool_Get": 2, "Pool_List": 1, "BatchAccount_Get": 1}
    assert judged.planes == {Plane.DATA: 4, Plane.MANAGEMENT: 1}
    assert judged.matched == {Plane.DATA: 3, Plane.MANAGEMENT: 1}


def test_unmatched_exchanges_say_why() -> None:
    arm = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/acme/pools/p"
    storage = replace(get(), request=Request("GET", "https://acme.blob.core.windows.net/pools/p1"))
    front = replace(get(), request=Request("GET", "https://westus.management.azure.com/subscriptions/s/operations?api-version=1"))
    later = get("/lifetimepoolstats", version="2023-05-01.17.0")
    http_sys = get(headers={"content-type": "text/html", "server": "Microsoft-HTTPAPI/2.0"}, status=400)
    judged = judge(
        [get("/nonsense"), later, get(arm, version="2021-01-01"), storage, front, http_sys],
        catalogue=catalogue(ID_RULE),
        claims=CLAIMS,
    )
    assert [u.why for u in judged.unmatched] == [
        "no api-version has such an operation",
        "not an operation of api-version 2023-05-01.17.0, but of another one",
        "the contract of the management plane covers accounts only",
        "not Batch traffic: acme.blob.core.windows.net",
        "not Batch traffic: westus.management.azure.com",
        "answered by the web server (http.sys) before it reached Batch",
    ]


def test_a_million_kinds_of_exchange_are_not_kept_apart() -> None:
    odd = [get(f"/{n}/x") for n in range(1100)]
    judged = judge(odd, catalogue=catalogue(ID_RULE), claims=CLAIMS)
    assert len(judged.unmatched) == 1001
    assert sum(seen.count for seen in judged.unmatched.values()) == 1100
    (rest,) = [seen.count for kind, seen in judged.unmatched.items() if kind.request == "of other kinds"]
    assert rest == 100


def test_api_versions_that_the_contract_lacks_are_told() -> None:
    judged = judge([get(version="2015-12-01.2.2")] * 2 + [get()], catalogue=catalogue(ID_RULE), claims=CLAIMS)
    assert judged.stand_ins == {StandIn(Plane.DATA, "2015-12-01.2.2", "2016-02-01.3.0"): 2}


def test_judging_twice_gives_the_same() -> None:
    exchanges = [get(), get(headers=BAD), get("/nonsense")]
    rules = catalogue(ID_RULE, requirement("protocol.json", rule=["body.json", "body.missing-property"]))
    assert judge(exchanges, catalogue=rules, claims=CLAIMS) == judge(exchanges, catalogue=rules, claims=CLAIMS)


@pytest.mark.parametrize(
    ("exchanges", "flaky"),
    [
        ([get(), get(headers=BAD)], True),
        ([get(headers=BAD), get()], True),
        ([get(), get("/pools/p2", headers=BAD)], False),
        ([get(headers=BAD), get(headers=BAD)], False),
        ([get(), get(status=404, headers=BAD)], False),
        ([get(), replace(get(), request=replace(get().request, method="DELETE")), get(headers=BAD)], False),
        ([get(), replace(get(headers=BAD), source="another trace")], False),
    ],
)
def test_the_same_request_answered_both_ways_is_called_flaky_and_failed(exchanges: list[Exchange], flaky: bool) -> None:
    judgement = judge(exchanges, catalogue=catalogue(ID_RULE), claims=CLAIMS).judgements["protocol.request-id"]
    assert (judgement.verdict, judgement.flaky, judgement.reason.startswith("flaky: ")) == (Verdict.FAILED, flaky, flaky)
