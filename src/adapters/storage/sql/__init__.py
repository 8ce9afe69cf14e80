"""Storage in SQL: SQLAlchemy Core over SQLite (aiosqlite) or PostgreSQL (asyncpg), one body of code for both."""

from adapters.storage.sql.migrate import UnfitDatabase as UnfitDatabase
from adapters.storage.sql.storage import SqlStorage as SqlStorage
