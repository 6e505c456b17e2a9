"""Order of time: of recordings, and of the lines of one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.exchange import Exchange, order, read_recordings
from conformance.exchange.order import ordered


def _line(name: str, started: str | None, date: str = "") -> str:
    headers = [["Date", date]] if date else []
    request = {"method": "GET", "url": f"https://a.b/{name}", "body": '{"started":"1999-01-01T00:00:00Z"}'}
    return json.dumps({"request": request, "response": {"status": 200, "headers": headers}, "started": started})


def _names(*paths: Path) -> list[str]:
    found = read_recordings(paths, in_time=True)
    return [e.request.path[1:] for e in found if isinstance(e, Exchange)]


def test_lines_come_in_order_of_time_and_keep_their_places(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    times = {"c": "2024-01-01T10:00:02Z", "a": "2024-01-01T12:00:00+02:00", "b": "2024-01-01T10:00:01Z"}
    path.write_text("".join(_line(name, moment) + "\n" for name, moment in times.items()))
    found = [e for e in read_recordings([path], in_time=True) if isinstance(e, Exchange)]
    assert [(e.request.path, e.source[-2:]) for e in found] == [("/a", ":2"), ("/b", ":3"), ("/c", ":1")]
    assert [e.request.path for e in read_recordings([path]) if isinstance(e, Exchange)] == ["/c", "/a", "/b"]


def test_what_has_no_time_stays_and_nothing_moves_across_it(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [("b", "2024-01-01T10:00:02Z"), ("a", "2024-01-01T10:00:01Z"), ("none", None), ("wrong", "soon, perhaps")]
    path.write_text("".join(_line(*one) + "\n" for one in [*lines, ("z", "2024-01-01T09:00:00Z")]))
    assert _names(path)[:3] == ["a", "b", "none"]
    assert len(_names(path)) == 4


@pytest.mark.parametrize("ending", ["jsonl", "json"])
def test_recordings_come_in_order_of_their_begin(tmp_path: Path, ending: str) -> None:
    for name, day in {"x": "03", "y": "01", "z": "02"}.items():
        line = _line(name, None, f"Mon, {day} Jan 2024 10:00:00 GMT")
        (tmp_path / f"{name}.{ending}").write_text(line + "\n")
    assert _names(tmp_path) == ["y", "z", "x"]


def test_a_cassette_tells_its_begin_by_the_first_answer(tmp_path: Path) -> None:
    text = """interactions:
- request: {{method: GET, uri: "https://a.b/{name}", headers: {{}}}}
  response:
    body: {{string: ''}}
    headers:
      last-modified: ["Mon, 01 Jan 1990 10:00:00 GMT"]
      date:
      - Mon, {day} Jan 2024 10:00:00 GMT
    status: {{code: 200}}
"""
    for name, day in {"a": "20", "b": "10"}.items():
        (tmp_path / f"{name}.yaml").write_text(text.format(name=name, day=day))
    assert _names(tmp_path) == ["b", "a"]


def test_the_window_is_bounded_and_what_is_further_out_comes_late() -> None:
    items = [(float(n), n) for n in (5, 6, 7, 8, 1, 9)]
    assert list(ordered(iter(items), window=2)) == [5, 6, 1, 7, 8, 9]
    assert order.WINDOW >= 1000
