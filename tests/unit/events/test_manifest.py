from typing import Any

import pytest

from sim.events import documents
from sim.events.kinds import KIND_VERSIONS
from sim.events.log import BLOCK_ROWS
from sim.events.manifest import read_manifest

HEX = "ab" * 32


def entry(rows: int) -> dict[str, Any]:
    return {"bytes": 10, "bytes_sha256": HEX, "content_sha256": HEX, "rows": rows}


def document(**changes: Any) -> dict[str, Any]:
    """A manifest of one full and one short segment, with some of it changed."""
    files = {
        **{f"{name}.parquet": entry(3) for name in ("passengers", "departures", "galleries")},
        "events/000000.parquet": entry(BLOCK_ROWS),
        "events/000001.parquet": entry(5),
    }
    return {
        "format": "hanh-trinh-run",
        "format_version": 1,
        "status": "complete",
        "run_id": "r-1",
        "created_at": "2026-02-10T02:00:00+07:00",
        "model_version": "1",
        "engine": "compiled",
        "scenario": {"id": "vca", "stations": [{"id": "counter", "servers": 4}]},
        "scenario_digest": HEX,
        "seed": 7,
        "replication": 0,
        "packages": {"numpy": "2.4.6"},
        "notes": {},
        "kind_versions": dict(KIND_VERSIONS),
        "stations": ["counter", "security"],
        "events": BLOCK_ROWS + 5,
        "chain": [HEX, HEX, HEX],
        "chain_head": HEX,
        "files": files,
        **changes,
    }


def faults_of(content: dict[str, Any]) -> list[str]:
    return [str(fault) for fault in read_manifest(documents.seal(content), path="manifest.json")[1]]


def test_a_manifest_comes_back_as_it_was_written() -> None:
    """Reading and encoding again gives the same bytes."""
    raw = documents.seal(document())

    manifest, faults = read_manifest(raw, path="manifest.json")

    assert faults == []
    assert manifest is not None
    assert manifest.encode() == raw
    assert manifest.segments == 2
    assert manifest.segment(1).rows == 5


def test_a_newer_format_is_refused_by_name() -> None:
    """The reader says which version it met and which it knows, and nothing else."""
    found = faults_of({"format": "hanh-trinh-run", "format_version": 2, "anything": "else"})

    assert found == [
        "manifest.json: the run has format version 2; this release reads up to 1, use a newer one"
    ]


def test_a_newer_kind_is_refused_by_name() -> None:
    """An unknown kind, and a known one with a newer meaning."""
    newer = {**KIND_VERSIONS, "arrived": 2, "teleported": 1}

    found = faults_of(document(kind_versions=newer))

    assert len(found) == 2
    assert "kind_versions.arrived: version 2, but this release reads up to 1" in found[0]
    assert "kind_versions.teleported: version 1, but this release knows no such" in found[1]


def test_all_wrong_types_are_told_at_once() -> None:
    """Each with its key; a number is not a string and true is not a number."""
    wrong = {"seed": "7", "events": True, "run_id": 1, "chain": [HEX, "x"], "status": "ok"}

    found = faults_of(document(**wrong, extra=1))

    keys = {text.split(": ")[1] for text in found}
    assert keys == {"seed", "events", "run_id", "chain.1", "extra", "status"}


@pytest.mark.parametrize("key", sorted(document()))
def test_no_field_may_be_missing(key: str) -> None:
    """Every field is required, so that none can be taken away unnoticed."""
    found = faults_of({name: value for name, value in document().items() if name != key})

    assert any(f"manifest.json: {key}: " in text for text in found)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"chain_head": "cd" * 32}, "chain_head"),
        ({"stations": ["counter", "counter"]}, "stations"),
        ({"stations": ["counter", ""]}, "stations"),
        ({"events": BLOCK_ROWS + 6}, "events"),
        ({"chain": [HEX, HEX]}, "files"),
        ({"chain": [HEX] * 4}, "files"),
        ({"files": {**document()["files"], "../../etc/passwd": entry(1)}}, "files"),
        ({"files": {**document()["files"], "events/000000.parquet": entry(5)}}, "files"),
        ({"files": {**document()["files"], "events/000001.parquet": entry(0)}}, "files"),
        ({"files": {}}, "files"),
    ],
)
def test_a_manifest_that_disagrees_with_itself_is_refused(
    changes: dict[str, Any], key: str
) -> None:
    """Head and chain, chain and files, rows and events, ids: whatever can be checked is."""
    assert any(f"manifest.json: {key}: " in text for text in faults_of(document(**changes)))


def test_a_foreign_document_is_no_manifest() -> None:
    """Another format name, or JSON of some other program."""
    assert faults_of(document(format="other"))
    assert faults_of({"name": "left-pad", "version": "1.0.0"})
