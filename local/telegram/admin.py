"""The tests' side, `/_admin/…`: faults, limits, calls, people and groups to order."""

from dataclasses import asdict, fields

from aiohttp import web

from .actions import migrate
from .bot_api import STANDIN
from .faults import Fault
from .limits import Limits
from .params import Params
from .people import find_chat, find_person
from .wire import bad_request


def routes() -> list[web.RouteDef]:
    """Give the routes of the tests' side."""
    return [
        web.get("/_admin/calls", list_calls),
        web.delete("/_admin/calls", forget_calls),
        web.get("/_admin/faults", list_faults),
        web.post("/_admin/faults", add_fault),
        web.delete("/_admin/faults", clear_faults),
        web.get("/_admin/limits", show_limits),
        web.patch("/_admin/limits", set_limits),
        web.get("/_admin/updates", list_updates),
        web.post("/_admin/people", add_person),
        web.post("/_admin/groups", add_group),
        web.post("/_admin/groups/{chat}/migrate", migrate_group),
        web.post("/_admin/groups/{chat}/bot", set_bot_status),
        web.post("/_admin/reset", reset),
    ]


async def list_calls(request: web.Request) -> web.Response:
    """Give the calls that the bot made, of one `method` or all, after number `after`."""
    calls = request.app[STANDIN].calls
    return web.json_response(
        {"calls": calls.listed(request.query.get("method"), int(request.query.get("after", "0")))}
    )


async def forget_calls(request: web.Request) -> web.Response:
    """Forget the calls so far."""
    request.app[STANDIN].calls.clear()
    return web.json_response({})


async def list_faults(request: web.Request) -> web.Response:
    """Give the faults that are still on."""
    return web.json_response({"faults": request.app[STANDIN].faults.described()})


async def add_fault(request: web.Request) -> web.Response:
    """Switch a fault on; see `faults.Fault` for what can be said about it."""
    given = (await Params.read(request)).described()
    try:
        fault = Fault(**given)
    except TypeError as error:
        raise bad_request(str(error)) from None
    if fault.kind not in {"flood", "error", "lost", "blocked", "slow"}:
        raise bad_request(f"there is no fault {fault.kind!r}")
    request.app[STANDIN].faults.active.append(fault)
    return web.json_response(asdict(fault))


async def clear_faults(request: web.Request) -> web.Response:
    """Switch all faults off."""
    request.app[STANDIN].faults.active.clear()
    return web.json_response({})


async def show_limits(request: web.Request) -> web.Response:
    """Give the limits in force."""
    return web.json_response(asdict(request.app[STANDIN].limits))


async def set_limits(request: web.Request) -> web.Response:
    """Change limits; see `limits.Limits` for their names. Every chat's budget is full afterwards."""
    standin = request.app[STANDIN]
    given = (await Params.read(request)).described()
    known = {limit.name for limit in fields(Limits)}
    if unknown := sorted(set(given) - known):
        raise bad_request(f"there is no limit {unknown[0]!r}")
    for name, value in given.items():
        setattr(standin.limits, name, value)
    standin.flood.clear()
    return await show_limits(request)


async def list_updates(request: web.Request) -> web.Response:
    """Give the updates that the bot has not taken yet."""
    pending = request.app[STANDIN].updates.pending.values()
    return web.json_response({"updates": [update.wire() for update in pending]})


async def add_person(request: web.Request) -> web.Response:
    """Add a person: `key`, `first_name`, `last_name`."""
    standin, params = request.app[STANDIN], await Params.read(request)
    key = params.text("key") or ""
    if not key or any(user.key == key for user in standin.world.users.values()):
        raise bad_request(f"a key that nobody has is expected, not {key!r}")
    user = standin.world.add_user(key, params.text("first_name") or key.title(), params.text("last_name") or "")
    standin.feed.publish("people", None)
    return web.json_response({**user.document(), "seq": standin.feed.last})


async def add_group(request: web.Request) -> web.Response:
    """Add a group: `title`, `members` (keys; the first owns it), `topics` (names), `supergroup`."""
    standin, params = request.app[STANDIN], await Params.read(request)
    members = [find_person(standin, key).id for key in params.json("members") or []]
    topics = params.json("topics") or []
    supergroup = bool(topics) or params.flag("supergroup")
    chat = standin.world.add_group(params.text("title") or "Group", members, topics, supergroup=supergroup)
    standin.feed.publish("people", None)
    return web.json_response(chat.document())


async def migrate_group(request: web.Request) -> web.Response:
    """Turn a basic group into a supergroup; give the new chat."""
    standin = request.app[STANDIN]
    chat = migrate(standin, find_chat(standin, request.match_info["chat"]))
    standin.feed.publish("people", None)
    return web.json_response(chat.document())


async def set_bot_status(request: web.Request) -> web.Response:
    """Say what the bot is in a group: `member`, `administrator`, `left` or `kicked`."""
    standin, params = request.app[STANDIN], await Params.read(request)
    chat = find_chat(standin, request.match_info["chat"])
    status = params.text("status") or ""
    if status not in {"member", "administrator", "left", "kicked"}:
        raise bad_request(f"the bot can't be {status!r}")
    chat.bot_status = status
    standin.world.save_chat(chat)
    return web.json_response(chat.document())


async def reset(request: web.Request) -> web.Response:
    """Begin anew, but for the webhook and the commands."""
    request.app[STANDIN].reset()
    return web.json_response({})
