"""What handlers find on the application."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.http.cursors import Cursors
from bot.inbox.intake import Intake
from core.accounts.authentication import Authenticator
from core.channel import Channel
from core.limits import RateLimiter
from core.runs.news import Newsroom
from core.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Frame:
    """What every request under `/api/v1` passes through, and what some routes use; one for each process."""

    authenticator: Authenticator
    limiter: RateLimiter
    cursors: Cursors
    channels: Mapping[str, Channel]
    news: Newsroom


RUNTIME = web.AppKey("runtime", Runtime)
INTAKE = web.AppKey("intake", Intake)
FRAME = web.AppKey("frame", Frame)
