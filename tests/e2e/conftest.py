"""One real process for every test that needs nothing special of it."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.e2e.process import Service, UserClient, serving

NEWCOMERS = count(1)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("data"), RATE_LIMIT="100000/minute") as running:
        yield running


@pytest.fixture
def newcomer(service: Service) -> UserClient:
    """A user who was never here."""
    return service.client(f"user-{next(NEWCOMERS)}")
