"""JSON that proves itself: one way to write a value, and a digest inside."""

from __future__ import annotations

import hashlib
import json
from typing import Any

SEAL = "self_sha256"
"""Key under which a document carries the digest of all the rest of it."""


def encode(document: dict[str, Any]) -> bytes:
    """Canonical bytes: sorted keys, one-space indent, UTF-8, no NaN, a final newline.

    Raises
    ------
    ValueError, TypeError
        If a value is not plain JSON.
    """
    text = json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8") + b"\n"


def seal(document: dict[str, Any]) -> bytes:
    """Canonical bytes of a document with its own digest put in."""
    return encode({**document, SEAL: _digest(document)})


def parse(raw: bytes) -> dict[str, Any]:
    """The document in some bytes, not yet proven.

    Raises
    ------
    ValueError
        If they are not a JSON object; the message says why, whatever the bytes are.
    """
    try:
        document = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 text: {error.reason} at byte {error.start}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply to be one of ours") from None
    if not isinstance(document, dict):
        raise ValueError(f"it holds a JSON {type(document).__name__}, not an object")
    return document


def broken_seal(document: dict[str, Any], raw: bytes) -> str:
    """Why a document does not prove itself, or "" where it does.

    Parameters
    ----------
    document : dict
        What `parse` made of `raw`.
    raw : bytes
        The exact bytes of the file.
    """
    body = {key: value for key, value in document.items() if key != SEAL}
    try:
        digest, canonical = _digest(body), encode(document)
    except (ValueError, RecursionError) as error:
        return f"it holds what no such file holds: {error}"
    if document.get(SEAL) != digest:
        return f"its content does not match its {SEAL}; it was changed after it was written"
    if canonical != raw:
        return "its bytes are not the ones this program writes; it was changed by another hand"
    return ""


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(encode(body)).hexdigest()


def _refuse_constant(name: str) -> float:
    raise ValueError(f"it holds {name}, which is not JSON")
