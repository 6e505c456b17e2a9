"""The service that qualification judges: the reference service, in this process."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Collection
from typing import Final

from conformance.defects import Defect
from conformance.defects.direct import Direct
from conformance.reference.clock import SteppingClock
from conformance.reference.settings import Settings
from conformance.target.config import KEY_VARIABLE, TOKEN_VARIABLE

# nothing listens, so none of it is a secret; over TLS, as some requirements are about it
_ENDPOINT: Final = "https://reference.invalid"
_ACCOUNT: Final = "testaccount"
_KEY: Final = base64.b64encode(hashlib.sha512(b"of the service that qualification judges").digest()).decode()
_TOKEN: Final = hashlib.sha256(b"of its management plane").hexdigest()
# no state is waited for in real time, but the suite's own work may take long on a busy machine
_DEADLINE: Final = 120


def words(version: str) -> list[str]:
    """The options of a run against it. Its credentials are put where a run looks for them: into the environment."""
    os.environ |= {KEY_VARIABLE: _KEY, TOKEN_VARIABLE: _TOKEN}
    given = ["--auth=shared-key", f"--account={_ACCOUNT}", "--start-nodes", "--create-accounts", "--batch-embedded"]
    given += [f"--endpoint={_ENDPOINT}", f"--management-endpoint={_ENDPOINT}", f"--subscription={Settings.subscription}"]
    group, other = Settings.resource_groups
    given += [f"--resource-group={group}", f"--other-resource-group={other}", f"--api-version={version}"]
    return [*given, "--batch-repeatable", "--fuzz-examples=0", f"--deadline={_DEADLINE}"]


def service(defects: Collection[Defect], seed: int) -> Direct:
    settings = Settings(account=_ACCOUNT, key=_KEY, management_token=_TOKEN, seed=seed, clock=SteppingClock())
    return Direct(settings, defects)
