"""Pools, jobs, tasks, files and job schedules through the commands of the Azure CLI 2.91.0 (SharedKey). Runs in its environment,
in one process: starting it anew for each command takes a second."""

from __future__ import annotations

import io
import json
import os
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from azure.cli.core import get_default_cli
from checks import Checks, main, wait_for

POOL, JOB, TASK, SCHEDULE = "cli-pool", "cli-job", "cli-task", "cli-schedule"


class Cli:
    """`az batch`, with the account in the environment."""

    def __init__(self) -> None:
        self._cli = get_default_cli()

    def run(self, *words: str) -> Any:
        """What the command prints, as JSON; None when it prints nothing. Raises RuntimeError when it fails."""
        printed, told = io.StringIO(), io.StringIO()
        with redirect_stdout(printed), redirect_stderr(told):
            try:
                code = self._cli.invoke(["batch", *words], out_file=printed)
            except SystemExit as ended:
                code = ended.code
        if code:
            raise RuntimeError(f"az batch {' '.join(words)}: {told.getvalue() or printed.getvalue()}")
        text = printed.getvalue().strip()
        return json.loads(text) if text else None


def life(checks: Checks, url: str, account: str, key: str) -> None:
    settings = {"AZURE_BATCH_ACCOUNT": account, "AZURE_BATCH_ACCESS_KEY": key, "AZURE_BATCH_ENDPOINT": url}
    os.environ.update(settings)
    cli = Cli()
    pools(checks, cli)
    jobs(checks, cli)
    tasks(checks, cli)
    nodes(checks, cli)
    schedules(checks, cli)
    ends(checks, cli)


def pools(checks: Checks, cli: Cli) -> None:
    checks.equal("no pool", cli.run("pool", "list"), [])
    image = ["--image", "canonical:ubuntu-24_04-lts:server", "--node-agent-sku-id", "batch.node.ubuntu 24.04"]
    size = ["--vm-size", "standard_d2s_v3", "--target-dedicated-nodes", "1"]
    cli.run("pool", "create", "--id", POOL, *image, *size, "--metadata", "owner=tests")
    pool = cli.run("pool", "show", "--pool-id", POOL)
    checks.equal("pool", (pool["id"], pool["targetDedicatedNodes"], pool["vmSize"]), (POOL, 1, "standard_d2s_v3"))
    checks.equal("pool: metadata", pool["metadata"], [{"name": "owner", "value": "tests"}])
    cli.run("pool", "set", "--pool-id", POOL, "--metadata", "a=b")
    checks.equal("pool: set", cli.run("pool", "show", "--pool-id", POOL)["metadata"], [{"name": "a", "value": "b"}])
    wait_for("idle", lambda: cli.run("node", "list", "--pool-id", POOL), lambda found: [n["state"] for n in found] == ["idle"])
    counts = {each["poolId"]: each for each in cli.run("pool", "node-counts", "list")}
    checks.equal("pool: node counts", counts[POOL]["dedicated"]["total"], 1)
    checks.true("images", bool(cli.run("pool", "supported-images", "list")))


def jobs(checks: Checks, cli: Cli) -> None:
    cli.run("job", "create", "--id", JOB, "--pool-id", POOL, "--metadata", "owner=tests", "--priority", "5")
    job = cli.run("job", "show", "--job-id", JOB)
    checks.equal("job", (job["id"], job["priority"], job["poolInfo"]["poolId"]), (JOB, 5, POOL))
    cli.run("job", "set", "--job-id", JOB, "--priority", "7")
    after = cli.run("job", "show", "--job-id", JOB)
    checks.equal("job: set", (after["priority"], after["metadata"]), (7, job["metadata"]))
    cli.run("job", "reset", "--job-id", JOB, "--pool-id", POOL)
    checks.equal("job: reset", cli.run("job", "show", "--job-id", JOB)["priority"], 0)
    checks.true("job: listed", JOB in [each["id"] for each in cli.run("job", "list")])


