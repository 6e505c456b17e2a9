"""Recordings in archives: read where they stand, and never written anywhere."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.exchange import BrokenEntry, Exchange, archives, content, read_recordings

GOOD = Path(__file__).parent.parent / "fixtures" / "recordings" / "good"
FILES = {str(p.relative_to(GOOD)): p.read_bytes() for p in sorted(GOOD.rglob("*")) if p.is_file()}

Pack = Callable[[Path, dict[str, bytes]], Path]


def zipped(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def tarred(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "a.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


both = pytest.mark.parametrize("pack", [zipped, tarred])


def _read(*paths: Path, in_time: bool = False) -> tuple[list[Exchange], list[BrokenEntry], list[BrokenEntry]]:
    skipped: list[BrokenEntry] = []
    found = list(read_recordings(paths, skipped, in_time))
    return (
        [e for e in found if isinstance(e, Exchange)],
        [e for e in found if isinstance(e, BrokenEntry)],
        skipped,
    )


@both
@pytest.mark.parametrize("in_time", [False, True])
def test_an_archive_is_read_as_the_folder_would_be(tmp_path: Path, pack: Pack, in_time: bool) -> None:
    path = pack(tmp_path, FILES)
    found, broken, skipped = _read(path, in_time=in_time)
    plain, _, left_out = _read(GOOD, in_time=in_time)
    assert broken == []
    told = {e.source.removeprefix(f"{path}/"): (e.request.url, e.response.body) for e in found}
    assert told == {e.source.removeprefix(f"{GOOD}/"): (e.request.url, e.response.body) for e in plain}
    assert {Path(s.place).name for s in skipped} == {Path(s.place).name for s in left_out}
    assert sorted(os.listdir(tmp_path)) == [path.name]


@both
def test_an_archive_in_a_folder_is_read_too(tmp_path: Path, pack: Pack) -> None:
    pack(tmp_path, {"x/pool.yaml": FILES["pool.yaml"]})
    (tmp_path / "b.json").write_bytes(FILES["pool.json"])
    assert len(_read(tmp_path)[0]) == 3


@both
def test_a_large_one_is_read_from_front_to_back(tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_HELD", 10)
    assert len(_read(pack(tmp_path, FILES), in_time=True)[0]) == 5


@both
def test_names_lead_nowhere(tmp_path: Path, pack: Pack) -> None:
    path = pack(
        tmp_path, {"../../up.yaml": FILES["pool.yaml"], "/abs.yaml": FILES["pool.yaml"], "a\x1b[31m.json": FILES["pool.json"]}
    )
    found, broken, _ = _read(path)
    assert (len(found), broken) == (5, [])
    assert all(e.source.startswith(f"{path}/") and e.source.isprintable() for e in found)
    assert sorted(os.listdir(tmp_path)) == [path.name]


def test_links_and_devices_are_no_recordings(tmp_path: Path) -> None:
    path = tmp_path / "a.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for kind, name in ((tarfile.SYMTYPE, "l.yaml"), (tarfile.LNKTYPE, "h.yaml"), (tarfile.FIFOTYPE, "f.yaml")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert _read(path) == ([], [], [])


@both
def test_hidden_files_and_archives_within_are_left_out(tmp_path: Path, pack: Pack) -> None:
    path = pack(tmp_path, {".a.yaml": b"x", "__MACOSX/._a.yaml": b"x", "in.zip": b"x", "b.py": b"x"})
    found, broken, skipped = _read(path)
    assert (found, broken) == ([], [])
    assert [s.problem for s in sorted(skipped, key=lambda s: s.place)] == [
        "not a kind of file that holds recordings",
        "an archive within an archive: unpack the outer one",
    ]


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar"])
def test_what_is_no_archive_is_told(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"hello")
    found, (broken,), _ = _read(path)
    assert found == [] and str(broken).startswith(f"{path}: cannot be read: ")


def test_a_path_that_is_not_there_is_told() -> None:
    (entry,) = read_recordings(["none.zip"])
    assert str(entry) == "none.zip: cannot be read: No such file or directory"


def test_what_comes_before_the_end_of_a_torn_tar_is_read(tmp_path: Path) -> None:
    path = tmp_path / "torn.tar"
    whole = tarred(tmp_path, {"a.json": FILES["pool.json"], "b.json": FILES["pool.json"] + b" " * 100_000})
    path.write_bytes(gzip.decompress(whole.read_bytes())[:60_000])
    found, broken, _ = _read(path)
    assert [e.source for e in found] == [f"{path}/a.json#0"]
    assert broken and all(b.place.startswith(str(path)) for b in broken)


def test_a_torn_gzip_is_told(tmp_path: Path) -> None:
    path = tarred(tmp_path, {"a.json": FILES["pool.json"], "b.json": os.urandom(50_000)})
    path.write_bytes(path.read_bytes()[:-20_000])
    found, broken, _ = _read(path)
    assert broken and all(str(path) in b.place and "cannot be read" in b.problem for b in broken)
    assert len(found) in (0, 1)


def test_a_member_whose_checksum_is_wrong_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.json", FILES["pool.json"])
        archive.writestr("b.json", FILES["pool.json"])
    data = bytearray(path.read_bytes())
    data[data.index(b"interactions")] ^= 1
    path.write_bytes(bytes(data))
    found, (broken,), _ = _read(path)
    assert [e.source for e in found] == [f"{path}/b.json#0"]
    assert broken.place == f"{path}/a.json" and "CRC" in broken.problem


def test_what_is_encrypted_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"a.json": FILES["pool.json"]})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(bytes(data))
    assert [str(b) for b in _read(path)[1]] == [f"{path}/a.json: it is encrypted: unpack the archive first"]


@both
def test_what_unpacks_to_more_than_fits_is_told(tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "_LARGEST", 1000)
    path = pack(tmp_path, {"bomb.yaml": b"interactions:\n" + b"#" * 1_000_000, "small.json": b'{"interactions": []}'})
    _, (broken,), skipped = _read(path)
    assert broken.place == f"{path}/bomb.yaml" and "larger than" in broken.problem
    assert [s.problem for s in skipped] == ["it holds no exchange"]


def test_a_line_without_end_is_told_once_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "_LONGEST_LINE", 5000)
    line = FILES["more/pool.jsonl"].strip()
    (tmp_path / "a.jsonl").write_bytes(line + b"\n" + b'{"request": "' + b"x" * 50_000 + b"\n" + line + b"\n")
    found, broken, _ = _read(tmp_path)
    assert len(found) == 2
    assert [b.problem.split(":")[0] for b in broken] == ["not JSON"]


@both
def test_an_archive_of_another_name_is_told_as_one(tmp_path: Path, pack: Pack) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(pack(tmp_path, FILES).read_bytes())
    (broken,) = read_recordings([path])
    assert "packed: give it as a file whose name ends in .zip or .tar.gz" in str(broken)
