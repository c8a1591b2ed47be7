"""``sim drill`` as a user meets it."""

from __future__ import annotations

import json

from tests.acceptance.test_command_line import sim

DRILL = ("drill", "sgn-t3-vneid", "--outage", "vneid", "--from", "06:30", "--until", "07:00")


def test_an_outage_of_vneid_is_told_by_station() -> None:
    """Nobody misses more than without; the answers are late, then as before; curves are there."""
    document = json.loads(sim(*DRILL, "--json").stdout)

    assert document["outage"] == {
        "station": "vneid",
        "from_s": 23_400,
        "until_s": 25_200,
        "servers": None,
    }
    vneid = document["stations"]["vneid"]
    assert vneid["worst_s"]["disturbed"] > vneid["worst_s"]["undisturbed"]
    assert 0 < vneid["recovered_after_min"] < 60
    assert document["stations"]["id-manual"]["extra_passenger_min"] > 0
    assert set(document["curves"]["vneid"]) == {"at_s", "undisturbed_s", "disturbed_s"}
    assert document["facilities"]["sgn-t3-vneid"]["missed_more"] >= 0


def test_the_table_names_every_station() -> None:
    """Without ``--json`` the same in a table."""
    told = sim(*DRILL)

    assert told.returncode == 0
    assert "vneid down 06:30 to 07:00" in told.stdout
    assert all(name in told.stdout for name in ("id-gate", "id-manual", "vneid"))


def test_bad_input_is_said_and_exits_2() -> None:
    """A station that is not there, a time that is none, an outage that runs backwards."""
    wrong = sim("drill", "sgn-t3-vneid", "--outage", "vnied", "--from", "8:00", "--until", "7:00")
    assert wrong.returncode == 2
    assert "there is no station vnied; did you mean vneid?" in wrong.stderr
    assert "07:00 is not after --from 08:00" in wrong.stderr
    no_time = sim("drill", "sgn-t3-vneid", "--outage", "vneid", "--from", "7h", "--until", "8:00")
    assert (no_time.returncode, "'7h' is not a time" in no_time.stderr) == (2, True)
