"""What tests of the dashboard share."""

from collections.abc import Iterator

import pytest

from dashboard.components.session import office


@pytest.fixture(scope="session", autouse=True)
def end_of_workers() -> Iterator[None]:
    """Ends the worker processes that the pages of this process started."""
    yield
    office().close()
