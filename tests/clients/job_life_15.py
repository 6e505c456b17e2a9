"""Jobs, tasks, files, schedules and node actions through azure-batch 15.1.0 (SharedKey, api-version 2025-06-01): each operation
of the SDK; what was sent is read back. Runs in the environment of the SDK."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from azure.batch import BatchClient, models
from azure.core import MatchConditions
from azure.core.credentials import AzureNamedKeyCredential
from azure.core.exceptions import HttpResponseError, ResourceModifiedError
from checks import Checks, main, wait_for

POOL, JOB, SCHEDULE = "sdk15-runner", "sdk15-job", "sdk15-schedule"
IMAGE = models.VirtualMachineConfiguration(
    image_reference=models.BatchVmImageReference(publisher="canonical", offer="ubuntu-24_04-lts", sku="server"),
    node_agent_sku_id="batch.node.ubuntu 24.04",
)
METADATA = [models.BatchMetadataItem(name="owner", value="tests")]
NOWHERE = models.BatchPoolInfo(pool_id="nowhere")


def life(checks: Checks, url: str, account: str, key: str) -> None:
    with BatchClient(url, AzureNamedKeyCredential(account, key), retry_total=0) as client:
        runner(client)
        jobs(checks, client)
        job_updates(checks, client)
        tasks(checks, client)
        collections(checks, client)
        files(checks, client)
        job_actions(checks, client)
        special_tasks(checks, client)
        schedules(checks, client)
        nodes(checks, client)
        account_wide(checks, client)
        client.begin_delete_pool(POOL, polling_interval=0).wait()


def runner(client: BatchClient) -> None:
    """A pool of one node with four slots, idle."""
    client.create_pool(
        models.BatchPoolCreateOptions(
            id=POOL,
            vm_size="standard_d2s_v3",
            virtual_machine_configuration=IMAGE,
            target_dedicated_nodes=1,
            task_slots_per_node=4,
        )
    )
    wait_for("idle", lambda: [node.state for node in client.list_nodes(POOL)], lambda states: states == ["idle"])


def plain(model: Any) -> dict[str, Any]:
    return {name: value for name, value in model.as_dict().items() if not name.startswith("odata.")}


def jobs(checks: Checks, client: BatchClient) -> None:
    sent = models.BatchJobCreateOptions(
        id=JOB,
        pool_info=models.BatchPoolInfo(pool_id=POOL),
        display_name="A job with äöü",
        priority=100,
        max_parallel_tasks=3,
        constraints=models.BatchJobConstraints(max_wall_clock_time=timedelta(days=2), max_task_retry_count=2),
        common_environment_settings=[models.EnvironmentSetting(name="A", value="1")],
        metadata=METADATA,
        uses_task_dependencies=True,
    )
    client.create_job(sent)
    job = client.get_job(JOB)
    checks.contains("job", plain(job), plain(sent))
    checks.equal("job: state and pool", (job.state, job.execution_info.pool_id), ("active", POOL))
    code(checks, "job again", lambda: client.create_job(sent), "JobExists")
    listed = {each.id: each for each in client.list_jobs(filter="state eq 'active'")}
    checks.equal("job: same as listed", plain(listed[JOB]), plain(job))
    chosen = client.get_job(JOB, select=["id", "priority"])
    checks.equal("job: select", set(plain(chosen)), {"id", "priority"})
    checks.true("job: stats when asked for", client.get_job(JOB, expand=["stats"]).job_statistics is not None)


def job_updates(checks: Checks, client: BatchClient) -> None:
    before = client.get_job(JOB)
    client.update_job(JOB, models.BatchJobUpdateOptions(priority=-5))
    after = client.get_job(JOB)
    checks.equal("update: priority", after.priority, -5)
    checks.equal("update: constraints kept", plain(after.constraints), plain(before.constraints))
    checks.equal("update: metadata kept", [plain(item) for item in after.metadata], [plain(item) for item in METADATA])
    client.replace_job(JOB, models.BatchJob(pool_info=models.BatchPoolInfo(pool_id=POOL)))
    after = client.get_job(JOB)
    checks.equal("replace: reset", (after.priority, after.metadata or [], after.max_parallel_tasks), (0, [], -1))
    checks.equal("replace: retry count", after.constraints.max_task_retry_count, 0)
    checks.equal("replace: name kept", after.display_name, before.display_name)
    change = models.BatchJobUpdateOptions(priority=1)
    unchanged = MatchConditions.IfNotModified
    checks.raises(
        "update, stale ETag",
        lambda: client.update_job(JOB, change, etag="0x8D00000000000AA", match_condition=unchanged),
        ResourceModifiedError,
    )


def completed(client: BatchClient, task: str) -> models.BatchTask:
    return wait_for(f"{task} ends", lambda: client.get_task(JOB, task), lambda found: found.state == "completed")


def tasks(checks: Checks, client: BatchClient) -> None:
    sent = models.BatchTaskCreateOptions(
        id="task",
        display_name="ä",
        command_line="/bin/sh -c 'echo hello'",
        environment_settings=[models.EnvironmentSetting(name="B", value="2")],
        constraints=models.BatchTaskConstraints(
            max_wall_clock_time=timedelta(hours=1), retention_time=timedelta(hours=2), max_task_retry_count=1
        ),
        required_slots=2,
    )
    client.create_task(JOB, sent)
    checks.contains("task", plain(client.get_task(JOB, "task")), plain(sent))
    code(checks, "task again", lambda: client.create_task(JOB, sent), "TaskExists")
    info = completed(client, "task").execution_info
    checks.equal("task: end", (info.exit_code, info.result, info.retry_count), (0, "success", 0))
    replacement = models.BatchTask(constraints=models.BatchTaskConstraints(max_task_retry_count=7))
    client.replace_task(JOB, "task", replacement)
    after = client.get_task(JOB, "task").constraints
    checks.equal("task: replace", (after.max_task_retry_count, after.retention_time), (7, timedelta(days=7)))
    client.create_task(JOB, models.BatchTaskCreateOptions(id="bad", command_line="/bin/sh -c 'exit 3'"))
    failed = completed(client, "bad").execution_info
    checks.equal("task: failure", (failed.exit_code, failed.result, failed.failure_info.code), (3, "failure", "FailureExitCode"))
    code(checks, "reactivate a success", lambda: client.reactivate_task(JOB, "task"), "TaskSucceeded")
    client.reactivate_task(JOB, "bad")
    completed(client, "bad")
    client.create_task(JOB, models.BatchTaskCreateOptions(id="long", command_line="/bin/sh -c 'sleep 86000'"))
    client.terminate_task(JOB, "long")
    checks.equal("task: terminated", completed(client, "long").execution_info.failure_info.code, "TaskEnded")
    client.delete_task(JOB, "long")
    code(checks, "task deleted", lambda: client.get_task(JOB, "long"), "TaskNotFound")
    checks.equal("subtasks", list(client.list_subtasks(JOB, "task")), [])
    counts = client.get_job_task_counts(JOB)
    checks.equal("counts", (counts.task_counts.succeeded, counts.task_counts.failed), (1, 1))
    checks.equal("slots", counts.task_slot_counts.completed, 3)
    pages = client.list_tasks(JOB, filter="state eq 'completed'", select=["id", "state"], max_results=1)
    checks.equal("tasks: pages", sorted(each.id for each in pages), ["bad", "task"])


def collections(checks: Checks, client: BatchClient) -> None:
    many = [models.BatchTaskCreateOptions(id=f"many-{n}", command_line="/bin/sh -c 'exit 0'") for n in range(3)]
    results = client.create_task_collection(JOB, models.BatchTaskGroup(task_values=many)).result_values
    statuses = sorted((each.task_id, str(each.status).lower()) for each in results)
    checks.equal("collection", statuses, [(each.id, "success") for each in many])
    again = client.create_task_collection(JOB, models.BatchTaskGroup(task_values=many[:1])).result_values
    checks.equal("collection: again", [each.error.code for each in again], ["TaskExists"])
    more = [models.BatchTaskCreateOptions(id=f"more-{n}", command_line="/bin/sh -c 'exit 0'") for n in range(120)]
    results = client.create_tasks(JOB, more).result_values
    checks.equal("more tasks than one request takes", len(results), 120)


def files(checks: Checks, client: BatchClient) -> None:
    names = sorted(file.name for file in client.list_task_files(JOB, "task"))
    checks.equal("files of a task", names, ["stderr.txt", "stdout.txt", "wd"])
    checks.equal("file", b"".join(client.download_task_file(JOB, "task", "stdout.txt")), b"hello\n")
    part = client.download_task_file(JOB, "task", "stdout.txt", ocp_range="bytes=1-3")
    checks.equal("file: range", b"".join(part), b"ell")
    checks.equal("file: length", client.get_task_file_properties(JOB, "task", "stdout.txt").content_length, 6)
    client.delete_task_file(JOB, "task", "stdout.txt")
    missing(checks, "file deleted", lambda: list(client.download_task_file(JOB, "task", "stdout.txt")))
    node = client.get_task(JOB, "bad").node_info
    path = f"{node.task_root_directory}/stdout.txt"
    found = [file.name for file in client.list_node_files(POOL, node.node_id, recursive=True)]
    checks.true("files of a node", path in found, f"{path} is not in {found}")
    checks.equal("file of a node", b"".join(client.download_node_file(POOL, node.node_id, path)), b"")
    checks.equal("file of a node: length", client.get_node_file_properties(POOL, node.node_id, path).content_length, 0)
    client.delete_node_file(POOL, node.node_id, node.task_root_directory, recursive=True)
    missing(checks, "folder deleted", lambda: list(client.download_node_file(POOL, node.node_id, path)))


def job_actions(checks: Checks, client: BatchClient) -> None:
    client.begin_disable_job(JOB, models.BatchJobDisableOptions(disable_tasks="requeue"), polling_interval=0).wait()
    checks.equal("disable", client.get_job(JOB).state, "disabled")
    client.update_job(JOB, models.BatchJobUpdateOptions(pool_info=NOWHERE))
    checks.equal("update: pool of a disabled job", client.get_job(JOB).pool_info.pool_id, "nowhere")
    client.begin_enable_job(JOB, polling_interval=0).wait()
    checks.equal("enable", client.get_job(JOB).state, "active")
    client.begin_terminate_job(JOB, {"terminateReason": "enough"}, polling_interval=0).wait()
    ended = client.get_job(JOB)
    checks.equal("terminate", (ended.state, ended.execution_info.termination_reason), ("completed", "enough"))
    late = models.BatchTaskCreateOptions(id="late", command_line="x")
    code(checks, "a task for a completed job", lambda: client.create_task(JOB, late), "JobCompleted")
    client.begin_delete_job(JOB, polling_interval=0).wait()
    code(checks, "job deleted", lambda: client.get_job(JOB), "JobNotFound")


def special_tasks(checks: Checks, client: BatchClient) -> None:
    sent = models.BatchJobCreateOptions(
        id="sdk15-special",
        pool_info=models.BatchPoolInfo(pool_id=POOL),
        job_manager_task=models.BatchJobManagerTask(id="manager", command_line="/bin/sh -c 'sleep 30'"),
        job_preparation_task=models.BatchJobPreparationTask(command_line="/bin/sh -c 'echo prepared'"),
        job_release_task=models.BatchJobReleaseTask(command_line="/bin/sh -c 'echo released'"),
    )
    client.create_job(sent)
    checks.contains("special tasks", plain(client.get_job("sdk15-special")), plain(sent))
    ended = wait_for("manager ends", lambda: client.get_job("sdk15-special"), lambda job: job.state == "completed")
    checks.equal("manager: end", ended.execution_info.termination_reason, "JMComplete")
    (status,) = client.list_job_preparation_and_release_task_status("sdk15-special")
    codes = (status.job_preparation_task_execution_info.exit_code, status.job_release_task_execution_info.exit_code)
    checks.equal("preparation and release", codes, (0, 0))
    client.begin_delete_job("sdk15-special", polling_interval=0).wait()


def schedules(checks: Checks, client: BatchClient) -> None:
    sent = models.BatchJobScheduleCreateOptions(
        id=SCHEDULE,
        schedule=models.BatchJobScheduleConfiguration(recurrence_interval=timedelta(days=1), start_window=timedelta(hours=1)),
        job_specification=models.BatchJobSpecification(priority=3, pool_info=NOWHERE, metadata=METADATA),
        metadata=METADATA,
    )
    client.create_job_schedule(sent)
    checks.equal("schedule: exists", bool(client.job_schedule_exists(SCHEDULE)), True)
    checks.contains("schedule", plain(client.get_job_schedule(SCHEDULE)), plain(sent))
    first = f"{SCHEDULE}:job-1"
    wait_for("first job", lambda: client.get_job_schedule(SCHEDULE), lambda found: found.execution_info.recent_job is not None)
    checks.equal("schedule: recent job", client.get_job_schedule(SCHEDULE).execution_info.recent_job.id, first)
    checks.equal("schedule: jobs", [job.id for job in client.list_jobs_from_schedule(SCHEDULE)], [first])
    client.update_job_schedule(SCHEDULE, models.BatchJobScheduleUpdateOptions(metadata=[]))
    updated = client.get_job_schedule(SCHEDULE)
    checks.equal("schedule: update", (updated.metadata or [], updated.schedule.start_window), ([], timedelta(hours=1)))
    again = models.BatchJobSchedule(
        schedule=models.BatchJobScheduleConfiguration(),
        job_specification=models.BatchJobSpecification(priority=9, pool_info=NOWHERE),
    )
    client.replace_job_schedule(SCHEDULE, again)
    checks.equal("schedule: replace", client.get_job_schedule(SCHEDULE).job_specification.priority, 9)
    checks.equal("schedule: running job left alone", client.get_job(first).priority, 3)
    client.disable_job_schedule(SCHEDULE)
    checks.equal("schedule: disabled", client.get_job_schedule(SCHEDULE).state, "disabled")
    client.enable_job_schedule(SCHEDULE)
    checks.equal("schedule: enabled", client.get_job_schedule(SCHEDULE).state, "active")
    checks.true("schedule: listed", SCHEDULE in [each.id for each in client.list_job_schedules()])
    client.begin_terminate_job_schedule(SCHEDULE, polling_interval=0).wait()
    checks.equal("schedule: terminated", client.get_job_schedule(SCHEDULE).state, "completed")
    client.begin_delete_job_schedule(SCHEDULE, polling_interval=0).wait()
    code(checks, "schedule deleted", lambda: client.get_job_schedule(SCHEDULE), "JobScheduleNotFound")


def nodes(checks: Checks, client: BatchClient) -> None:
    (node,) = client.list_nodes(POOL)
    name = node.id
    user = models.BatchNodeUserCreateOptions(name="somebody", password="S0me-pa55word", is_admin=True)
    client.create_node_user(POOL, name, user)
    client.replace_node_user(POOL, name, "somebody", {"password": "0ther-pa55word"})
    client.delete_node_user(POOL, name, "somebody")
    code(checks, "user deleted", lambda: client.delete_node_user(POOL, name, "somebody"), "NodeUserNotFound")
    # without an option this release of the SDK cannot send these requests
    client.disable_node_scheduling(POOL, name, models.BatchNodeDisableSchedulingOptions(node_disable_scheduling_option="requeue"))
    checks.equal("scheduling off", client.get_node(POOL, name).scheduling_state, "disabled")
    client.enable_node_scheduling(POOL, name)
    checks.equal("scheduling on", client.get_node(POOL, name).scheduling_state, "enabled")
    checks.true("remote login", bool(client.get_node_remote_login_settings(POOL, name).remote_login_ip_address))
    logs = models.UploadBatchServiceLogsOptions(container_url="https://example.org/logs?x", start_time=datetime.now(UTC))
    checks.true("logs", client.upload_node_logs(POOL, name, logs).number_of_files_uploaded > 0)

    def idle() -> None:
        wait_for("idle", lambda: client.get_node(POOL, name).state, lambda state: bool(state == "idle"))

    client.begin_reboot_node(POOL, name, {"nodeRebootOption": "requeue"}, polling_interval=0).wait()
    idle()
    client.begin_reimage_node(POOL, name, {"nodeReimageOption": "requeue"}, polling_interval=0).wait()
    idle()
    client.begin_deallocate_node(POOL, name, {"nodeDeallocateOption": "requeue"}, polling_interval=0).wait()
    checks.equal("deallocated", client.get_node(POOL, name).state, "deallocated")
    client.begin_start_node(POOL, name, polling_interval=0).wait()
    idle()
    checks.equal("extensions", list(client.list_node_extensions(POOL, name)), [])


def account_wide(checks: Checks, client: BatchClient) -> None:
    images = list(client.list_supported_images())
    checks.true("images", bool(images) and all(image.node_agent_sku_id for image in images))
    counts = {each.pool_id: each for each in client.list_pool_node_counts()}
    checks.equal("node counts", counts[POOL].dedicated.total, 1)
    applications = [each.id for each in client.list_applications()]
    checks.equal("application", client.get_application(applications[0]).id, applications[0])
    checks.equal("usage", list(client.list_pool_usage_metrics()), [])


def missing(checks: Checks, what: str, call: Callable[[], object]) -> None:
    """The SDK does not read the body of an error that answers a download, so it knows the status only."""
    error = checks.raises(what, call, HttpResponseError)
    checks.equal(f"{what}: status", error and error.status_code, 404)


def code(checks: Checks, what: str, call: Callable[[], object], expected: str) -> None:
    error = checks.raises(what, call, HttpResponseError)
    if error is not None:
        checks.equal(f"{what}: code", error.error and error.error.code, expected)


if __name__ == "__main__":
    main(life)