def tasks(checks: Checks, cli: Cli) -> None:
    cli.run("task", "create", "--job-id", JOB, "--task-id", TASK, "--command-line", "/bin/sh -c 'echo hello'")
    where = ["--job-id", JOB, "--task-id", TASK]
    ended = wait_for("task ends", lambda: cli.run("task", "show", *where), lambda task: task["state"] == "completed")
    checks.equal("task", (ended["executionInfo"]["exitCode"], ended["executionInfo"]["result"]), (0, "success"))
    cli.run("task", "reset", *where, "--max-task-retry-count", "3")
    checks.equal("task: reset", cli.run("task", "show", *where)["constraints"]["maxTaskRetryCount"], 3)
    names = sorted(file["name"] for file in cli.run("task", "file", "list", *where))
    checks.equal("files", names, ["stderr.txt", "stdout.txt", "wd"])
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.txt"
        cli.run("task", "file", "download", *where, "--file-path", "stdout.txt", "--destination", str(target))
        checks.equal("file", target.read_text(encoding="utf-8"), "hello\n")
    body = [{"id": f"many-{n}", "commandLine": "/bin/sh -c 'exit 0'"} for n in range(3)]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "tasks.json"
        source.write_text(json.dumps(body), encoding="utf-8")
        cli.run("task", "create", "--job-id", JOB, "--json-file", str(source))
    listed = {each["id"] for each in cli.run("task", "list", "--job-id", JOB)}
    checks.equal("tasks", listed, {TASK, "many-0", "many-1", "many-2"})
    counts = cli.run("job", "task-counts", "show", "--job-id", JOB)["taskCounts"]
    checks.equal("task counts", counts["failed"], 0)
    cli.run("task", "delete", *where, "--yes")
    checks.true("task deleted", TASK not in [each["id"] for each in cli.run("task", "list", "--job-id", JOB)])


def nodes(checks: Checks, cli: Cli) -> None:
    (node,) = cli.run("node", "list", "--pool-id", POOL)
    where = ["--pool-id", POOL, "--node-id", node["id"]]
    shown = cli.run("node", "show", *where)
    checks.equal("node", (shown["id"], shown["schedulingState"]), (node["id"], "enabled"))
    cli.run("node", "scheduling", "disable", *where)
    checks.equal("node: scheduling off", cli.run("node", "show", *where)["schedulingState"], "disabled")
    cli.run("node", "scheduling", "enable", *where)
    cli.run("node", "reboot", *where)
    wait_for("rebooted", lambda: cli.run("node", "show", *where)["state"], lambda state: state == "idle")
    checks.held += 1


def schedules(checks: Checks, cli: Cli) -> None:
    cli.run("job-schedule", "create", "--id", SCHEDULE, "--pool-id", "nowhere", "--recurrence-interval", "P1D")
    where = ["--job-schedule-id", SCHEDULE]
    found = cli.run("job-schedule", "show", *where)
    checks.equal("schedule", (found["id"], found["state"]), (SCHEDULE, "active"))
    cli.run("job-schedule", "set", *where, "--metadata", "a=b")
    checks.equal("schedule: set", cli.run("job-schedule", "show", *where)["metadata"], [{"name": "a", "value": "b"}])
    cli.run("job-schedule", "disable", *where)
    checks.equal("schedule: disabled", cli.run("job-schedule", "show", *where)["state"], "disabled")
    cli.run("job-schedule", "enable", *where)
    cli.run("job-schedule", "stop", *where)
    wait_for("stopped", lambda: cli.run("job-schedule", "show", *where)["state"], lambda state: state == "completed")
    cli.run("job-schedule", "delete", *where, "--yes")
    checks.held += 1


def ends(checks: Checks, cli: Cli) -> None:
    cli.run("job", "disable", "--job-id", JOB, "--disable-tasks", "requeue")
    wait_for("disabled", lambda: cli.run("job", "show", "--job-id", JOB)["state"], lambda state: state == "disabled")
    cli.run("job", "enable", "--job-id", JOB)
    cli.run("job", "stop", "--job-id", JOB)
    wait_for("completed", lambda: cli.run("job", "show", "--job-id", JOB)["state"], lambda state: state == "completed")
    cli.run("job", "delete", "--job-id", JOB, "--yes")
    cli.run("pool", "resize", "--pool-id", POOL, "--target-dedicated-nodes", "0")
    wait_for("steady", lambda: cli.run("pool", "show", "--pool-id", POOL)["allocationState"], lambda state: state == "steady")
    cli.run("pool", "autoscale", "enable", "--pool-id", POOL, "--auto-scale-formula", "$TargetDedicatedNodes=0")
    checks.equal("pool: autoscale", cli.run("pool", "show", "--pool-id", POOL)["enableAutoScale"], True)
    cli.run("pool", "autoscale", "disable", "--pool-id", POOL)
    cli.run("pool", "delete", "--pool-id", POOL, "--yes")
    wait_for("deleted", lambda: cli.run("pool", "list"), lambda found: found == [])
    checks.raises("a deleted pool", lambda: cli.run("pool", "show", "--pool-id", POOL), RuntimeError)


if __name__ == "__main__":
    main(life)
