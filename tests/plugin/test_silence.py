"""A request that gets no answer: evidence only when the target answers others, and stays silent again."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from conformance.plugin import silence
from conformance.plugin.options import parse, settings
from conformance.plugin.process import Place, Process
from conformance.requirements import Evidence
from conformance.target import TargetUnreachable

_WORDS = ["--endpoint=http://target.invalid", "--auth=none", "--batch-report=none"]


class _Wire(httpx.BaseTransport):
    """Breaks off so many requests with `expand`; all others too when it is dead."""

    def __init__(self, times: int, dead: bool = False) -> None:
        self._left = times
        self._dead = dead

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._dead or ("expand" in str(request.url) and self._left):
            self._left -= 1
            raise httpx.RemoteProtocolError("disconnected", request=request)
        return httpx.Response(200, json={"value": []}, request=request)


def _heard(tmp_path: Path, wire: _Wire) -> list[Evidence]:
    process = Process(settings(parse(_WORDS)), Place(tmp_path, "0"), wire)
    with pytest.raises(TargetUnreachable):
        process.client.send("GET", "/jobs?%24expand=stats")
    try:
        return silence.evidence(process, "a-scenario")
    finally:
        process.close()


def test_silent_twice_while_others_are_answered(tmp_path: Path) -> None:
    (found,) = _heard(tmp_path, _Wire(2))
    assert (found.requirement, found.outcome, found.by) == (silence.ANSWERS, "against", "a-scenario")
    assert "GET /jobs got no HTTP answer" in found.message


@pytest.mark.parametrize("wire", [_Wire(1), _Wire(9, dead=True)], ids=["once", "dead"])
def test_the_network_or_a_target_that_is_gone(tmp_path: Path, wire: _Wire) -> None:
    assert _heard(tmp_path, wire) == []


def test_nothing_is_concluded_of_what_the_silence_ended() -> None:
    broken = [Evidence(name, "scenario", "a", "error", "broke off") for name in (silence.ANSWERS, "pools.get.answers-200")]
    silent = [Evidence(silence.ANSWERS, "scenario", "a", "against", "no answer")]
    told = {one.requirement: one.outcome for one in silence.concluded(broken, silent)}
    assert told == {silence.ANSWERS: "against", "pools.get.answers-200": "blocked"}
    assert silence.concluded(broken, []) == broken
