"""The page *Evidence*: known answers asked live, sources, versions."""

import re
from html import unescape
from typing import get_args

import pytest

from dashboard.components import known_answers as card
from dashboard.components.known_answers import PARTS, QUANTITIES
from dashboard.components.session import office
from dashboard.errands.known_answers import KnownAnswersErrand
from dashboard.i18n.catalogue import LANGUAGES, Language, words
from dashboard.i18n.formats import Formats
from dashboard.library import figures_of
from sim.evidence.known_answers.logs import sealed_rows
from sim.evidence.known_answers.row import Part, Quantity
from sim.evidence.known_answers.suite import versions
from sim.scenario.model_version import MODEL_VERSION
from sim.scenario.provenance import share_assumed
from tests.dashboard.page import html_of, open_page, wait_for_answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_known_answers_are_asked_when_told_to(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing runs unasked; then the rows are those of the command, in words, and hold."""
    monkeypatch.setattr(card, "PARTS", ("hashes",))
    formats = Formats(words(language))
    office().shelf.drop(KnownAnswersErrand(card.PARTS).key)
    page = open_page({"lang": language}, name="evidence")
    assert formats.words("known.empty") in [each.value for each in page.info]

    page.button(key="known-run").click().run()
    body = unescape(html_of(wait_for_answer(page)))

    sentence = formats.words("known.verdict", held="4", n="4", took="|", once="1")
    assert sentence.partition("|")[0].rpartition(",")[0] in body
    for row in sealed_rows():
        cells = re.search(
            rf">{re.escape(formats.words(f'known.{row.quantity}'))}</td>"
            rf'<td class="number">(.*?)</td><td class="number">(.*?)</td>', body
        )  # fmt: skip
        assert cells is not None
        assert cells.groups() == (formats.number(row.expected), formats.number(row.got))


def test_page_knows_every_part_and_quantity() -> None:
    """Whatever the suite may compare has its words."""
    assert get_args(Part) == PARTS
    assert get_args(Quantity) == QUANTITIES


def test_sources_and_versions_are_those_of_the_command_line() -> None:
    """The share of assumed figures of the scenario in the address, and every version."""
    body = html_of(open_page({"scenario": "vca", "lang": "en"}, name="evidence"))

    formats = Formats(words("en"))
    rows = figures_of("vca")
    share, n = formats.percent(share_assumed(rows)), formats.number(len(rows))
    assert formats.words("origin.assumed", share=share, n=n) in body
    assert "sim sources vca" in body
    cells = dict(re.findall(r'<th scope="row">(.*?)</th><td class="">(.*?)</td>', body))
    assert cells["model"] == str(MODEL_VERSION)
    assert {name: cells[name] for name in versions()} == versions()
