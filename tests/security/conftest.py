"""Fixtures of the security tests."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
