"""Documents on disk, so that a restart finds everything as it was."""

import json
import sqlite3
from pathlib import Path

from .wire import Json

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID
"""


class Store:
    """JSON documents under a kind and a key, written through to one SQLite file; and the bytes of files.

    Nothing waits for the disk: what is written survives the process being killed, not the machine losing power.
    """

    def __init__(self, folder: Path) -> None:
        self._files = folder / "files"
        self._files.mkdir(parents=True, exist_ok=True)
        # None means autocommit: each document is durable on its own.
        self._db = sqlite3.connect(folder / "telegram.sqlite3", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(_SCHEMA)

    def put(self, kind: str, key: object, body: Json) -> None:
        """Keep `body` under `kind` and `key`, instead of what was there."""
        row = (kind, str(key), json.dumps(body, ensure_ascii=False, separators=(",", ":")))
        self._db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", row)

    def drop(self, kind: str, key: object) -> None:
        """Forget one document; one that is not there is fine."""
        self._db.execute("DELETE FROM documents WHERE kind = ? AND key = ?", (kind, str(key)))

    def clear(self, kind: str) -> None:
        """Forget every document of a kind."""
        self._db.execute("DELETE FROM documents WHERE kind = ?", (kind,))

    def load(self, kind: str) -> list[Json]:
        """Give all documents of a kind, in the order of their keys as text."""
        rows = self._db.execute("SELECT body FROM documents WHERE kind = ? ORDER BY key", (kind,))
        return [json.loads(body) for (body,) in rows]

    def one(self, kind: str, key: object) -> Json | None:
        """Give one document, or None."""
        query = "SELECT body FROM documents WHERE kind = ? AND key = ?"
        row = self._db.execute(query, (kind, str(key))).fetchone()
        return json.loads(row[0]) if row else None

    def file(self, path: str) -> Path:
        """Give where the bytes of a file lie. `path` is one that we made, never one from a request."""
        return self._files / path

    def close(self) -> None:
        """Close the database file."""
        self._db.close()
