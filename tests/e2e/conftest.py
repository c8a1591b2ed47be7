"""A dashboard to drive, and a page whose every word is overheard."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.e2e.server import running_dashboard


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dashboard for all tests."""
    with running_dashboard(tmp_path_factory.mktemp("server")) as address:
        yield address


@dataclass(slots=True)
class Overheard:
    """What a page asked of the network, and complained of."""

    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def overheard(page: Page) -> Overheard:
    """Listens to the page from its start."""
    heard = Overheard()

    def note_host(url: str) -> None:
        if urlsplit(url).netloc:
            heard.hosts.add(urlsplit(url).netloc)

    page.on("request", lambda request: note_host(request.url))
    page.on("websocket", lambda socket: note_host(socket.url))
    page.on("pageerror", lambda error: heard.complaints.append(str(error)))
    page.on(
        "console",
        lambda said: heard.complaints.append(said.text) if said.type == "error" else None,
    )
    return heard
