"""Lexical forms, and the arithmetic between ETags and instants (values as the live service sent them)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.rules import formats


@pytest.mark.parametrize("text", ["PT15M", "P1D", "P7D", "PT0S", "P10675199DT2H48M5.4775807S", "P1Y2M3W4DT5H6M7S", "-PT1S"])
def test_durations(text: str) -> None:
    assert formats.is_duration(text)


@pytest.mark.parametrize("text", ["", "P", "PT", "15M", "P1H", "PT1D", "P1DT", "PT1.5M", " PT1S", "00:15:00"])
def test_no_durations(text: str) -> None:
    assert not formats.is_duration(text)


@pytest.mark.parametrize(
    "text", ["2020-01-01T06:00:00Z", "2020-03-21T02:05:18.3388288Z", "2020-03-21T02:02:56.873403Z", "2020-03-21T02:02:56.8Z"]
)
def test_date_times(text: str) -> None:
    assert formats.is_utc_date_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-01",
        "2020-01-01T06:00:00",
        "2020-01-01T06:00:00+00:00",
        "2020-13-01T06:00:00Z",
        "2020-01-01T24:00:00Z",
        "2020-01-01T06:00:00.12345678Z",
    ],
)
def test_no_date_times(text: str) -> None:
    assert not formats.is_utc_date_time(text)


def test_an_offset_is_fine_where_any_zone_is() -> None:
    assert formats.is_date_time("2020-01-01T06:00:00+00:00")


def test_an_etag_counts_the_ticks_of_its_instant() -> None:
    assert formats.etag_ticks("0x8D7CD3C4DCF7680") == formats.ticks("2020-03-21T02:05:18.3388288Z")
    assert formats.etag_ticks("0x8D7CD51695E1909") == formats.ticks("2020-03-21T04:36:24.0034057Z")


@settings(deadline=None, derandomize=True, database=None)
@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1)))
def test_ticks_follow_the_calendar(instant: datetime) -> None:
    text = instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert formats.ticks(text) == (instant - datetime(1, 1, 1)) // timedelta(microseconds=1) * 10
    header = instant.strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert formats.is_http_date(header)
    assert (
        formats.http_date_ticks(header)
        == (instant.replace(microsecond=0) - datetime(1, 1, 1)) // timedelta(seconds=1) * 10_000_000
    )
    assert datetime.fromisoformat(text.replace("Z", "+00:00")).tzinfo == UTC


@pytest.mark.parametrize("text", ["2020-02-31T00:00:00Z", "yesterday", ""])
def test_no_instant_no_ticks(text: str) -> None:
    assert formats.ticks(text) is None


@pytest.mark.parametrize(
    ("text", "absolute"),
    [
        ("https://a/b", True),
        ("http://localhost:80/", True),
        ("/b", False),
        ("a.b/c", False),
        ("ftp://a/b", False),
        ("https://[", False),
    ],
)
def test_absolute_urls(text: str, absolute: bool) -> None:
    assert formats.is_absolute_url(text) is absolute


def test_paths_compare_decoded_and_without_host() -> None:
    assert formats.decoded_path("https://a/files/x%2Fy%20z/?q=1") == "/files/x/y z"
