"""A broken data file is told by file, line and what is wrong; a sound one resolves to the records of one api-version."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conformance import contract
from conformance.contract import ContractDataError, Plane, source
from conformance.contract.load import DATA, read, read_plane

VERSIONS = ["2020-01-01", "2021-01-01"]
RESOURCE = """\
operations:
  Thing_Get:
    method: GET
    path: "/things/{thingId}"
    kind: get
    parameters: [common, thingId]
    success: {200: Thing}
  Thing_Add:
    method: POST
    path: "/things"
    kind: create
    since: "2021-01-01"
    request: Thing
    success: {201: null}
entities:
  thing: {model: Thing, path: "/things/{thingId}", collection: "/things"}
models:
  Thing:
    id: {type: string, required: true}
    color: {enum: Color}
    parts: {items: Part, since: "2021-01-01"}
  Part:
    name: {type: string}
rules:
  Thing:
    exactly_one: [[color, parts]]
enums:
  Color: [red, {value: green, until: "2020-01-01"}]
"""
PARAMETERS = """\
groups:
  common: [api-version]
parameters:
  api-version: {in: query, type: string, required: true}
  thingId: {in: path, type: string, required: true}
"""


def plane_with(folder: Path, resource: str = RESOURCE, parameters: str = PARAMETERS) -> Path:
    (folder / "things.yaml").write_text(resource, encoding="utf-8")
    (folder / "parameters.yaml").write_text(parameters, encoding="utf-8")
    return folder


def test_a_sound_plane_loads(tmp_path: Path) -> None:
    files, parameters = read_plane(plane_with(tmp_path), VERSIONS)
    assert set(files["things"].operations) == {"Thing_Get", "Thing_Add"}
    assert set(parameters.parameters) == {"api-version", "thingId"}


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("    kind: get\n", "    kind: fetch\n", 5, "kind: Input should be"),
        ("    kind: get\n", "    kind: get\n    colour: red\n", 6, "colour: Extra inputs are not permitted"),
        ("    method: GET\n", "    method: [\n", 5, "not YAML"),
        ("    method: GET\n", "\tmethod: GET\n", 3, "not YAML"),
        (
            'since: "2021-01-01"\n    request',
            'since: "2021-01-02"\n    request',
            12,
            "since: versions.yaml has no api-version 2021-01-02",
        ),
        (
            'parts: {items: Part, since: "2021',
            'parts: {items: Part, since: "2022',
            21,
            "versions.yaml has no api-version 2022-01-01",
        ),
        ('until: "2020-01-01"', 'until: "2019-01-01"', 28, "versions.yaml has no api-version 2019-01-01"),
        ("required: true}\n    color", "required: maybe}\n    color", 19, "required"),
        ("{type: string, required: true}\n    color", "{type: text}\n    color", 19, "type"),
        ("{enum: Color}", "{enum: Colour}", 20, "enum: no enum Colour"),
        ("items: Part,", "items: Peace,", 21, "items: no model Peace"),
        ("{enum: Color}", "{ref: Paint}", 20, "ref: no model Paint"),
        ("success: {200: Thing}", "success: {200: Think}", 7, "no model Think"),
        ("request: Thing\n", "request: Think\n", 13, "no model Think"),
        ("[common, thingId]", "[common, thinkId]", 6, "no parameter thinkId"),
        ("[common, thingId]", "[common, {name: thingId, untill: x}]", 6, "untill: Extra inputs are not permitted"),
        ("    kind: get\n", "    kind: get\n    entity: think\n", 6, "no entity think"),
        ("thing: {model: Thing,", "thing: {model: Think,", 16, "no model Think"),
        ("thing: {model: Thing,", "thing: {model: Thing, fixed: [shape],", 16, "fixed: Thing has no property shape"),
        ("thing: {model: Thing,", "thing: {model: Thing, volatile: [shape],", 16, "volatile: Thing has no property shape"),
        (
            "thing: {model: Thing,",
            "thing: {model: Thing, lifecycles: {color: {starts: [blue]}},",
            16,
            "no such state: blue",
        ),
        (
            "thing: {model: Thing,",
            "thing: {model: Thing, lifecycles: {color: {starts: [red], after: {Thing_Dye: [green]}}},",
            16,
            "no operation Thing_Dye",
        ),
        ("exactly_one: [[color, parts]]", "exactly_one: [[color, pieces]]", 25, "Thing has no property pieces"),
        ("rules:\n  Thing:", "rules:\n  Think:", 25, "no model Think in this file"),
    ],
)
def test_a_broken_file_is_told_by_file_line_and_reason(tmp_path: Path, old: str, new: str, line: int, what: str) -> None:
    assert old in RESOURCE
    folder = plane_with(tmp_path, RESOURCE.replace(old, new))
    with pytest.raises(ContractDataError) as told:
        read_plane(folder, VERSIONS)
    message = str(told.value)
    assert message.startswith(f"{folder / 'things.yaml'}:{line}: "), message
    assert what in message


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("common: [api-version]", "common: [api-versions]", 2, "no parameter api-versions"),
        ("in: query", "in: body", 4, "Input should be"),
        ("thingId: {in: path,", 'thingId: {until: "1999-01-01", in: path,', 5, "versions.yaml has no api-version 1999-01-01"),
    ],
)
def test_a_broken_parameters_file(tmp_path: Path, old: str, new: str, line: int, what: str) -> None:
    folder = plane_with(tmp_path, parameters=PARAMETERS.replace(old, new))
    with pytest.raises(ContractDataError) as told:
        read_plane(folder, VERSIONS)
    assert str(told.value).startswith(f"{folder / 'parameters.yaml'}:{line}: ")
    assert what in str(told.value)


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContractDataError, match=r"things\.yaml:1: "):
        read_plane(plane_with(tmp_path, ""), VERSIONS)


@pytest.mark.parametrize("name", ["versions.yaml", "errors.yaml"])
def test_the_tables_beside_the_planes_are_checked_too(tmp_path: Path, name: str) -> None:
    shape = source.VersionsFile if name == "versions.yaml" else source.ErrorsFile
    copy = Path(shutil.copy(DATA / name, tmp_path))
    read(copy, shape)
    copy.write_text(copy.read_text(encoding="utf-8") + "\nsurprise: 1\n", encoding="utf-8")
    with pytest.raises(ContractDataError, match="surprise: Extra inputs are not permitted"):
        read(copy, shape)


@pytest.mark.parametrize("plane", list(Plane))
def test_every_model_enum_and_rule_of_the_data_is_used(plane: Plane) -> None:
    files, _ = read_plane(DATA / plane, [v.name for v in contract.versions(plane)])
    used = {name for v in contract.versions(plane) for name in contract.at(v.name, plane).models}
    written = {name for file in files.values() for name in file.models}
    assert written == used
    enums = {e.enum for f in files.values() for m in f.models.values() for p in m.values() for e in p if e.enum}
    assert {name for file in files.values() for name in file.enums} == enums


def test_loading_is_cheap_and_leaves_the_other_plane_alone() -> None:
    """The budget of the issue is 0.3 s of CPU; a loaded machine gets some slack, as CPU time swings with it."""
    code = (
        "import time, sys\n"
        "from conformance import contract\n"
        "from conformance.contract import load\n"
        "contract.at('2022-01-01.15.0')\n"
        "print(time.process_time(), load._sources.cache_info().currsize, 'conformance.contract.openapi' in sys.modules)\n"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() for _ in range(3)
    ]
    assert min(float(cpu) for cpu, _, _ in runs) < 0.45
    assert {(planes, rendered) for _, planes, rendered in runs} == {("1", "False")}
