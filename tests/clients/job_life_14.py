"""Jobs, tasks, files, schedules, certificates and node actions through azure-batch 14.2.0 and 9.0.0 (SharedKey, api-versions
2024-02-01.19.0 and 2020-03-01.11.0): each operation of the SDK; what was sent is read back. Runs in its environment."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from azure.batch import BatchServiceClient, models
from azure.batch.batch_auth import SharedKeyCredentials
from checks import Checks, main, wait_for
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

POOL, JOB, SCHEDULE = "sdk-runner", "sdk-job", "sdk-schedule"
IMAGE = models.VirtualMachineConfiguration(
    image_reference=models.ImageReference(publisher="canonical", offer="ubuntu-24_04-lts", sku="server"),
    node_agent_sku_id="batch.node.ubuntu 24.04",
)
METADATA = [models.MetadataItem(name="owner", value="tests")]
SLOTS = "task_slots_per_node" if "task_slots_per_node" in models.PoolAddParameter._attribute_map else "max_tasks_per_node"


def life(checks: Checks, url: str, account: str, key: str) -> None:
    client = BatchServiceClient(SharedKeyCredentials(account, key), batch_url=url)
    runner(client)
    jobs(checks, client)
    job_updates(checks, client)
    tasks(checks, client)
    collections(checks, client)
    dependencies(checks, client)
    files(checks, client)
    job_actions(checks, client)
    special_tasks(checks, client)
    schedules(checks, client)
    certificates(checks, client)
    nodes(checks, client)
    account_wide(checks, client)
    client.pool.delete(POOL)


def runner(client: BatchServiceClient) -> None:
    """A pool of one node with four slots, idle."""
    client.pool.add(
        models.PoolAddParameter(
            id=POOL, vm_size="standard_d2s_v3", virtual_machine_configuration=IMAGE, target_dedicated_nodes=1, **{SLOTS: 4}
        )
    )
    wait_for("idle", lambda: [n.state for n in client.compute_node.list(POOL)], lambda states: states == ["idle"])


def job_body(name: str = JOB, pool: str = POOL, **more: Any) -> models.JobAddParameter:
    return models.JobAddParameter(id=name, pool_info=models.PoolInformation(pool_id=pool), **more)


def jobs(checks: Checks, client: BatchServiceClient) -> None:
    sent = job_body(
        display_name="A job with äöü",
        priority=100,
        constraints=models.JobConstraints(max_wall_clock_time=timedelta(days=2), max_task_retry_count=2),
        common_environment_settings=[models.EnvironmentSetting(name="A", value="1")],
        metadata=METADATA,
        uses_task_dependencies=True,
    )
    client.job.add(sent)
    job = client.job.get(JOB)
    checks.contains("job", job.as_dict(), sent.as_dict())
    checks.equal("job: state", job.state, models.JobState.active)
    checks.equal("job: pool", job.execution_info.pool_id, POOL)
    checks.equal("job: actions", (job.on_all_tasks_complete, job.on_task_failure), ("noaction", "noaction"))
    code(checks, "job again", lambda: client.job.add(sent), "JobExists")
    listed = {each.id: each for each in client.job.list(models.JobListOptions(filter="state eq 'active'"))}
    checks.equal("job: same as listed", listed[JOB].as_dict(), job.as_dict())
    chosen = client.job.get(JOB, models.JobGetOptions(select="id,priority"))
    checks.equal("job: select", set(chosen.as_dict()), {"id", "priority"})
    checks.true("job: stats only when asked for", job.stats is None)
    if hasattr(client.job, "get_all_lifetime_statistics"):
        checks.equal("job: lifetime", client.job.get_all_lifetime_statistics().num_failed_tasks, 0)


def job_updates(checks: Checks, client: BatchServiceClient) -> None:
    before = client.job.get(JOB)
    client.job.patch(JOB, models.JobPatchParameter(priority=-5))
    after = client.job.get(JOB)
    checks.equal("patch: priority", after.priority, -5)
    checks.equal("patch: constraints kept", after.constraints.as_dict(), before.constraints.as_dict())
    checks.equal("patch: metadata kept", [m.as_dict() for m in after.metadata], [m.as_dict() for m in METADATA])
    checks.true("patch: new ETag", after.e_tag != before.e_tag)
    client.job.update(JOB, models.JobUpdateParameter(pool_info=models.PoolInformation(pool_id=POOL)))
    after = client.job.get(JOB)
    checks.equal("update: reset", (after.priority, after.metadata or []), (0, []))
    checks.equal("update: retry count", after.constraints.max_task_retry_count, 0)
    checks.equal("update: name kept", after.display_name, before.display_name)
    stale = models.JobPatchOptions(if_match="0x8D00000000000AA")
    code(checks, "patch, stale ETag", lambda: client.job.patch(JOB, models.JobPatchParameter(), stale), "ConditionNotMet")


def completed(client: BatchServiceClient, task: str, job: str = JOB) -> models.CloudTask:
    return wait_for(f"{task} ends", lambda: client.task.get(job, task), lambda found: found.state == models.TaskState.completed)


def tasks(checks: Checks, client: BatchServiceClient) -> None:
    sent = models.TaskAddParameter(
        id="task",
        display_name="ä",
        command_line="/bin/sh -c 'echo hello'",
        environment_settings=[models.EnvironmentSetting(name="B", value="2")],
        constraints=models.TaskConstraints(
            max_wall_clock_time=timedelta(hours=1), retention_time=timedelta(hours=2), max_task_retry_count=1
        ),
        user_identity=models.UserIdentity(auto_user=models.AutoUserSpecification(scope="task", elevation_level="admin")),
    )
    client.task.add(JOB, sent)
    task = client.task.get(JOB, "task")
    checks.contains("task", task.as_dict(), sent.as_dict())
    code(checks, "task again", lambda: client.task.add(JOB, sent), "TaskExists")
    ended = completed(client, "task")
    info = ended.execution_info
    checks.equal("task: end", (info.exit_code, info.result, info.retry_count), (0, "success", 0))
    checks.true("task: times", info.start_time <= info.end_time)
    checks.equal("task: pool", ended.node_info.pool_id, POOL)
    client.task.update(JOB, "task", constraints=models.TaskConstraints(max_task_retry_count=7))
    after = client.task.get(JOB, "task").constraints
    checks.equal("task: update", (after.max_task_retry_count, after.retention_time), (7, timedelta(days=7)))
    client.task.add(JOB, models.TaskAddParameter(id="bad", command_line="/bin/sh -c 'exit 3'"))
    failed = completed(client, "bad").execution_info
    checks.equal("task: failure", (failed.exit_code, failed.result, failed.failure_info.category), (3, "failure", "usererror"))
    code(checks, "reactivate a success", lambda: client.task.reactivate(JOB, "task"), "TaskSucceeded")
    client.task.reactivate(JOB, "bad")
    completed(client, "bad")
    client.task.add(JOB, models.TaskAddParameter(id="long", command_line="/bin/sh -c 'sleep 86000'"))
    client.task.terminate(JOB, "long")
    checks.equal("task: terminated", completed(client, "long").execution_info.failure_info.code, "TaskEnded")
    code(checks, "terminate twice", lambda: client.task.terminate(JOB, "long"), "TaskCompleted")
    client.task.delete(JOB, "long")
    code(checks, "task deleted", lambda: client.task.get(JOB, "long"), "TaskNotFound")
    checks.equal("subtasks", client.task.list_subtasks(JOB, "task").value or [], [])
    counts = client.job.get_task_counts(JOB)
    counts = getattr(counts, "task_counts", counts)
    checks.equal("counts", (counts.completed, counts.succeeded, counts.failed), (2, 1, 1))
    states = models.TaskListOptions(filter="state eq 'completed'", select="id,state", max_results=1)
    checks.equal("tasks: pages", sorted(each.id for each in client.task.list(JOB, states)), ["bad", "task"])


def collections(checks: Checks, client: BatchServiceClient) -> None:
    batch = [models.TaskAddParameter(id=f"many-{n}", command_line="/bin/sh -c 'exit 0'") for n in range(3)]
    results = client.task.add_collection(JOB, batch).value
    checks.equal("collection", sorted((each.task_id, each.status) for each in results), [(each.id, "success") for each in batch])
    for each in batch:
        completed(client, each.id)
    try:
        results = client.task.add_collection(JOB, batch[:1]).value
        checks.equal("collection: again", [each.error.code for each in results], ["TaskExists"])
    except Exception as error:  # each release of the SDK has an exception of its own for what the service reports as a result
        codes = [each.error.code for each in getattr(error, "failure_tasks", [])]
        checks.true("collection: again", codes == ["TaskExists"], repr(error))


def dependencies(checks: Checks, client: BatchServiceClient) -> None:
    depends = models.TaskDependencies(task_ids=["many-0"], task_id_ranges=[models.TaskIdRange(start=1, end=2)])
    client.task.add(JOB, models.TaskAddParameter(id="after", command_line="/bin/sh -c 'exit 0'", depends_on=depends))
    checks.contains("dependencies", client.task.get(JOB, "after").depends_on.as_dict(), depends.as_dict())
    for name in ("1", "2"):
        client.task.add(JOB, models.TaskAddParameter(id=name, command_line="/bin/sh -c 'exit 0'"))
    checks.equal("dependencies: satisfied", completed(client, "after").execution_info.exit_code, 0)


def files(checks: Checks, client: BatchServiceClient) -> None:
    names = sorted(file.name for file in client.file.list_from_task(JOB, "task"))
    checks.equal("files of a task", names, ["stderr.txt", "stdout.txt", "wd"])
    checks.equal("file", b"".join(client.file.get_from_task(JOB, "task", "stdout.txt")), b"hello\n")
    part = models.FileGetFromTaskOptions(ocp_range="bytes=1-3")
    checks.equal("file: range", b"".join(client.file.get_from_task(JOB, "task", "stdout.txt", part)), b"ell")
    answer = client.file.get_properties_from_task(JOB, "task", "stdout.txt", raw=True)
    checks.equal("file: length", int(answer.response.headers["Content-Length"]), 6)
    client.file.delete_from_task(JOB, "task", "stdout.txt")
    code(checks, "file deleted", lambda: list(client.file.get_from_task(JOB, "task", "stdout.txt")), "FileNotFound")
    node = client.task.get(JOB, "bad").node_info
    deep = models.FileListFromComputeNodeOptions(filter="startswith(name,'workitems')")
    found = [
        file.name
        for file in client.file.list_from_compute_node(
            POOL, node.node_id, recursive=True, file_list_from_compute_node_options=deep
        )
    ]
    path = f"{node.task_root_directory}/stdout.txt"
    checks.true("files of a node", path in found, f"{path} is not in {found}")
    checks.equal("file of a node", b"".join(client.file.get_from_compute_node(POOL, node.node_id, path)), b"")
    client.file.get_properties_from_compute_node(POOL, node.node_id, path)
    client.file.delete_from_compute_node(POOL, node.node_id, node.task_root_directory, recursive=True)
    code(checks, "folder deleted", lambda: list(client.file.get_from_compute_node(POOL, node.node_id, path)), "FileNotFound")


def in_state(client: BatchServiceClient, job: str, state: str) -> models.CloudJob:
    return wait_for(f"{job} {state}", lambda: client.job.get(job), lambda found: found.state == state)


def job_actions(checks: Checks, client: BatchServiceClient) -> None:
    client.job.disable(JOB, "requeue")
    disabled = in_state(client, JOB, "disabled")
    checks.equal("disable: before", disabled.previous_state, "disabling")
    client.job.patch(JOB, models.JobPatchParameter(pool_info=models.PoolInformation(pool_id="nowhere")))
    checks.equal("patch: pool of a disabled job", client.job.get(JOB).pool_info.pool_id, "nowhere")
    client.job.enable(JOB)
    checks.equal("enable", in_state(client, JOB, "active").state, "active")
    client.job.terminate(JOB, terminate_reason="enough")
    ended = in_state(client, JOB, "completed")
    checks.equal("terminate", ended.execution_info.terminate_reason, "enough")
    code(
        checks,
        "a task for a completed job",
        lambda: client.task.add(JOB, models.TaskAddParameter(id="late", command_line="x")),
        "JobCompleted",
    )
    client.job.delete(JOB)
    gone(checks, "job deleted", lambda: client.job.get(JOB), "JobNotFound")


def special_tasks(checks: Checks, client: BatchServiceClient) -> None:
    sent = job_body(
        "sdk-special",
        job_manager_task=models.JobManagerTask(id="manager", command_line="/bin/sh -c 'sleep 30'", kill_job_on_completion=True),
        job_preparation_task=models.JobPreparationTask(command_line="/bin/sh -c 'echo prepared'"),
        job_release_task=models.JobReleaseTask(command_line="/bin/sh -c 'echo released'"),
    )
    client.job.add(sent)
    checks.contains("special tasks", client.job.get("sdk-special").as_dict(), sent.as_dict())
    ended = in_state(client, "sdk-special", "completed")
    checks.equal("manager: end", ended.execution_info.terminate_reason, "JMComplete")
    (status,) = client.job.list_preparation_and_release_task_status("sdk-special")
    states = (status.job_preparation_task_execution_info.exit_code, status.job_release_task_execution_info.exit_code)
    checks.equal("preparation and release", states, (0, 0))
    client.job.delete("sdk-special")


def schedules(checks: Checks, client: BatchServiceClient) -> None:
    sent = models.JobScheduleAddParameter(
        id=SCHEDULE,
        schedule=models.Schedule(recurrence_interval=timedelta(days=1), start_window=timedelta(hours=1)),
        job_specification=models.JobSpecification(
            priority=3, pool_info=models.PoolInformation(pool_id="nowhere"), metadata=METADATA
        ),
        metadata=METADATA,
    )
    client.job_schedule.add(sent)
    checks.equal("schedule: exists", client.job_schedule.exists(SCHEDULE), True)
    found = client.job_schedule.get(SCHEDULE)
    checks.contains("schedule", found.as_dict(), sent.as_dict())
    recent = wait_for("first job", lambda: client.job_schedule.get(SCHEDULE), lambda s: s.execution_info.recent_job is not None)
    first = recent.execution_info.recent_job.id
    checks.equal("schedule: first job", first, f"{SCHEDULE}:job-1")
    checks.equal("schedule: jobs", [job.id for job in client.job.list_from_job_schedule(SCHEDULE)], [first])
    checks.equal("schedule: priority of the job", client.job.get(first).priority, 3)
    client.job_schedule.patch(SCHEDULE, models.JobSchedulePatchParameter(metadata=[]))
    patched = client.job_schedule.get(SCHEDULE)
    checks.equal("schedule: patch", (patched.metadata or [], patched.schedule.start_window), ([], timedelta(hours=1)))
    again = models.JobSpecification(priority=9, pool_info=models.PoolInformation(pool_id="nowhere"))
    client.job_schedule.update(SCHEDULE, models.JobScheduleUpdateParameter(schedule=models.Schedule(), job_specification=again))
    checks.equal("schedule: update", client.job_schedule.get(SCHEDULE).job_specification.priority, 9)
    checks.equal("schedule: running job left alone", client.job.get(first).priority, 3)
    client.job_schedule.disable(SCHEDULE)
    checks.equal("schedule: disabled", client.job_schedule.get(SCHEDULE).state, "disabled")
    client.job_schedule.enable(SCHEDULE)
    checks.equal("schedule: enabled", client.job_schedule.get(SCHEDULE).state, "active")
    checks.true("schedule: listed", SCHEDULE in [each.id for each in client.job_schedule.list()])
    client.job_schedule.terminate(SCHEDULE)
    wait_for("schedule ends", lambda: client.job_schedule.get(SCHEDULE), lambda s: s.state == "completed")
    client.job_schedule.delete(SCHEDULE)
    gone(checks, "schedule deleted", lambda: client.job_schedule.get(SCHEDULE), "JobScheduleNotFound")


def certificate() -> models.CertificateAddParameter:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sdk")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
    signed = built.sign(key, hashes.SHA256())
    data = base64.b64encode(signed.public_bytes(serialization.Encoding.DER)).decode()
    thumbprint = signed.fingerprint(hashes.SHA1()).hex()
    return models.CertificateAddParameter(
        thumbprint=thumbprint, thumbprint_algorithm="sha1", data=data, certificate_format=models.CertificateFormat.cer
    )


def certificates(checks: Checks, client: BatchServiceClient) -> None:
    sent = certificate()
    client.certificate.add(sent)
    key = ("sha1", sent.thumbprint)
    found = client.certificate.get(*key)
    checks.equal("certificate", (found.thumbprint.lower(), found.state), (sent.thumbprint, "active"))
    checks.true("certificates: listed", sent.thumbprint in [each.thumbprint.lower() for each in client.certificate.list()])
    reference = models.CertificateReference(thumbprint=sent.thumbprint, thumbprint_algorithm="sha1")
    pool = {
        "id": "sdk-certified",
        "vm_size": "standard_d2s_v3",
        "virtual_machine_configuration": IMAGE,
        "target_dedicated_nodes": 0,
    }
    client.pool.add(models.PoolAddParameter(certificate_references=[reference], **pool))
    client.certificate.delete(*key)
    failed = wait_for("deletion fails", lambda: client.certificate.get(*key), lambda c: c.state == "deletefailed")
    checks.true("certificate: why", failed.delete_certificate_error is not None)
    client.certificate.cancel_deletion(*key)
    checks.equal("certificate: kept", client.certificate.get(*key).state, "active")
    client.pool.delete("sdk-certified")
    gone(checks, "pool with certificate", lambda: client.pool.get("sdk-certified"), "PoolNotFound")
    client.certificate.delete(*key)
    gone(checks, "certificate deleted", lambda: client.certificate.get(*key), "CertificateNotFound")


def nodes(checks: Checks, client: BatchServiceClient) -> None:
    (node,) = client.compute_node.list(POOL)
    name = node.id
    client.compute_node.add_user(POOL, name, models.ComputeNodeUser(name="somebody", password="S0me-pa55word", is_admin=True))
    client.compute_node.update_user(POOL, name, "somebody", models.NodeUpdateUserParameter(password="0ther-pa55word"))
    client.compute_node.delete_user(POOL, name, "somebody")
    code(checks, "user deleted", lambda: client.compute_node.delete_user(POOL, name, "somebody"), "NodeUserNotFound")
    client.compute_node.disable_scheduling(POOL, name)
    checks.equal("scheduling off", client.compute_node.get(POOL, name).scheduling_state, "disabled")
    client.compute_node.enable_scheduling(POOL, name)
    checks.equal("scheduling on", client.compute_node.get(POOL, name).scheduling_state, "enabled")
    checks.true("remote login", bool(client.compute_node.get_remote_login_settings(POOL, name).remote_login_ip_address))
    logs = models.UploadBatchServiceLogsConfiguration(container_url="https://example.org/logs?x", start_time=datetime.now(UTC))
    checks.true("logs", client.compute_node.upload_batch_service_logs(POOL, name, logs).number_of_files_uploaded > 0)
    idle = lambda found: found.state == models.ComputeNodeState.idle  # noqa: E731
    client.compute_node.reboot(POOL, name)
    wait_for("rebooted", lambda: client.compute_node.get(POOL, name), idle)
    client.compute_node.reimage(POOL, name)
    wait_for("reimaged", lambda: client.compute_node.get(POOL, name), idle)


def account_wide(checks: Checks, client: BatchServiceClient) -> None:
    images = list(client.account.list_supported_images())
    checks.true("images", bool(images) and all(image.node_agent_sku_id for image in images))
    counts = {each.pool_id: each for each in client.account.list_pool_node_counts()}
    checks.equal("node counts", counts[POOL].dedicated.total, 1)
    applications = [each.id for each in client.application.list()]
    checks.true("applications", bool(applications))
    checks.equal("application", client.application.get(applications[0]).id, applications[0])
    usage = models.PoolListUsageMetricsOptions(start_time=datetime.now(UTC) - timedelta(days=1))
    checks.equal("usage", list(client.pool.list_usage_metrics(usage)), [])


def gone(checks: Checks, what: str, read: Any, expected: str) -> None:
    """Sooner or later the read fails with that code."""

    def fails() -> str:
        try:
            read()
        except models.BatchErrorException as error:
            return str(error.error.code)
        return ""

    checks.equal(what, wait_for(what, fails, bool), expected)


def code(checks: Checks, what: str, call: Any, expected: str) -> None:
    error = checks.raises(what, call, models.BatchErrorException)
    if error is not None:
        checks.equal(f"{what}: code", error.error.code, expected)


if __name__ == "__main__":
    main(life)
