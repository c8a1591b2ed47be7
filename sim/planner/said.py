"""What stands in the way of a plan: a sentence in English that knows its kind and its figures."""

from __future__ import annotations

from typing import Any, Literal, Self

Kind = Literal[
    "beyond_all_servers", "beyond_all_day", "departures_missed", "law_contradicted", "not_shown"
]

ENGLISH: dict[Kind, str] = {
    "beyond_all_servers": "{station}, promise {promise}, period from {at}: {estimate:.4f} with all "
    "{servers} servers open, {asked:g} is promised",
    "beyond_all_day": "promise {promise}, period from {at}: {estimate:.4f} of arrivals start "
    "within {within_s:g} s with {servers} servers open all day, {asked:g} is promised",
    "departures_missed": "departures, promise {promise}: {share:.3%} miss theirs with every "
    "planned server open, where {says} is promised; {brief} of the {missed} who did waited less "
    "than a minute in all, those no server helps",
    "law_contradicted": "{station}, period {period}: days say {estimate:.4f}, the exact law "
    "{exact:.4f}; the law does not hold of this station",
    "not_shown": "{station}, promise {promise}, period from {at}: {estimate:.4f}, at least "
    "{low:.4f} for certain, {asked:g} is promised",
}
"""The sentence of each kind."""


class Said(str):
    """A sentence in English that can be said in another language.

    Attributes
    ----------
    kind : str
        Which sentence.
    figures : dict
        What stands in it, as plain JSON.
    """

    kind: Kind
    figures: dict[str, Any]

    @classmethod
    def of(cls, kind: Kind, **figures: Any) -> Self:
        """The sentence of a kind with its figures."""
        return cls._made(ENGLISH[kind].format_map(figures), kind, figures)

    def at(self, station: str) -> Self:
        """The same, of a station named before it."""
        return self._made(f"{station}: {self}", self.kind, {**self.figures, "station": station})

    @property
    def parts(self) -> dict[str, Any]:
        """Kind and figures as plain JSON."""
        return {"kind": self.kind, **self.figures}

    @classmethod
    def _made(cls, text: str, kind: Kind, figures: dict[str, Any]) -> Self:
        found = cls(text)
        found.kind, found.figures = kind, figures
        return found
