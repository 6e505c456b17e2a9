"""What the live service does although no document says so, as recordings show. Each can be switched off, for clients that are to
meet a service that follows its documents to the letter."""

from __future__ import annotations

from collections.abc import Mapping

# name → what the live service does
QUIRKS: Mapping[str, str] = {
    "job-location": "Location and DataServiceId of a new job are those of `jobs/job-1`, whatever its id is.",
    "certificate-location": "Location and DataServiceId of a new certificate say `ThumbprintAlgorithm` and `Thumbprint`.",
    "collection-order": "The results of a task collection come in another order than its tasks.",
    "result-etag": "The result of an account's creation has the ETag of the moment when it is asked for, not the account's own.",
}
ALL = frozenset(QUIRKS)
