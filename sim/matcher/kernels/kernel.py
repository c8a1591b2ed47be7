"""What every kernel is: something that offers a shortlist all it must consider."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.matcher.gallery import Gallery
from sim.matcher.kernels.shortlist import Shortlist


class Kernel(Protocol):
    """A method of search."""

    @property
    def name(self) -> str:
        """As the command line and every result call it."""
        ...

    def scan(self, gallery: Gallery, probes: NDArray[np.int8], found: Shortlist) -> None:
        """Offer `found` the living rows of a gallery, in order of id.

        Parameters
        ----------
        gallery : Gallery
            Whom to search among.
        probes : ndarray of int8, shape (n, 512)
            Quantised templates.
        found : Shortlist
            Keeps what is good enough; its bars say what is not worth offering.
        """
        ...
