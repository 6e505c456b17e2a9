"""What a run does around its scenarios: it asks first, cleans up, leaves nothing, and is not there when no target is named."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CREATE = """
@pytest.mark.requirement("pools.one")
def test_create(batch, expect):
    pool = batch.create_pool(displayName="x")
    assert pool.startswith("bcs-" + batch.run_id)
    expect.equal("pools.one", batch.get_pool(pool)["id"], pool)
"""


def test_what_was_created_is_deleted(run, server, state):  # type: ignore[no-untyped-def]
    ran = run(CREATE)
    assert ran.code == 0
    assert server.pools == set()
    assert [s for s in server.seen if s.startswith("DELETE /pools/bcs-")] != []
    assert list(state.iterdir()) == []


def test_what_a_failing_scenario_created_is_deleted(run, server, state):  # type: ignore[no-untyped-def]
    run(CREATE + "    raise KeyboardInterrupt")
    assert server.pools == set()
    assert list(state.iterdir()) == []


def test_an_interrupted_run_is_reported(run, server):  # type: ignore[no-untyped-def]
    ran = run(CREATE + '    raise KeyboardInterrupt\n@pytest.mark.requirement("pools.two")\ndef test_two(expect):\n    pass')
    assert ran.code == 2
    assert ran.report.notes[0].startswith("interrupted")
    assert not ran.report.summary.conformant
    assert "\nCONFORMANT" not in ran.result.stdout.str()
    assert ran.verdict("pools.two")[0] == "untested"


@pytest.mark.parametrize("option", ["--junitxml=report/file/junit.xml", "--setup-show"])
def test_the_target_is_cleaned_though_no_report_can_be_written(run, server, state, option):  # type: ignore[no-untyped-def]
    # the first option makes pytest's own plugin fail, the second leaves it to ours
    spoil = "    from pathlib import Path\n    Path('report').mkdir()\n    Path('report/file').touch()\n"
    spoil += "" if "junit" in option else "    Path('report/exchanges.jsonl').mkdir()\n"
    ran = run(CREATE + spoil, option)
    assert (ran.code, server.pools, list(state.iterdir())) == (3, set(), [])
    ran.result.stdout.fnmatch_lines(["the report could not be written: *"])


def test_what_cannot_be_deleted_is_told_and_stays_on_the_ledger(run, server, state):  # type: ignore[no-untyped-def]
    known = server.answer

    def stubborn(method, path, body):  # type: ignore[no-untyped-def]
        return (500, None) if method == "DELETE" else known(method, path, body)

    server.answer = stubborn
    ran = run(CREATE)
    assert any(note.startswith("left behind: /pools/bcs-") and "500" in note for note in ran.report.notes)
    (work,) = state.iterdir()
    assert any("intent" in ledger.read_text() for ledger in work.glob("ledger-*.jsonl"))


def test_a_refused_creation_needs_no_deletion(run, server):  # type: ignore[no-untyped-def]
    known = server.answer
    server.answer = lambda m, p, b: (409, {"code": "PoolExists"}) if m == "POST" else known(m, p, b)
    ran = run(CREATE)
    assert ran.verdict("pools.one") == ("untested", "Pool_Add was refused: POST /pools answered 409 PoolExists")
    assert not [s for s in server.seen if s.startswith("DELETE")]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (500, "answers 500"),
        (401, "the target wants credentials: --auth"),
        (429, "the target throttles"),
        (302, "redirected"),
        (204, "not with JSON: this is no Batch endpoint"),
    ],
)
def test_an_endpoint_that_is_none_ends_the_run_before_any_scenario(run, server, status, told):  # type: ignore[no-untyped-def]
    server.status = status
    ran = run(CREATE)
    assert ran.code == 3
    ran.result.stdout.fnmatch_lines([f"*Exit: {server.url}: GET /pools?maxresults=1 *{told}*"])
    assert len(server.seen) == 1
    assert not ran.folder.exists()


def test_a_target_that_goes_away_stops_the_run(run, server):  # type: ignore[no-untyped-def]
    source = """
@pytest.mark.parametrize("n", range(20))
@pytest.mark.requirement("pools.one")
def test_gone(batch, expect, n):
    batch.call("Pool_Get", poolId="last")
