"""API keys: made, listed by prefix, replaced with a time of grace, revoked."""

from datetime import timedelta
from uuid import UUID

from bot.http.call import Call
from bot.http.routing import PREFIX, Routes
from bot.http.schemas.common import PageOf
from bot.http.schemas.keys import KeyMade, KeyQuery, KeyRequest, KeyView, RotateRequest
from storage.models import ApiKey

routes = Routes("API keys")


@routes.add("GET", "/api-keys", "read")
async def list_keys(call: Call, query: KeyQuery) -> PageOf[KeyView]:
    """List your API keys, newest first, by prefix."""
    async with call.runtime.unit(call.user_id) as unit:
        page = await unit.keys.page(call.user_id, after=call.after(query), limit=query.limit)
    return call.page([KeyView.model_validate(it) for it in page.items], page.next_after)


@routes.add("POST", "/api-keys", "run", status=201, creates=True, shows_secret=True)
async def create_key(call: Call, body: KeyRequest) -> KeyMade:
    """Make an API key. It is shown this once, and can do no more than the one that asks for it."""
    async with call.runtime.unit(call.user_id) as unit:
        made = await unit.keys.create(
            call.user_id, body.name, body.scopes, by=call.scopes, expires_at=body.expires_at
        )
    return _made(call, *made)


@routes.add("POST", "/api-keys/{key_id}/rotate", "run", status=201, creates=True, shows_secret=True)
async def rotate_key(call: Call, key_id: UUID, body: RotateRequest) -> KeyMade:
    """Replace an API key by a new one; the old one works on for a while."""
    async with call.runtime.unit(call.user_id) as unit:
        made = await unit.keys.rotate(call.user_id, key_id, grace=timedelta(seconds=body.grace), by=call.scopes)
    return _made(call, *made)


@routes.add("DELETE", "/api-keys/{key_id}", "run", status=204)
async def revoke_key(call: Call, key_id: UUID) -> None:
    """Let an API key work no more, at once."""
    async with call.runtime.unit(call.user_id) as unit:
        await unit.keys.revoke(call.user_id, key_id)


def _made(call: Call, key: ApiKey, secret: str) -> KeyMade:
    call.headers["Location"] = f"{PREFIX}/api-keys"
    call.headers["Cache-Control"] = "no-store"
    return KeyMade(**KeyView.model_validate(key).model_dump(), key=secret)
