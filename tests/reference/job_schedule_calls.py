"""Calls about one job schedule, named `s`, to a reference service whose clock stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from service_calls import Account

from conformance.reference.instants import to_datetime

NOWHERE = {"poolInfo": {"poolId": "nowhere"}}


class Scheduled(Account):
    added: datetime

    def at(self, seconds: float) -> str:
        """An instant so many seconds from now."""
        return (to_datetime(self.clock.now()) + timedelta(seconds=seconds)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def add(self, schedule: dict[str, Any] | None = None, **properties: object) -> None:
        body = {"id": "s", "schedule": schedule or {}, "jobSpecification": NOWHERE, **properties}
        answer = self.send("POST", "/jobschedules", body)
        assert answer.status == 201, answer.wire
        self.added = to_datetime(self.clock.now())

    def shown(self) -> dict[str, Any]:
        answer = self.send("GET", "/jobschedules/s")
        assert answer.status == 200, answer.wire
        return dict(answer.json)

    def jobs(self) -> list[tuple[str, str]]:
        return [(job["id"], job["state"]) for job in self.send("GET", "/jobschedules/s/jobs").json["value"]]

    def pass_time(self, seconds: int) -> None:
        for _ in range(seconds // 5):
            self.clock.advance(5)
            self.send("GET", "/jobs")

    def end_job(self, number: int) -> None:
        assert self.send("POST", f"/jobs/s:job-{number}/terminate").status == 202
        self.pass_time(10)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
