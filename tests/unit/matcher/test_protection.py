"""Templates at rest: unreadable without the key, useless under another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.errors import SimError
from sim.matcher.gallery import Gallery, centre_of
from sim.matcher.kernels.gemm import Gemm
from sim.matcher.population.people import ENROLMENT, Population
from sim.matcher.protection import Transform
from sim.matcher.search import scan
from sim.matcher.templates import COSINE_ONE, quantised, sign_codes
from sim.matcher.vault import load_gallery, new_key, save_gallery

pytest.importorskip("cryptography")

PEOPLE = Population(3)
ENROLLED = PEOPLE.captures(0, 400, number=ENROLMENT)
PROBES = PEOPLE.captures(0, 50)


@pytest.fixture
def gallery() -> Gallery:
    rows = quantised(ENROLLED)
    made = Gallery(centre=centre_of(rows))
    made.enrol(rows)
    made.delete(7)
    return made


def test_what_was_saved_is_loaded(gallery: Gallery, tmp_path: Path) -> None:
    """The same people under the same ids, deleted ones gone with their templates."""
    key = new_key()
    save_gallery(tmp_path / "faces", gallery, key=key)
    loaded = load_gallery(tmp_path / "faces", key=key)
    one, other = (scan(Gemm(), each, quantised(PROBES)) for each in (gallery, loaded))
    np.testing.assert_array_equal(one.ids, other.ids)
    np.testing.assert_array_equal(one.scores, other.scores)
    assert len(loaded) == 399
    assert not next(loaded.blocks())[1].templates[7].any()


def test_no_template_is_readable_without_the_key(gallery: Gallery, tmp_path: Path) -> None:
    """Nor does the same gallery give the same bytes twice."""
    key = new_key()
    save_gallery(tmp_path / "a", gallery, key=key)
    save_gallery(tmp_path / "b", gallery, key=key)
    written = (tmp_path / "a").read_bytes()
    assert quantised(ENROLLED)[0].tobytes()[:32] not in written
    assert written != (tmp_path / "b").read_bytes()
    with pytest.raises(SimError, match="the key is not the one"):
        load_gallery(tmp_path / "a", key=new_key())


@pytest.mark.parametrize("place", [25, 60, 5_000, -1])
def test_a_changed_file_is_refused(gallery: Gallery, tmp_path: Path, place: int) -> None:
    """Head, nonce, content or tag: before anything of it is used."""
    key, path = new_key(), tmp_path / "faces"
    save_gallery(path, gallery, key=key)
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(SimError, match="it was changed"):
        load_gallery(path, key=key)


def test_other_files_and_keys_are_refused(gallery: Gallery, tmp_path: Path) -> None:
    """In words."""
    (tmp_path / "text").write_text("faces")
    with pytest.raises(SimError, match="it is no gallery"):
        load_gallery(tmp_path / "text", key=new_key())
    with pytest.raises(SimError, match="there is no such file"):
        load_gallery(tmp_path / "absent", key=new_key())
    with pytest.raises(SimError, match="expected 32 bytes, got 3"):
        save_gallery(tmp_path / "out", gallery, key=b"key")
    with pytest.raises(SimError, match="expected at least 16 bytes"):
        Transform(b"short")


def test_changed_templates_compare_as_before() -> None:
    """Scores and code distances are the same numbers; the transform costs no accuracy."""
    change = Transform(b"a secret of the operator")
    plain, probes = quantised(ENROLLED).astype(np.int32), quantised(PROBES).astype(np.int32)
    changed = quantised(change(ENROLLED)).astype(np.int32)
    asked = quantised(change(PROBES)).astype(np.int32)
    np.testing.assert_array_equal(asked @ changed.T, probes @ plain.T)
    centre = np.full((1, 512), 0.25, dtype=np.float32)
    before = (
        sign_codes(quantised(ENROLLED), centre[0])[0] ^ sign_codes(quantised(PROBES), centre[0])[0]
    )
    after = (
        sign_codes(quantised(change(ENROLLED)), change(centre)[0])[0]
        ^ sign_codes(quantised(change(PROBES)), change(centre)[0])[0]
    )
    assert np.bitwise_count(before).sum() == np.bitwise_count(after).sum()


def test_templates_of_another_key_are_strangers() -> None:
    """A cancelled gallery finds nobody, not even the same capture."""
    one, other = Transform(b"the first secret key"), Transform(b"the second secret key")
    scores = quantised(one(ENROLLED)).astype(np.int32) @ quantised(other(ENROLLED)).T.astype(
        np.int32
    )
    assert np.abs(np.diag(scores)).max() / COSINE_ONE < 0.25
