"""What ref and detail mean, and whom an event is about."""

import re

import pytest

from sim.events.kinds import KINDS
from sim.events.log import concat_blocks
from sim.export.meaning import COUNTS_PERSONS, DETAIL_NAMES, REF_NAMES, told_to_each
from sim.export.source import Source
from sim.projections.parties import parties_of
from tests.architecture.tree import ROOT

ROW = re.compile(r"^\| (\d+) \| `(\w+)` \| [^|]* \|([^|]*)\|([^|]*)\|$", re.MULTILINE)
DOCUMENTED = {
    name: (ref.strip(), detail.strip())
    for _, name, ref, detail in ROW.findall((ROOT / "docs/events.md").read_text())
}


@pytest.mark.parametrize("code", range(len(KINDS)), ids=KINDS)
def test_names_follow_the_reference(code: int) -> None:
    """A column has a name exactly where docs/events.md says that it tells something."""
    ref, detail = DOCUMENTED[KINDS[code].value]

    assert (REF_NAMES[code] is None) == (ref == "")
    assert (DETAIL_NAMES[code] is None) == (detail == "")
    assert ref.startswith(REF_NAMES[code] or "")


def test_a_party_served_as_one_is_several_persons(source: Source) -> None:
    """Each event is told to its passenger, and to as many behind the lead as it counts."""
    parties = parties_of(source.tables)
    block = concat_blocks(source.blocks())
    expected = []
    for row in range(len(block)):
        who = int(block.passenger[row])
        if who < 0:
            continue
        room = int(parties.size[who]) if parties.lead[who] == who else 1
        count = min(int(block.detail[row]), room) if COUNTS_PERSONS[block.kind[row]] else 1
        expected += [(row, who + place, place > 0) for place in range(count)]

    rows, passenger, is_with_lead = told_to_each(block, parties)

    found = zip(rows.tolist(), passenger.tolist(), is_with_lead.tolist(), strict=True)
    assert list(found) == expected
    assert any(with_lead for _, _, with_lead in expected)
