"""What a process checks before it begins."""

import sys

from sqlalchemy.exc import SQLAlchemyError

from core.runtime import Runtime
from storage.database import role_that_ignores_policies


async def refuse_unsafe_role(runtime: Runtime) -> None:
    """Exit with status 2 if the database role passes by row-level security, or if the database can't be reached.

    Raises:
        SystemExit: with code 2, after one line on stderr.
    """
    try:
        role = await role_that_ignores_policies(runtime.engine)
    except (SQLAlchemyError, OSError) as error:
        print(f"DATABASE_URL: the database does not answer: {error}", file=sys.stderr)  # noqa: T201 - for the operator
        raise SystemExit(2) from None
    if role is not None:
        print(  # noqa: T201 - for the operator
            f"DATABASE_URL: the role {role} passes by row-level security (superuser or BYPASSRLS). "
            "Use a role without these rights.",
            file=sys.stderr,
        )
        raise SystemExit(2)
