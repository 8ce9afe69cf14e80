"""The machine's time."""

from datetime import UTC, datetime

from application.ports import Clock


class SystemClock(Clock):
    """Aware UTC, from the operating system."""

    def now(self) -> datetime:
        """See the port."""
        return datetime.now(UTC)
