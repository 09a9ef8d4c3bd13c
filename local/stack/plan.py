"""What the stack consists of. What a person has set is used as it is; everything else is embedded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.servers import Postgres, SeaweedFS, Server, Valkey
from local.servers.ports import LOOPBACK, Reservations
from local.stack.command_parts import Service, Step
from local.stack.part import Part, Place, StackError
from local.stack.process import Command
from local.stack.server_part import ServerPart
from local.stack.settings import inherited, kept_secrets

CHAT_PORT = 8000
API_PORT = 8080

_EMBEDDED: Mapping[str, type[Server]] = {
    "DATABASE_URL": Postgres,
    "REDIS_URL": Valkey,
    "S3_ENDPOINT_URL": SeaweedFS,
}

MIGRATE = Command("migrate", ("-m", "alembic", "upgrade", "head"), after=("postgres",))
LIBRARY = Command("library", ("-m", "core.library", "sync", "library"), after=("migrate", "valkey", "seaweedfs"))


def web(host: str, port: str) -> Command:
    """The product's web process, which listens on this address."""
    reachable = LOOPBACK if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return Command(
        "web",
        ("-m", "bot"),
        after=("migrate", "valkey", "seaweedfs", "telegram", "claude"),
        ready=f"http://{reachable}:{port}/readyz",
        stop_seconds=15,
    )


def worker(metrics_port: str) -> Command:
    """The product's worker, which answers on a port for metrics only."""
    return Command(
        "worker",
        ("-m", "jobs"),
        after=("migrate", "valkey", "seaweedfs", "telegram", "claude"),
        ready=f"http://{LOOPBACK}:{metrics_port}/metrics",
        stop_seconds=25,  # it waits 20 s for runs that are under way
    )


def telegram(port: int, data: Path, token: str) -> Command:
    """The Telegram stand-in, with its chat page."""
    arguments = ("-m", "local.telegram", "--port", str(port), "--data", str(data), "--token", token)
    return Command("telegram", arguments, ready=f"http://{LOOPBACK}:{port}/")


def claude(port: int) -> Command:
    """The Claude stand-in."""
    return Command("claude", ("-m", "local.claude", "--port", str(port)), ready=f"http://{LOOPBACK}:{port}/")


@dataclass
class Plan:
    """A stack that is not started yet.

    Attributes:
        parts: Everything that runs, for a `Supervisor`.
        settings: The settings of the product, without those that embedded servers give.
        servers: The embedded servers.
        surroundings: Variables for every process.
        chat: URL of the chat page, where the stand-in for Telegram runs.
    """

    surroundings: dict[str, str]
    settings: dict[str, str]
    chat: str | None = None
    servers: list[Server] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def product_environment(self) -> dict[str, str]:
        """All variables of the product's processes: those of the servers that have started so far among them."""
        environment = self.surroundings | self.settings
        for server in self.servers:
            if server.ports:
                environment |= server.environment
        return environment


def make_plan(
    place: Place,
    data: Path,
    ports: Reservations,
    *,
    given: Mapping[str, str],
    environ: Mapping[str, str],
    chat_port: int = CHAT_PORT,
) -> Plan:
    """Decide what is embedded, choose ports, and list the parts.

    Args:
        place: Where the processes leave their traces.
        data: Folder of all that is kept.
        ports: Takes the ports that are chosen here, for as long as the stack runs.
        given: The settings that somebody has set.
        environ: The surroundings, of which processes get the little that they need.
        chat_port: The port of the chat page, or the next free one; 0 is any.

    Raises:
        StackError: When PORT is set and taken.
        OSError: When no port is free.
    """
    kept = kept_secrets(data / "secrets.json")
    settings = {
        "LOG_FORMAT": "console",
        "HOST": LOOPBACK,
        "KEY_PEPPER": kept["KEY_PEPPER"],
        "TELEGRAM_WEBHOOK_SECRET": kept["TELEGRAM_WEBHOOK_SECRET"],
        "WORKER_METRICS_PORT": str(ports.any()),
    } | dict(given)
    settings["PORT"] = str(_port(given.get("PORT"), ports))
    plan = Plan(surroundings=inherited(environ), settings=settings)

    for setting, server_class in _EMBEDDED.items():
        if setting not in given:
            server = server_class(data / server_class.name)
            plan.servers.append(server)
            plan.parts.append(ServerPart(server, place))

    if "TELEGRAM_BOT_TOKEN" not in given:
        port = ports.next(chat_port) if chat_port else ports.any()
        token = kept["TELEGRAM_BOT_TOKEN"]
        plan.chat = f"http://{LOOPBACK}:{port}"
        settings |= {"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_API_URL": plan.chat}
        settings.setdefault("REGISTRATION", "open")  # a bot that the world can find lets in whom it invites
        plan.parts.append(Service(telegram(port, data / "telegram", token), lambda: plan.surroundings, place))

    if "ANTHROPIC_API_KEY" not in given and "ANTHROPIC_BASE_URL" not in given:
        port = ports.any()
        settings |= {"ANTHROPIC_API_KEY": "local", "ANTHROPIC_BASE_URL": f"http://{LOOPBACK}:{port}"}
        plan.parts.append(Service(claude(port), lambda: plan.surroundings, place))

    plan.parts += [
        Step(MIGRATE, plan.product_environment, place),
        Step(LIBRARY, plan.product_environment, place, required=False),  # a broken skill is left out, and told of
        Service(web(settings["HOST"], settings["PORT"]), plan.product_environment, place),
        Service(worker(settings["WORKER_METRICS_PORT"]), plan.product_environment, place),
    ]
    return plan


def _port(wanted: str | None, ports: Reservations) -> int:
    if wanted is None:
        return ports.next(API_PORT)
    if not wanted.isdecimal() or not ports.take(int(wanted)):
        raise StackError(f"PORT: {wanted} is taken, or no port")
    return int(wanted)
