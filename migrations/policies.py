"""Row-level security: a transaction sees the rows of the user it names, or all if it is the system's.

`FORCE` binds the tables' owner too. An unset setting reads as NULL or, later in a session, as an empty
string: both see nothing.
"""

from alembic import op

_SYSTEM = "current_setting('app.system', true) = 'on'"


def protect(table: str, user_column: str = "user_id") -> None:
    """Let `table` show a row only to the user in `user_column`, and to the system."""
    owner = f"{user_column} = NULLIF(current_setting('app.user_id', true), '')::uuid"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} USING ({owner} OR {_SYSTEM})")


def protect_shared(table: str) -> None:
    """As `protect`, but rows without a user can be read by everybody: only the system may write them."""
    owner = "user_id = NULLIF(current_setting('app.user_id', true), '')::uuid"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} USING ({owner} OR {_SYSTEM})")
    op.execute(f"CREATE POLICY shared ON {table} FOR SELECT USING (user_id IS NULL)")
