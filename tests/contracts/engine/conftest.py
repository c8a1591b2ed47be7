"""Every contract is asked of every engine."""

import pytest

from tests.contracts.engine.cases import Simulate
from tests.engines import ENGINES


@pytest.fixture(params=sorted(ENGINES))
def simulate(request: pytest.FixtureRequest) -> Simulate:
    """An engine."""
    return ENGINES[request.param]
