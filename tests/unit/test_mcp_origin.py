"""Whose page may call the MCP endpoint."""

import pytest

from entrypoints.mcp.route import is_own_origin


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("https://192.168.1.5", "192.168.1.5", True),
        ("http://localhost:8000", "localhost:8000", True),
        ("http://localhost:8000", "localhost:8001", False),
        ("http://localhost:8000", "127.0.0.1:8000", False),
        ("http://evil.example", "evil.example", False),
        ("http://localhost.evil.example", "localhost.evil.example", False),
        ("http://127.0.0.1.evil.example", "127.0.0.1.evil.example", False),
        ("http://[", "[", False),
        ("null", "null", False),
        ("", "", False),
        ("file://", "", False),
    ],
)
def test_only_an_address_or_localhost_can_be_ones_own_origin(origin: str, host: str, own: bool) -> None:
    assert is_own_origin(origin, host) is own
