"""Small catalogues, judgements and reports for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime

from conformance.exchange import scrub_text
from conformance.report import Report, RunInfo, Suite, Target, build
from conformance.requirements import Catalogue, Evidence, ExchangeSummary, Judgement, Requirement, Source, Verdict

SOURCE = Source(document="Batch REST", section="Pools")


def requirement(name: str, level: str = "MUST", **more: object) -> Requirement:
    profile = name.partition(".")[0]
    return Requirement.model_validate(
        {"id": name, "level": level, "profile": profile, "title": f"T {name}.", "source": SOURCE, **more}
    )


def against(name: str = "pools.get.status", **more: str) -> Evidence:
    exchange = ExchangeSummary("GET", "https://a.batch.azure.com/pools/p?api-version=2023-11-01.18.0", 500, 7, "c.yaml#7")
    texts = {"message": "wrong status", "expected": "200", "actual": "500", "reproduce": "curl -i -X GET https://a", **more}
    return Evidence(name, "rule", "status.success", "against", exchange=exchange, **texts)


def judged(name: str, verdict: Verdict, *evidence: Evidence, count_for: int = 0) -> Judgement:
    count = sum(e.outcome in {"against", "error"} for e in evidence)
    return Judgement(name, verdict, evidence=list(evidence), count_for=count_for, count_against=count)


def report(
    *judgements: tuple[Requirement, Judgement], profiles: tuple[str, ...] = ("protocol", "pools"), notes: tuple[str, ...] = ()
) -> Report:
    run = RunInfo(
        suite=Suite(name="azure-batch-conformance", version="0", commit=None),
        target=Target(endpoint="http://127.0.0.1:1", api_version="2023-11-01.18.0", auth="none", profiles=list(profiles)),
        started=datetime(2024, 1, 1, tzinfo=UTC),
        finished=datetime(2024, 1, 1, 0, 0, 2, 500_000, tzinfo=UTC),
        exchanges=9,
        notes=notes,
    )
    catalogue = Catalogue({r.id: r for r, _ in judgements}, ())
    return build({r.id: j for r, j in judgements}, catalogue, run, scrub=scrub_text)
