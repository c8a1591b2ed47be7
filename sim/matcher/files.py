"""Templates from the reader's own files, and what was found, to a file."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import Fault, InvalidInputError, UsageError
from sim.events.files import write_durably
from sim.matcher.gallery import Gallery
from sim.matcher.memory import BYTES_PER_PERSON, require_memory
from sim.matcher.search import SearchResult
from sim.matcher.templates import DIMENSIONS, quantised, require_templates

_ROWS_AT_ONCE = 65_536


def read_templates(path: Path, *, what: str) -> NDArray[np.float32]:
    """Templates in an ``.npy`` file, mapped, not yet examined.

    Raises
    ------
    InvalidInputError
        If it cannot be read, is no such file, or holds anything but rows of 512 float32.
    """
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise _fault(path, "there is no such file") from None
    except OSError as error:
        raise _fault(path, error.strerror or "it cannot be read") from None
    except (ValueError, EOFError):
        raise _fault(path, "it is no array written by numpy.save") from None
    if not isinstance(array, np.ndarray):
        array.close()
        raise _fault(path, "it is an archive (.npz); write one array with numpy.save")
    if array.dtype != np.float32 or array.ndim != 2 or array.shape[1] != DIMENSIONS:
        raise _fault(
            path,
            f"{what}: expected float32 of shape (n, {DIMENSIONS}), got {array.dtype} of shape "
            f"{array.shape}",
        )
    return array


def gallery_of(templates: NDArray[np.float32], *, what: str) -> Gallery:
    """A gallery of templates, each examined, centred on their mean.

    Raises
    ------
    UsageError
        If there are none, one is no unit vector, or they do not fit in memory.
    """
    if not len(templates):
        raise UsageError(f"{what}: it is empty; a search needs somebody to find")
    require_memory(len(templates) * BYTES_PER_PERSON, what=what)
    sums = np.zeros(DIMENSIONS)
    parts: list[NDArray[np.int8]] = []
    for start in range(0, len(templates), _ROWS_AT_ONCE):
        rows = np.ascontiguousarray(templates[start : start + _ROWS_AT_ONCE])
        parts.append(quantised(require_templates(rows, what=f"{what} from row {start}")))
        sums += parts[-1].sum(axis=0, dtype=np.float64)
    gallery = Gallery(centre=(sums / len(templates)).astype(np.float32))
    parts.reverse()
    while parts:
        gallery.enrol(parts.pop())
    return gallery


def write_result(path: Path, result: SearchResult) -> None:
    """Write ``ids`` and ``scores`` (cosines, -1 where nobody) to an ``.npz``, whole or not at all.

    Raises
    ------
    InvalidInputError
        If the folder is not there.
    """
    if not path.parent.is_dir():
        raise _fault(path, "its folder does not exist; create it first")
    memory = io.BytesIO()
    np.savez(memory, ids=result.ids, scores=result.cosines)
    write_durably(path, memory.getvalue())


def _fault(path: Path, message: str) -> InvalidInputError:
    return InvalidInputError([Fault(message, str(path))])
