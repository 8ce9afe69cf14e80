"""Whether this process is alone with its SQLite file: then whatever was under way there has died with another."""

from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: a turn of a dead process is known by its lease alone
    fcntl = None  # type: ignore[assignment]


class Presence:
    """A lock beside the database, shared by every process that uses it, as long as each lives."""

    def __init__(self, database: Path) -> None:
        self._path = Path(f"{database}.lock")
        self._file: IO[str] | None = None

    def enter(self) -> bool:
        """Take part; True when nobody else does."""
        if fcntl is None or self._file is not None:
            return False
        self._file = self._path.open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(self._file, fcntl.LOCK_SH)
            return False
        return True

    def share(self) -> None:
        """Let others in, after what had to be done alone."""
        if fcntl is not None and self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Take part no more."""
        if self._file is not None:
            self._file.close()
            self._file = None
