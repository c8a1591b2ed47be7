"""A faulty value does not hide what is wrong elsewhere, and causes no faults of its own."""

from pathlib import Path

import pytest

from sim.scenario.check import check_files
from tests.unit.scenario.cases import MINIMAL


def keys(folder: Path, text: str) -> list[str]:
    """Keys of the faults of a scenario."""
    path = folder / "case.toml"
    path.write_text(text)
    return sorted(fault.key for fault in check_files([path]))


WRONG = MINIMAL.replace('station = "desk"', 'station = "dekc"\nwhen = "bag"')
UNKNOWN = ["journey.dekc.station", "journey.dekc.when"]


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("servers = 3", "servers = -3", ["stations.desk.servers"]),
        ("servers = 3", "", ["stations.desk.servers"]),
        ("servers = 3", "servers = 3\nqueue_limt = 4", ["stations.desk.queue_limt"]),
        ("mean_s = 1.0", "mean_s = -1", ["stations.desk.service.mean_s"]),
        (", mean_s = 1.0", "", ["stations.desk.service.mean_s"]),
        ('"exponential"', '"exponentail"', ["stations.desk.service.law"]),
        ("rate_per_s = 2.0", "rate_per_s = true", ["demand.arrivals.rate_per_s"]),
        ("horizon_s", "horizon", ["horizon"]),
        ('kind = "generic"', 'kind = "train"', ["kind"]),
        ('kind = "generic"', "", ["kind"]),
        ('id = "mm3"', 'id = "M M 3"', ["id"]),
        ('[demand]\narrivals = { law = "poisson", rate_per_s = 2.0 }', "", ["demand"]),
        ("[demand]", '[[traits]]\nid = "old"\nshare = 2\n[demand]', ["traits.old.share"]),
    ],
)
def test_faults_of_values_and_of_references_are_told_together(
    tmp_path: Path, old: str, new: str, faults: list[str]
) -> None:
    """Whatever value is wrong, the unknown station and trait are told too, and nothing else."""
    assert keys(tmp_path, WRONG.replace(old, new)) == sorted([*faults, *UNKNOWN])


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("service", "servcie", ["stations.desk.servcie"]),
        ('id = "desk"', 'id = "the desk"', ['stations."the desk".id']),
        ('id = "desk"', 'name_of = "desk"', ["stations[0].id", "stations[0].name_of"]),
        ("horizon_s", "horizn_s", ["horizn_s"]),
        ("[demand]", "[demand]\nfirst_wave = 3", ["demand.first_wave"]),
    ],
)
def test_consequences_are_not_told(tmp_path: Path, old: str, new: str, faults: list[str]) -> None:
    """A service that is misspelt is not missing, and a nameless desk is not unknown."""
    assert keys(tmp_path, MINIMAL.replace(old, new)) == sorted(faults)


def test_places_count_what_was_left_out(tmp_path: Path) -> None:
    """Behind a faulty element the others keep their index."""
    text = MINIMAL + (
        '[[outages]]\nstation = "desk"\nfrom = 9\nuntil = "late"\n'
        '[[outages]]\nstation = "nowhere"\nfrom = 1\nuntil = 2\n'
    )

    assert keys(tmp_path, text) == ["outages[0].until", "outages[1].station"]
