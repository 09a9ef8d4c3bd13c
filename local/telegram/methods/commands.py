"""The menu of commands, in its scopes.

Source: https://core.telegram.org/bots/api#botcommandscope
"""

import json
import re

from local.telegram.params import Params
from local.telegram.records import Chat, User
from local.telegram.standin import StandIn
from local.telegram.wire import Json, bad_request
from local.telegram.world import World

from .registry import method

_NAME = re.compile(r"[a-z0-9_]{1,32}")
_COMMANDS_LIMIT, _DESCRIPTION_LIMIT = 100, 256


@method("setMyCommands")
async def set_my_commands(standin: StandIn, params: Params) -> bool:
    """Set the menu of one scope and language."""
    commands = params.objects("commands")
    if len(commands) > _COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _NAME.fullmatch(str(command.get("command", "")).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= _DESCRIPTION_LIMIT:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    menu = [{"command": c["command"].removeprefix("/"), "description": c["description"]} for c in commands]
    standin.world.commands[_key(params)] = menu
    _changed(standin)
    return True


@method("deleteMyCommands")
async def delete_my_commands(standin: StandIn, params: Params) -> bool:
    """Forget the menu of one scope and language."""
    standin.world.commands.pop(_key(params), None)
    _changed(standin)
    return True


@method("getMyCommands")
async def get_my_commands(standin: StandIn, params: Params) -> list[Json]:
    """Give the menu of one scope and language, and of no other."""
    menu: list[Json] = standin.world.commands.get(_key(params), [])
    return menu


def menu_for(world: World, user: User, chat: Chat) -> list[Json]:
    """Give the menu that a person sees in a chat: that of the narrowest scope which has one."""
    if chat.is_private:
        scopes: list[Json] = [{"type": "chat", "chat_id": chat.id}, {"type": "all_private_chats"}]
    else:
        scopes = [{"type": "chat_member", "chat_id": chat.id, "user_id": user.id}]
        if chat.members[:1] == [user.id]:
            scopes.append({"type": "chat_administrators", "chat_id": chat.id})
        scopes.append({"type": "chat", "chat_id": chat.id})
        if chat.members[:1] == [user.id]:
            scopes.append({"type": "all_chat_administrators"})
        scopes.append({"type": "all_group_chats"})
    for scope in [*scopes, {"type": "default"}]:
        for language in (user.language_code, ""):
            menu: list[Json] = world.commands.get(_scope_key(scope, language), [])
            if menu:
                return menu
    return []


def _key(params: Params) -> str:
    scope = params.json("scope") or {"type": "default"}
    if not isinstance(scope, dict) or "type" not in scope:
        raise bad_request("can't parse BotCommandScope: expected an Object")
    return _scope_key(scope, params.text("language_code") or "")


def _scope_key(scope: Json, language: str) -> str:
    ids = {name: int(scope[name]) for name in ("chat_id", "user_id") if name in scope}
    return json.dumps([scope["type"], ids, language])


def _changed(standin: StandIn) -> None:
    standin.store.put("bot", "commands", standin.world.commands)
    standin.feed.publish("commands", None)
