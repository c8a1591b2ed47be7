import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.events import documents

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abé"), inner),
    max_leaves=10,
)


@given(content=st.dictionaries(st.text("abé"), PLAIN))
def test_a_sealed_document_proves_itself(content: dict) -> None:
    """What is written reads back equal, and its seal holds."""
    raw = documents.seal(content)
    document = documents.parse(raw)

    assert documents.broken_seal(document, raw) == ""
    assert document.pop(documents.SEAL)
    assert document == content


def test_bytes_do_not_depend_on_the_order_of_keys() -> None:
    """Equal content gives equal bytes."""
    assert documents.seal({"a": 1, "b": 2}) == documents.seal({"b": 2, "a": 1})


def test_any_flipped_bit_is_seen() -> None:
    """All of them, tried one by one: the text no longer parses or the seal is broken."""
    raw = documents.seal({"seed": 7, "name": "Tân Sơn Nhất", "walk_s": 12.5, "none": None})
    for bit in range(8 * len(raw)):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            document = documents.parse(bytes(changed))
        except ValueError:
            continue
        assert documents.broken_seal(document, bytes(changed)), bit


def test_another_hand_is_seen() -> None:
    """The same values written in another way are not what this program wrote."""
    raw = documents.seal({"seed": 7})
    respaced = json.dumps(json.loads(raw)).encode()

    complaint = documents.broken_seal(documents.parse(respaced), respaced)
    assert "by another hand" in complaint


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"", "Expecting value"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[1]", "a JSON list"),
        (b"nul", "Expecting value"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "4300 digits"),
        (b"\xef\xbb\xbf{}", "BOM"),
    ],
    ids=lambda value: repr(value[:12]),
)
def test_what_is_no_document_is_refused_with_a_reason(raw: bytes, complaint: str) -> None:
    """Empty, binary, hostile or merely wrong: one `ValueError` that says why."""
    with pytest.raises(ValueError, match=complaint):
        documents.parse(raw)


DEEP = b'{"a":' + b"[" * 900 + b"]" * 900 + b"}"


@pytest.mark.parametrize(
    "raw",
    [rb'{"a": "\ud800"}', b'{"a": 1e999}', b'{"a": 1, "a": 1}', DEEP],
    ids=["surrogate", "overflow", "twice", "deep"],
)
def test_what_parses_but_cannot_be_ours_has_a_broken_seal(raw: bytes) -> None:
    """Values that this program never writes are told, not crashed on."""
    assert documents.broken_seal(documents.parse(raw), raw)


@given(raw=st.binary(max_size=60))
def test_no_bytes_make_the_parser_crash(raw: bytes) -> None:
    """Any bytes either parse to an object or raise `ValueError`."""
    try:
        document = documents.parse(raw)
    except ValueError:
        return
    assert documents.broken_seal(document, raw)
