"""The manifest: what a run directory holds, and what it was made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sim.errors import Fault
from sim.events import documents, layout
from sim.events.chain import FORMAT_NAME
from sim.events.log import BLOCK_ROWS
from sim.events.upcast import refusal

FORMAT_VERSION = 1
"""Version of the run format that this release writes, and the newest it reads."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]
Status = Literal["running", "complete", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHeader:
    """What a run was made from, given by whoever starts it; no event depends on it.

    Attributes
    ----------
    run_id : str
        Name of the run, unique to it.
    created_at : str
        Instant the run was started, ISO 8601 with offset.
    model_version : str
        Version of the model's numbers.
    engine : str
        Engine that produced the events.
    scenario : dict
        The resolved scenario, plain JSON.
    scenario_digest : str
        Its canonical digest.
    seed, replication : int
        What the workload was drawn from.
    packages : dict of str to str
        Versions of the packages in use.
    notes : dict
        Anything else worth keeping, such as the parent of a fork; plain JSON.
    """

    run_id: str
    created_at: str
    model_version: str
    engine: str
    scenario: dict[str, Any]
    scenario_digest: str
    seed: int
    replication: int = 0
    packages: dict[str, str] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)


class FileEntry(BaseModel):
    """One file of a run: size and digest of its bytes, rows and digest of its content."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    bytes: Count
    bytes_sha256: Digest
    content_sha256: Digest
    rows: Count


class Manifest(BaseModel):
    """The content of ``manifest.json``; see ``docs/events.md`` for each field."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, protected_namespaces=())

    format: Literal["hanh-trinh-run"]
    format_version: Literal[1]
    status: Status
    run_id: str
    created_at: str
    model_version: str
    engine: str
    scenario: dict[str, Any]
    scenario_digest: str
    seed: int
    replication: int
    packages: dict[str, str]
    notes: dict[str, Any]
    kind_versions: dict[str, int]
    stations: tuple[str, ...]
    events: Count
    chain: Annotated[tuple[Digest, ...], Field(min_length=1)]
    chain_head: Digest
    files: dict[str, FileEntry]

    @property
    def segments(self) -> int:
        """Number of sealed segments."""
        return len(self.chain) - 1

    def segment(self, number: int) -> FileEntry:
        """Entry of a segment."""
        return self.files[layout.segment_name(number)]

    def encode(self) -> bytes:
        """The exact bytes of ``manifest.json``."""
        return documents.seal(self.model_dump(mode="json"))


def read_manifest(raw: bytes, *, path: str) -> tuple[Manifest | None, list[Fault]]:
    """The manifest in some bytes, and everything wrong with it.

    Parameters
    ----------
    raw : bytes
        Content of ``manifest.json``, whatever it is.
    path : str
        The file, for the faults.

    Returns
    -------
    manifest : Manifest or None
        None where the bytes cannot be understood as one.
    faults : list of Fault
        Empty only for a manifest exactly as this program wrote it.
    """
    try:
        document = documents.parse(raw)
    except ValueError as error:
        return None, [Fault(f"the manifest cannot be read: {error}", path)]
    if newer := _newer(document):
        return None, [Fault(newer, path)]
    broken = documents.broken_seal(document, raw)
    faults = [Fault(broken, path)] if broken else []
    body = {key: value for key, value in document.items() if key != documents.SEAL}
    try:
        manifest = Manifest.model_validate_json(documents.encode(body))
    except ValidationError as error:
        return None, faults + [
            Fault(detail["msg"], path, key=".".join(map(str, detail["loc"])))
            for detail in error.errors(include_url=False, include_input=False)
        ]
    except ValueError as error:
        return None, [*faults, Fault(f"the manifest cannot be read: {error}", path)]
    faults += [Fault(text, path, key=key) for key, text in _contradictions(manifest)]
    return manifest, faults


def _newer(document: dict[str, Any]) -> str:
    version = document.get("format_version")
    if document.get("format") == FORMAT_NAME and type(version) is int and version > FORMAT_VERSION:
        return (
            f"the run has format version {version}; this release reads up to {FORMAT_VERSION}, "
            "use a newer one"
        )
    return ""


def _contradictions(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Key and sentence of everything in which a manifest disagrees with itself."""
    for kind, version in manifest.kind_versions.items():
        if text := refusal(kind, version):
            yield f"kind_versions.{kind}", text
    if len(set(manifest.stations)) != len(manifest.stations) or "" in manifest.stations:
        yield "stations", "a station id is empty or there twice"
    if manifest.chain_head != manifest.chain[-1]:
        yield "chain_head", f"it is not the last link of the chain, {manifest.chain[-1]}"
    segments = [layout.segment_name(number) for number in range(manifest.segments)]
    promised = {*layout.TABLE_NAMES, *segments}
    for name in sorted(promised - manifest.files.keys()):
        yield "files", f"it does not list {name}"
    for name in sorted(manifest.files.keys() - promised):
        yield "files", f"it lists {layout.shown(name)}, which is no file of a run of this length"
    rows = [manifest.files[name].rows for name in segments if name in manifest.files]
    if any(count != BLOCK_ROWS for count in rows[:-1]) or not all(
        0 < count <= BLOCK_ROWS for count in rows[-1:]
    ):
        yield "files", f"every segment but the last has {BLOCK_ROWS} rows, the last 1 to as many"
    if sum(rows) != manifest.events:
        yield "events", f"{manifest.events} events, but the segments listed have {sum(rows)} rows"
