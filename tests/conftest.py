"""Settings that hold for every test."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

# Same examples on every machine and every day; a failure seen in CI is a failure seen here.
settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],  # two busy cores are slow, not wrong
)
# For a long look by hand: HYPOTHESIS_PROFILE=explore pytest tests/properties
settings.register_profile(
    "explore", settings.get_profile("ci"), derandomize=False, max_examples=2_000
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

os.environ["MPLBACKEND"] = "Agg"  # figures without a screen, in child processes too


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Lets Playwright use the Chromium of the distribution (see .ci/chromium)."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, "no Chromium on this machine; `make e2e` installs it or says how"
    # A container's root may not use Chromium's sandbox; its pages are our own.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": found, "args": sandbox}
