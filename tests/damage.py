"""Ways in which a run on disk gets damaged: drawn at random, applied in place, each one real.

`damages` draws for one run; a test applies each to its own copy of that run and asks
whether it was found. Full-size evidence draws more of the same.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from sim.events import codec, documents, layout
from sim.events.canonical import block_digest, table_digest
from sim.events.log import SideTable

Change = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Damage:
    """One damage: its name, the files of which a report must name one, and how to do it."""

    name: str
    blamed: frozenset[str]
    apply: Change


def damages(run: Path, *, count: int, seed: int) -> Iterator[Damage]:
    """Draw `count` damages for a complete run, every way in turn."""
    rng = Random(seed)
    ways = _ways(run)
    for number in range(count):
        name, draw = ways[number % len(ways)]
        blamed, change = draw(run, rng)
        yield Damage(f"{number:04d} {name} {sorted(blamed)}", frozenset(blamed), change)


def copy_of(run: Path, damage: Damage, where: Path) -> Path:
    """A copy of the run with the damage done."""
    damaged = where / damage.name.split()[0]
    shutil.copytree(run, damaged)
    damage.apply(damaged)
    return damaged


def reseal(directory: Path, document: dict[str, Any], *, forged: bool) -> None:
    """Write a changed manifest with a fresh ``manifest.sha256``.

    A forger also makes the digest inside the manifest anew, so that only content can tell.
    """
    body = {key: value for key, value in document.items() if key != documents.SEAL}
    raw = documents.seal(body) if forged else documents.encode(document)
    (directory / layout.MANIFEST).write_bytes(raw)
    digest = hashlib.sha256(raw).hexdigest()
    (directory / layout.MANIFEST_DIGEST).write_text(f"{digest}\n", newline="\n")


_Draw = Callable[[Path, Random], tuple[set[str], Change]]


def _ways(run: Path) -> list[tuple[str, _Draw]]:
    single: list[tuple[str, _Draw]] = [
        ("flip a bit in", _flip),
        ("truncate", _truncate),
        ("lengthen", _lengthen),
        ("drop", _drop),
        ("empty", _empty),
        ("link away", _link),
        ("put a directory for", _directory),
        ("add", _stray),
        ("duplicate the last segment as", _duplicate),
        ("flip a bit in the manifest", _flip_manifest),
        ("edit the manifest", _edit),
        ("edit and reseal the manifest", _edit_resealed),
        ("forge the manifest's claims", _forge_claims),
        ("forge one event", _forge_event),
        ("forge one passenger", _forge_passenger),
        ("swap two tables", _swap_tables),
    ]
    several: list[tuple[str, _Draw]] = [
        ("swap two segments", _swap_segments),
        ("swap two segments and their entries", _forge_order),
        ("repeat a segment and its entry", _forge_repeat),
    ]
    return single + (several if len(_segments(run)) > 1 else [])


def _files(run: Path) -> list[str]:
    return sorted(path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file())


def _segments(run: Path) -> list[str]:
    return [name for name in _files(run) if name.startswith(layout.EVENTS)]


def _read(directory: Path) -> dict[str, Any]:
    return json.loads((directory / layout.MANIFEST).read_bytes())


def _named(name: str) -> set[str]:
    """A changed manifest may be blamed itself or found through its seal."""
    manifest = {layout.MANIFEST, layout.MANIFEST_DIGEST}
    return manifest if name in manifest else {name}


def _flip(run: Path, rng: Random) -> tuple[set[str], Change]:
    name = rng.choice(_files(run))
    bit = rng.randrange(8 * (run / name).stat().st_size)

    def change(directory: Path) -> None:
        data = bytearray((directory / name).read_bytes())
        data[bit // 8] ^= 1 << bit % 8
        (directory / name).write_bytes(data)

    return _named(name), change


def _flip_manifest(run: Path, rng: Random) -> tuple[set[str], Change]:
    bit = rng.randrange(8 * (run / layout.MANIFEST).stat().st_size)

    def change(directory: Path) -> None:
        data = bytearray((directory / layout.MANIFEST).read_bytes())
        data[bit // 8] ^= 1 << bit % 8
        (directory / layout.MANIFEST).write_bytes(data)

    return _named(layout.MANIFEST), change


def _truncate(run: Path, rng: Random) -> tuple[set[str], Change]:
    name = rng.choice(_files(run))
    length = rng.randrange((run / name).stat().st_size)
    return _named(name), lambda directory: _rewrite(directory / name, lambda data: data[:length])


def _lengthen(run: Path, rng: Random) -> tuple[set[str], Change]:
    name, tail = rng.choice(_files(run)), rng.randbytes(rng.randrange(1, 99))
    return _named(name), lambda directory: _rewrite(directory / name, lambda data: data + tail)


def _empty(run: Path, rng: Random) -> tuple[set[str], Change]:
    name = rng.choice(_files(run))
    return _named(name), lambda directory: _rewrite(directory / name, lambda _: b"")


def _drop(run: Path, rng: Random) -> tuple[set[str], Change]:
    name = rng.choice(_files(run))
    return _named(name), lambda directory: (directory / name).unlink()


def _link(run: Path, rng: Random) -> tuple[set[str], Change]:
    name = rng.choice(_files(run))

    def change(directory: Path) -> None:
        path = directory / name
        away = directory.with_name(f"{directory.name}.away")
        path.rename(away)
        path.symlink_to(away)

    return _named(name), change


def _directory(run: Path, rng: Random) -> tuple[set[str], Change]:
    name = rng.choice(_files(run))

    def change(directory: Path) -> None:
        (directory / name).unlink()
        (directory / name).mkdir()

    return _named(name), change


def _stray(_run: Path, rng: Random) -> tuple[set[str], Change]:
    name = rng.choice(["notes.txt", "events/000000.parquet.bak", "events/a", "a.parquet", ".b"])

    def change(directory: Path) -> None:
        (directory / name).write_bytes(b"stray")

    return {name}, change


def _duplicate(run: Path, _rng: Random) -> tuple[set[str], Change]:
    last, following = _segments(run)[-1], layout.segment_name(len(_segments(run)))
    return {following}, lambda directory: _copy(directory, last, following)


def _swap_segments(run: Path, rng: Random) -> tuple[set[str], Change]:
    first, second = rng.sample(_segments(run), 2)
    return {first, second}, lambda directory: _swap(directory, first, second)


def _swap_tables(_run: Path, rng: Random) -> tuple[set[str], Change]:
    first, second = rng.sample(layout.TABLE_NAMES, 2)
    return {first, second}, lambda directory: _swap(directory, first, second)


def _edit(run: Path, rng: Random) -> tuple[set[str], Change]:
    document = _edited(_read(run), rng)
    raw = documents.encode(document)
    return _named(layout.MANIFEST), lambda at: _rewrite(at / layout.MANIFEST, lambda _: raw)


def _edit_resealed(run: Path, rng: Random) -> tuple[set[str], Change]:
    document = _edited(_read(run), rng)
    return _named(layout.MANIFEST), lambda at: reseal(at, document, forged=False)


def _forge_claims(run: Path, rng: Random) -> tuple[set[str], Change]:
    document = _read(run)
    file = rng.choice(sorted(document["files"]))
    entry, link = document["files"][file], rng.randrange(len(document["chain"]))
    other = hashlib.sha256(rng.randbytes(8)).hexdigest()
    match rng.randrange(8):
        case 0:
            entry["content_sha256"] = other
        case 1:
            entry["bytes_sha256"] = other
        case 2:
            entry["rows"] += rng.choice([-1, 1])
        case 3:
            document["chain"][link] = other
        case 4:
            document["stations"].reverse()
        case 5:
            document["events"] += rng.choice([-1, 1])
        case 6:
            document["chain_head"] = other
        case _:
            document["status"] = "running"
    blamed = {file, *_segments(run), *_named(layout.MANIFEST)}
    return blamed, lambda directory: reseal(directory, document, forged=True)


def _forge_event(run: Path, rng: Random) -> tuple[set[str], Change]:
    name, document = rng.choice(_segments(run)), _read(run)
    stations = document["stations"]
    block = codec.decode_block((run / name).read_bytes(), stations=stations)
    row, detail = rng.randrange(len(block)), block.detail.copy()
    detail[row] += rng.choice([-1, 1])
    forged = replace(block, detail=detail)
    data = codec.encode_block(forged, stations=stations)
    _enter(document, name, data, block_digest(forged))
    return {name}, lambda directory: _replace(directory, {name: data}, document)


def _forge_passenger(run: Path, rng: Random) -> tuple[set[str], Change]:
    name, document = "passengers.parquet", _read(run)
    table = codec.decode_table((run / name).read_bytes())
    column = rng.choice([key for key in table.columns if table[key].dtype.kind == "i"])
    values = table[column].copy()
    values[rng.randrange(len(values))] += 1
    forged = SideTable({**table.columns, column: values})
    data = codec.encode_table(forged)
    _enter(document, name, data, table_digest(forged))
    return {layout.MANIFEST}, lambda directory: _replace(directory, {name: data}, document)


def _forge_order(run: Path, rng: Random) -> tuple[set[str], Change]:
    first, second = rng.sample(_segments(run), 2)
    document = _read(run)
    entries = document["files"]
    entries[first], entries[second] = entries[second], entries[first]
    files = {first: (run / second).read_bytes(), second: (run / first).read_bytes()}
    return {first, second}, lambda directory: _replace(directory, files, document)


def _forge_repeat(run: Path, rng: Random) -> tuple[set[str], Change]:
    first, second = rng.sample(_segments(run), 2)
    document = _read(run)
    document["files"][second] = document["files"][first]
    files = {second: (run / first).read_bytes()}
    blamed = {second, layout.MANIFEST}
    return blamed, lambda directory: _replace(directory, files, document)


def _edited(document: dict[str, Any], rng: Random) -> dict[str, Any]:
    """The document with one value somewhere in it changed, dropped or added."""
    at: Any = document
    key: Any = rng.choice(sorted(at))
    while isinstance(at[key], dict | list) and at[key]:
        at = at[key]
        key = rng.choice(sorted(at) if isinstance(at, dict) else range(len(at)))
    match rng.randrange(4):
        case 0:
            del at[key]
        case 1:
            at[key] = [at[key]]
        case 2:
            at[key] = None
        case _:
            at[key] = at[key] + 1 if isinstance(at[key], int | float) else f"{at[key]}0"
    return document


def _enter(document: dict[str, Any], name: str, data: bytes, content: str) -> None:
    document["files"][name] |= {
        "bytes": len(data),
        "bytes_sha256": hashlib.sha256(data).hexdigest(),
        "content_sha256": content,
    }


def _replace(directory: Path, files: dict[str, bytes], document: dict[str, Any]) -> None:
    for name, data in files.items():
        (directory / name).write_bytes(data)
    reseal(directory, document, forged=True)


def _rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def _copy(directory: Path, source: str, target: str) -> None:
    shutil.copyfile(directory / source, directory / target)


def _swap(directory: Path, first: str, second: str) -> None:
    one, other = (directory / first).read_bytes(), (directory / second).read_bytes()
    (directory / first).write_bytes(other)
    (directory / second).write_bytes(one)
