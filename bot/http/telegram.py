"""Telegram's webhook: the secret is checked, the row committed, and only then 200 is said.

Source: https://core.telegram.org/bots/api#setwebhook
"""

import hmac
import json

from aiohttp import web

from bot.http.keys import INTAKE, RUNTIME

PATH = "/api/v1/webhooks/telegram"
_HEADER = "X-Telegram-Bot-Api-Secret-Token"


async def receive(request: web.Request) -> web.Response:
    """Keep an update. Anything but 200 makes Telegram send it again."""
    secret = request.app[RUNTIME].settings.telegram_webhook_secret
    given = request.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
    if secret is None or not hmac.compare_digest(given, secret.get_secret_value().encode()):
        raise web.HTTPUnauthorized
    try:
        update = json.loads(await request.read())
        await request.app[INTAKE].take(update)
    except ValueError:
        raise web.HTTPBadRequest from None
    return web.Response()
