"""Galleries on disk: encrypted and authenticated, or not readable at all."""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import Fault, InvalidInputError, UsageError
from sim.events.files import read_plain, write_durably
from sim.matcher.gallery import Gallery
from sim.matcher.templates import DIMENSIONS

MAGIC: Final = b"hanh-trinh gallery 1\n"
KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_MOST_BYTES: Final = 1 << 40


def new_key() -> bytes:
    """A key from the system's source of chance; keep it away from the gallery."""
    return os.urandom(KEY_BYTES)


def save_gallery(path: Path, gallery: Gallery, *, key: bytes) -> None:
    """Write a gallery, whole or not at all.

    Parameters
    ----------
    path : Path
        Where to; its folder exists.
    gallery : Gallery
        Deleted people are written as deleted, without their templates.
    key : bytes
        32 secret bytes.

    Raises
    ------
    UsageError
        If the key has another length, or the library ``cryptography`` is not installed.

    Notes
    -----
    AES-256-GCM by ``cryptography``, over the centre, the templates and who was deleted; the
    head of the file is authenticated with them. Nothing of a template is readable without the
    key, and any change is found before one is used.
    """
    cipher = _cipher(key)
    rows, alive = _rows(gallery)
    head = MAGIC + json.dumps({"enrolled": len(rows), "dimensions": DIMENSIONS}).encode() + b"\n"
    nonce = os.urandom(_NONCE_BYTES)
    body = gallery.centre.astype("<f4").tobytes() + np.packbits(alive).tobytes() + rows.tobytes()
    sealed = cipher.encrypt(nonce, body, head)
    write_durably(path, head + nonce + sealed)


def load_gallery(path: Path, *, key: bytes) -> Gallery:
    """Read a gallery that `save_gallery` wrote; ids are as they were.

    Raises
    ------
    UsageError
        If the key cannot be one.
    InvalidInputError
        If the file is not there, is none of these, was changed, or the key is another.
    """
    cipher = _cipher(key)
    try:
        data = read_plain(path, limit=_MOST_BYTES)
    except FileNotFoundError:
        raise _fault(path, "there is no such file") from None
    except OSError as error:
        raise _fault(path, error.strerror or "it cannot be read") from None
    if not data.startswith(MAGIC):
        raise _fault(path, "it is no gallery of this program")
    end = data.find(b"\n", len(MAGIC)) + 1
    head, rest = data[:end], data[end:]
    try:
        body = cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], head)
        enrolled = int(json.loads(head[len(MAGIC) :])["enrolled"])
    except Exception:  # noqa: BLE001 (whatever it raises, nothing of the file may be used)
        raise _fault(
            path, "it was changed, or the key is not the one it was written with"
        ) from None
    return _gallery(body, enrolled)


def _rows(gallery: Gallery) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Templates in order of id, zeros where somebody was deleted, and who was not."""
    rows = [np.zeros((0, DIMENSIONS), dtype=np.int8)]
    alive = [np.zeros(0, dtype=bool)]
    for _, block in gallery.blocks():
        there = block.is_alive[: block.rows]
        rows.append(np.where(there[:, None], block.templates[: block.rows], np.int8(0)))
        alive.append(there)
    return np.concatenate(rows), np.concatenate(alive)


def _gallery(body: bytes, enrolled: int) -> Gallery:
    centre_end = DIMENSIONS * 4
    alive_end = centre_end + -(-enrolled // 8)
    gallery = Gallery(centre=np.frombuffer(body[:centre_end], dtype="<f4").astype(np.float32))
    bits = np.frombuffer(body[centre_end:alive_end], dtype=np.uint8)
    alive: NDArray[np.bool_] = np.unpackbits(bits)[:enrolled].astype(bool)
    rows = np.frombuffer(body[alive_end:], dtype=np.int8).reshape(enrolled, DIMENSIONS)
    gallery.enrol(rows)
    for person in np.flatnonzero(~alive).tolist():
        gallery.delete(person)
    return gallery


def _cipher(key: bytes) -> Any:
    if len(key) != KEY_BYTES:
        raise UsageError(f"key: expected {KEY_BYTES} bytes, got {len(key)}; see new_key")
    try:
        aead = importlib.import_module("cryptography.hazmat.primitives.ciphers.aead")
    except ImportError:
        raise UsageError(
            "galleries on disk need cryptography; install the extra: "
            "pip install 'hanh-trinh[matcher]'"
        ) from None
    return aead.AESGCM(key)


def _fault(path: Path, message: str) -> InvalidInputError:
    return InvalidInputError([Fault(message, str(path))])
