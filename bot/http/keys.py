"""What handlers find on the application."""

from aiohttp import web

from bot.inbox.intake import Intake
from core.runtime import Runtime

RUNTIME = web.AppKey("runtime", Runtime)
INTAKE = web.AppKey("intake", Intake)
