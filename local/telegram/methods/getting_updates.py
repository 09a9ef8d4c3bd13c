"""getMe, and the two ways to get updates.

Source: https://core.telegram.org/bots/api#getting-updates
"""

import re
from typing import Any

from local.telegram.params import Params, Upload
from local.telegram.standin import StandIn
from local.telegram.webhook import Hook
from local.telegram.wire import Json, bad_request, conflict

from .registry import method

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LONGEST_POLL = 50  # seconds


@method("getMe")
async def get_me(standin: StandIn, _: Params) -> Json:
    """Give the bot's own user."""
    return {
        **standin.world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("setMyName")
@method("setMyDescription")
@method("setMyShortDescription")
@method("setChatMenuButton")
async def accept(_: StandIn, __: Params) -> bool:
    """Take what only shows on the bot's profile, which the page does not have."""
    return True


@method("getUpdates")
async def get_updates(standin: StandIn, params: Params) -> list[Json]:
    """Give updates, waiting for them if asked to."""
    if standin.webhook.hook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    standin.updates.allow(_allowed(params))
    limit = min(max(params.integer("limit") or 100, 1), 100)
    timeout = min(max(params.integer("timeout") or 0, 0), _LONGEST_POLL)
    return await standin.updates.poll(params.integer("offset") or 0, limit, timeout)


@method("setWebhook")
async def set_webhook(standin: StandIn, params: Params) -> Any:
    """Send updates to a URL from now on."""
    url = params.text("url") or ""
    secret = params.text("secret_token") or ""
    if url and not url.startswith(("https://", "http://")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if params.flag("drop_pending_updates"):
        standin.updates.clear()
    standin.updates.allow(_allowed(params))
    connections = min(max(params.integer("max_connections") or 40, 1), 100)
    await standin.webhook.set(
        Hook(
            url,
            secret,
            connections,
            isinstance(params.file("certificate"), Upload),
            params.text("ip_address") or "",
        )
    )
    return True


@method("deleteWebhook")
async def delete_webhook(standin: StandIn, params: Params) -> bool:
    """Go back to getUpdates."""
    if params.flag("drop_pending_updates"):
        standin.updates.clear()
    await standin.webhook.set(Hook())
    return True


@method("getWebhookInfo")
async def get_webhook_info(standin: StandIn, _: Params) -> Json:
    """Tell how delivery goes."""
    return standin.webhook.info()


def _allowed(params: Params) -> list[str] | None:
    allowed = params.json("allowed_updates")
    if allowed is not None and not isinstance(allowed, list):
        raise bad_request("can't parse allowed_updates JSON object")
    return allowed
