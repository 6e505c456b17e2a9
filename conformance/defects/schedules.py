"""What lies about job schedules share."""

from __future__ import annotations

from typing import Final

ADD: Final = "POST /jobschedules"
PATCH: Final = "PATCH /jobschedules/{}"
PUT: Final = "PUT /jobschedules/{}"
WAYS: Final = f"{ADD}, {PATCH}, {PUT}"
GET: Final = "GET /jobschedules/{}"
JOBS: Final = "GET /jobschedules/{}/jobs"
# a job that a schedule has made
MADE: Final = "GET /jobs/{}%3Ajob-{}"
SPEC: Final = "jobSpecification"
AUTO: Final = f"{SPEC}.poolInfo.autoPoolSpecification"


def each_way(*slugs: str) -> tuple[str, ...]:
    """The requirements of that name for POST, PATCH and PUT."""
    return tuple(f"job-schedules.{way}.{slug}" for slug in slugs for way in ("add", "patch", "update"))
