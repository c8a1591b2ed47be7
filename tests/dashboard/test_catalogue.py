"""The words of both languages."""

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest

import dashboard
from dashboard.i18n.catalogue import LANGUAGES, Language, language_named, words
from sim.events.kinds import Kind
from sim.projections.flows import IN, PRESENT

FOLDER = Path(dashboard.__file__).parent
CATALOGUES = {language: words(language).sentences for language in LANGUAGES}
KEYS = sorted(CATALOGUES["vi"])


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def texts_and_stems() -> tuple[set[str], set[str]]:
    """Every string in the dashboard's code, and every ``table.`` that an f-string begins with."""
    texts: set[str] = set()
    stems: set[str] = set()
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.JoinedStr(values=[ast.Constant(value=str(stem)), *_]):
                    stems.add(stem)
                case ast.Constant(value=str(text)):
                    texts.add(text)
                case _:
                    pass
    return texts, stems


def test_languages_have_the_same_keys() -> None:
    """Whatever is said in one language is said in the other."""
    assert sorted(CATALOGUES["en"]) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_languages_speak_of_the_same_values(key: str) -> None:
    """A sentence has the same values to fill in, and the same marks, in both languages."""
    vi, en = CATALOGUES["vi"][key], CATALOGUES["en"][key]

    assert placeholders(vi) == placeholders(en)
    assert sorted(re.findall("<.*?>", vi)) == sorted(re.findall("<.*?>", en))
    assert vi.count("|") == en.count("|")
    assert vi.strip()
    assert en.strip()


def test_every_key_is_used() -> None:
    """No sentence is left over: its key stands in the code, whole or as stem and end."""
    texts, stems = texts_and_stems()
    texts |= {kind.value for kind in Kind} | {IN, PRESENT}
    unused = [
        key
        for key in KEYS
        if key not in texts
        and not (key.rpartition(".")[0] + "." in stems and key.rpartition(".")[2] in texts)
    ]

    assert unused == []


def test_every_sentence_asked_for_exists() -> None:
    """Text in the code that looks like a key of a section is one."""
    sections = "|".join({key.partition(".")[0] for key in KEYS})
    asked = {
        text for text in texts_and_stems()[0] if re.fullmatch(rf"({sections})\.[a-z_0-9]+", text)
    }

    assert sorted(asked - set(KEYS)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_weeks_and_years_are_whole(language: Language) -> None:
    """There are twelve months and seven weekdays."""
    assert len(CATALOGUES[language]["date.months"].split("|")) == 12
    assert len(CATALOGUES[language]["date.weekdays"].split("|")) == 7


def test_unknown_languages_are_vietnamese() -> None:
    """An address that asks for a language we do not speak gets the first one."""
    assert [language_named(text) for text in ("en", "vi", "fr", "", None)] == [
        "en",
        "vi",
        "vi",
        "vi",
        "vi",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_file_takes_a_section_of_another(language: Language) -> None:
    """Each section stands in one file, so that no page overwrites another's words."""
    sections = [
        section
        for path in sorted((FOLDER / "i18n" / language).glob("*.toml"))
        for section in tomllib.loads(path.read_text(encoding="utf-8"))
    ]

    assert len(sections) == len(set(sections))
