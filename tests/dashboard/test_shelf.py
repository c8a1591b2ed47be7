"""The bounded store of answers."""

from dashboard.shelf import Shelf


def test_the_least_recently_used_makes_room() -> None:
    """A full shelf drops what was not asked for longest."""
    shelf: Shelf[str] = Shelf(2)
    shelf.put("a", "first")
    shelf.put("b", "second")
    assert shelf.get("a") == "first"

    shelf.put("c", "third")

    assert (shelf.get("a"), shelf.get("b"), shelf.get("c")) == ("first", None, "third")
    assert len(shelf) == 2
