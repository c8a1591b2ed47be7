"""Instants as other programs read them: the same text for the same microsecond everywhere."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.events.columns import to_arrow
from sim.scenario.service_day import OFFSET

STATIC: Final = "1970-01-01T00:00:00Z"
"""Instant from which OCEL holds a value that never changes."""


def texts(at_us: NDArray[np.int64], *, day: date) -> list[str]:
    """Instants in ISO 8601 and RFC 3339, with microseconds and offset.

    Parameters
    ----------
    at_us : ndarray of int64
        Microseconds since local midnight of the service day; may pass 24 h.
    day : date
        The service day.

    Examples
    --------
    >>> texts(np.array([90_000_000_001]), day=date(2026, 2, 10))
    ['2026-02-11T01:00:00.000001+07:00']
    """
    return text_column(at_us, day=day).to_pylist()


def text_column(at_us: NDArray[np.int64], *, day: date) -> pa.Array:
    """The same as an Arrow column."""
    midnight = np.datetime64(day, "us").astype(np.int64)
    stamps = to_arrow(at_us.astype(np.int64) + midnight).cast(pa.timestamp("us"))
    local = pc.replace_substring(stamps.cast(pa.string()), " ", "T")  # pyright: ignore[reportAttributeAccessIssue]
    return pc.binary_join_element_wise(local, OFFSET, "")  # pyright: ignore[reportAttributeAccessIssue]
