"""Everyone of a day with traits and draws, in the order in which they are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.parties import Parties
from sim.demand.streams import Streams


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """People, who they travel with, and where their chance comes from.

    Attributes
    ----------
    parties : Parties
        Who travels together.
    traits : ndarray of int64, shape (persons,)
        Trait words on arrival.
    bits : dict of str to int
        Bit number of each trait.
    streams : Streams
        Chance of this replication.
    party : ndarray of int64, shape (persons,)
        Row of the party of each person.
    lead : ndarray of int64, shape (parties,)
        Row of the person who leads each party.
    """

    parties: Parties
    traits: NDArray[np.int64]
    bits: dict[str, int]
    streams: Streams
    party: NDArray[np.int64]
    lead: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        parties: Parties,
        *,
        traits: NDArray[np.int64],
        bits: dict[str, int],
        streams: Streams,
    ) -> Crowd:
        """The crowd of these parties."""
        return cls(parties, traits, bits, streams, party=parties.of_member, lead=parties.lead)

    def __len__(self) -> int:
        return len(self.traits)

    @property
    def lead_traits(self) -> NDArray[np.int64]:
        """Trait word of the person who leads each party."""
        return self.traits[self.lead]


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Those of a crowd who draw together: everyone, or some of them by row.

    Attributes
    ----------
    rows : ndarray of int64 or None
        Rows of the persons, not decreasing; None is everyone.
    """

    crowd: Crowd
    rows: NDArray[np.int64] | None = None

    @property
    def traits(self) -> NDArray[np.int64]:
        """Trait word of each person."""
        return self.crowd.traits if self.rows is None else self.crowd.traits[self.rows]

    @property
    def party(self) -> NDArray[np.int64]:
        """Row of the party of each person."""
        return self.crowd.party if self.rows is None else self.crowd.party[self.rows]

    @property
    def lead_traits(self) -> NDArray[np.int64]:
        """Trait word of the lead of each person's party."""
        return self.crowd.lead_traits[self.party]

    @property
    def is_lead(self) -> NDArray[np.bool_]:
        """Whether each person leads the party."""
        rows = np.arange(len(self.crowd)) if self.rows is None else self.rows
        return self.crowd.lead[self.party] == rows

    def uniforms(self, name: str) -> NDArray[np.float64]:
        """A uniform for each person."""
        births = self.crowd.parties.members
        if self.rows is None:
            return self.crowd.streams.uniforms(name, births)
        return self.crowd.streams.uniforms_at(name, births, self.rows)

    def shared_uniforms(self, name: str) -> NDArray[np.float64]:
        """A uniform for each person, the same for all of a party."""
        births = self.crowd.parties.births
        if self.rows is None:
            return self.crowd.streams.uniforms(name, births)[self.party]
        return self.crowd.streams.uniforms_at(name, births, self.party)
