"""Structured logs: one event per line, with the ids of what it is about, and no secret in any of them."""

import logging
import re
import sys
from typing import Any

import structlog
from pydantic import SecretBytes, SecretStr
from structlog.typing import EventDict, Processor, WrappedLogger

_SECRETS = re.compile(
    r"mk_live_[a-z2-7]{8,}|inv_[a-z2-7]{8,}"  # our keys and invites
    r"|\b\d{6,12}:[A-Za-z0-9_-]{20,}"  # a bot's token, which stands in Telegram's URLs
    r"|whsec_[A-Za-z0-9+/=]{8,}"  # what webhooks are signed with
    r"|sk-ant-[A-Za-z0-9_-]{8,}"  # Anthropic's keys
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"  # user and password in a URL
    r"|(?<=Bearer )\S+"
)


def redact(text: str) -> str:
    """`text` without anything that looks like a secret."""
    return _SECRETS.sub("[redacted]", text)


def _without_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The last processor: by type, then by pattern."""
    return {key: _clean(value) for key, value in event.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, SecretStr | SecretBytes):
        return "[redacted]"
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value if isinstance(value, int | float | bool | None) else redact(str(value))


def configure_logging(*, log_format: str, level: str) -> None:
    """Let structlog and the standard library write to stderr in one way. `log_format`: `json` or `console`."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _without_secrets,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("aiogram.event", "arq", "botocore", "aiobotocore", "httpx", "httpx2", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def get_logger(name: str) -> Any:
    """A logger for one module."""
    return structlog.stdlib.get_logger(name)
