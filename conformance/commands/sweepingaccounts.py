"""Batch accounts that runs have left in a resource group. An account is much to lose, so only names that no human gives count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from conformance.exchange import NotJson
from conformance.plugin.requests import with_query
from conformance.target import Client, TargetUnreachable

# `bcs`, the run id, a number
_OURS = re.compile(r"bcs[0-9a-f]{8}[0-9]{1,6}")
_MOST_PAGES = 100


def accounts_of_runs(client: Client) -> Iterator[tuple[str, str]]:
    """The path of each account, and when it was created if it says so. Raises TargetUnreachable when none can be listed."""
    place = client.target.management
    group = f"/subscriptions/{quote(place.subscription)}/resourceGroups/{quote(place.resource_group)}"
    path = f"{group}/providers/Microsoft.Batch/batchAccounts"
    for account in _listed(client, with_query(path, {"api-version": place.api_version})):
        name = str(account.get("name", ""))
        going = account.get("properties", {}).get("provisioningState") == "Deleting"
        if _OURS.fullmatch(name) and not going:
            yield f"{path}/{name}", str(account.get("systemData", {}).get("createdAt", ""))


def _listed(client: Client, step: str) -> Iterator[dict[str, Any]]:
    for _ in range(_MOST_PAGES):
        response = client.send("GET", step).response
        try:
            body = response.json
        except NotJson:
            body = None
        if response.status != 200 or not isinstance(body, dict):
            raise TargetUnreachable(f"{client.target.management_endpoint}: accounts could not be listed: {response.status}")
        yield from (one for one in body.get("value") or [] if isinstance(one, dict))
        link = urlsplit(str(body.get("nextLink") or ""))
        if not link.path:
            return
        # only the path of the next page counts: no other host ever gets our credentials
        step = f"{link.path}?{link.query}"
