"""Words by key in each language, read from the folders beside this file: one file for a page."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from sim.scenario.stations import Text

Language = Literal["vi", "en"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
"""Every language there is a catalogue for; the first is spoken unless asked otherwise."""

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; calling it with a key gives the sentence.

    Attributes
    ----------
    language : {"vi", "en"}
        Which.
    sentences : dict of str to str
        By dotted key; ``{name}`` stands for a value.
    """

    language: Language
    sentences: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence of a key with its values in place.

        Raises
        ------
        KeyError
            If the catalogue lacks the key, or the sentence wants a value that is not given.
        """
        return self.sentences[key].format_map(values)

    def of(self, text: Text | None, *, otherwise: str) -> str:
        """Words that a scenario file gives in both languages."""
        return otherwise if text is None else cast(str, getattr(text, self.language))


@cache
def words(language: Language) -> Words:
    """The catalogue of a language; no two of its files share a section, which a test checks."""
    sentences: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.toml")):
        sentences.update(_sentences(tomllib.loads(path.read_text(encoding="utf-8"))))
    return Words(language, sentences)


def language_named(text: str | None) -> Language:
    """The language of a name such as ``en``; the first of all for any other."""
    return cast(Language, text) if text in LANGUAGES else LANGUAGES[0]


def _sentences(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _sentences(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