"""
    known = server.answer

    def vanish(method, path, body):  # type: ignore[no-untyped-def]
        server.hangs_up = path == "/pools/last"
        return known(method, path, body)

    server.answer = vanish
    ran = run(source)
    assert (ran.code, ran.verdict("pools.one")[0]) == (3, "error")
    assert "the target broke off" in ran.verdict("pools.one")[1]
    ran.result.assert_outcomes(failed=4)


def test_secrets_reach_no_file(run, server, state, monkeypatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("BATCH_ACCOUNT_KEY", "c2VjcmV0LWtleS1vZi10aGlzLXJ1bg==")
    source = CREATE + "    e = batch.call('Pool_Get', poolId=pool)\n"
    source += "    expect.equal('pools.one', e.response.json, {}, exchange=e, what=e.request.headers['authorization'])"
    known = server.answer
    server.answer = lambda m, p, b: (500, None) if m == "DELETE" else known(m, p, b)  # keeps the work folder
    ran = run(source, "--auth=shared-key", "--account=acct")
    assert ran.verdict("pools.one")[0] == "failed"
    written = [p for folder in (ran.folder, state) for p in folder.rglob("*") if p.is_file()]
    assert len(written) >= 4
    for path in written:
        text = path.read_text()
        for secret in ("c2VjcmV0LWtleS", "hunter2"):
            assert secret not in text, path
        assert "SharedKey acct:" not in text or "SharedKey acct:SCRUBBED" in text


def test_wrong_options_are_a_usage_error(run):  # type: ignore[no-untyped-def]
    for option, told in [
        ("--profile=pool", "did you mean `pools`"),
        ("--api-version=1", "unknown api-version"),
        ("--requirement=x", "no req"),
    ]:
        ran = run(CREATE, option)
        assert ran.code == 4
        ran.result.stderr.fnmatch_lines([f"*{told}*"])


def test_workers_share_the_run(run, server, state, monkeypatch):  # type: ignore[no-untyped-def]
    # processes of their own: they know the real catalogue
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    source = """
from conformance.requirements import load
ID = next(r.id for r in load().at("2025-06-01") if r.profile == "pools" and not r.rule)
@pytest.mark.requirement(ID)
@pytest.mark.parametrize("n", range(6))
def test_create(batch, expect, n):
    pool = batch.create_pool()
    exchange = batch.call("Pool_Get", poolId=pool)
    expect(ID, n != 3, exchange=exchange, actual=pool)
"""
    ran = run(source, "-p", "xdist.plugin", "-n2", "--requirement=pools.*", subprocess=True)
    ran.result.assert_outcomes(passed=5, failed=1)
    assert ran.code == 1
    assert server.pools == set()
    created = [s for s in server.seen if s.startswith("DELETE")]
    assert len(set(created)) == 6
    failed = next(e for r in ran.report.requirements for e in r.evidence if e.kind == "scenario" and e.outcome == "against")
    assert failed.exchange is not None and failed.actual in failed.exchange.url
    assert ran.report.exchanges == len(server.seen)
    assert list(state.iterdir()) == []


def test_nothing_happens_without_a_target(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest("def pytest_addoption(parser):\n    parser.addoption('--account'); parser.addoption('--auth')")
    pytester.makepyfile(
        "import sys\ndef test(request):\n"
        "    assert not request.config.pluginmanager.has_plugin('batch-fixtures')\n"
        "    assert request.config.getoption('--account') == 'mine'"
    )
    result = pytester.runpytest_inprocess(
        "-p", "conformance.plugin", "-p", "no:cacheprovider", "--strict-markers", "--account=mine"
    )
    result.assert_outcomes(passed=1)


def test_the_plugin_costs_no_import_without_a_target(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    pytester.makepyfile(
        "import sys\ndef test():\n    heavy = {'httpx', 'pydantic', 'yaml', 'conformance.contract', 'conformance.judge'}\n"
        "    assert not heavy & set(sys.modules)"
    )
    result = pytester.runpytest_subprocess("-p", "conformance.plugin", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)


def test_scenarios_without_a_target_say_what_to_do(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    folder = pytester.mkdir("scenarios")
    (folder / "test_x.py").write_text("import pytest\n@pytest.mark.requirement('a.b')\ndef test(batch):\n    pass")
    result = pytester.runpytest_inprocess("-p", "conformance.plugin", "-p", "no:cacheprovider", "scenarios")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*scenarios need a target: pytest scenarios --endpoint URL*"])
