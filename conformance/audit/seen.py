"""When the live service was last seen to do what a requirement says: computed from recordings of it, written to `seen.yaml`.

A command of the maintainers. It counts only what a rule found to hold; the date is that of the response's own clock.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from itertools import groupby
from pathlib import Path

import yaml

from conformance.audit.names import account_of, recording_name
from conformance.exchange import Exchange, read_recordings
from conformance.judge import Traces, judge
from conformance.requirements import Catalogue
from conformance.requirements.catalogue import DATA as FOLDER
from conformance.requirements.catalogue import SEEN, Seen

# one observation is one trace, in which others may have acted
_ONE = Traces(of=account_of, recording=lambda exchange: "", whole=False)
_HEAD = """\
# When the live service was last seen to do what a requirement says. Written from recordings of the live service by
# `batch-conformance requirements --update-seen PATH`; do not edit. A recording is named as seen from PATH.
"""


def last_seen(paths: Sequence[str | Path], catalogue: Catalogue) -> dict[str, Seen]:
    """By requirement id, in the order of the catalogue; without those that no recording shows."""
    found: dict[str, Seen] = {}
    for name, day, version, exchanges in _days(paths):
        verdicts = judge(exchanges, catalogue=catalogue, claims=_every(catalogue), traces=_ONE)
        for requirement, judgement in verdicts.judgements.items():
            known = found.get(requirement)
            if judgement.count_for and not judgement.count_against and (known is None or known.date <= day):
                found[requirement] = Seen(recording=name, date=day, api_version=version)
    return {name: found[name] for name in catalogue.requirements if name in found}


def _every(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(r.profile for r in catalogue.requirements.values())


def _days(paths: Sequence[str | Path]) -> Iterator[tuple[str, str, str, list[Exchange]]]:
    """The exchanges of one recording, one day and one api-version together: each group is one observation."""
    dated = [
        (recording_name(entry, paths), day, entry.api_version or "", entry)
        for entry in read_recordings(paths)
        if isinstance(entry, Exchange) and (day := _day(entry))
    ]
    for (name, day, version), group in groupby(sorted(dated, key=lambda d: d[:3]), key=lambda d: d[:3]):
        yield name, day, version, [entry for *_, entry in group]


def _day(exchange: Exchange) -> str:
    """Empty when the response does not say."""
    try:
        return parsedate_to_datetime(exchange.response.headers["date"]).date().isoformat()
    except (KeyError, ValueError):
        return ""


def write_seen(seen: Mapping[str, Seen], folder: Path = FOLDER) -> Path:
    """Write the whole file anew; the same `seen` gives the same bytes."""
    path = folder / SEEN
    table = {name: entry.model_dump() for name, entry in seen.items()}
    beside = path.with_suffix(".new")
    beside.write_text(
        _HEAD + yaml.safe_dump(table, sort_keys=False, allow_unicode=True, width=400, default_flow_style=None), encoding="utf-8"
    )
    os.replace(beside, path)
    return path
