"""The dispatcher: every router in order, the account before each handler, conversations in Redis."""

from aiogram import Bot, Dispatcher
from aiogram.fsm.storage.base import DefaultKeyBuilder
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.fsm.strategy import FSMStrategy

from bot.desk import Desk
from bot.handlers import (
    admin,
    clients,
    deletion,
    documents,
    errors,
    feedback_form,
    newclient,
    outputs,
    proposals,
    questions,
    rating,
    requests,
    runs,
    settings,
    skills,
    start,
    usage,
    workflows,
)
from bot.middlewares.account import AccountMiddleware
from core.runtime import Runtime

CONVERSATION_SECONDS = 3600
CONVERSATIONS = "marketing-agent:conversation"


def build_dispatcher(bot: Bot, runtime: Runtime) -> Dispatcher:
    """A dispatcher whose handlers are given `runtime`, `desk`, `account`, `place`, `origin` and `secrets`."""
    storage = RedisStorage(
        runtime.redis,
        key_builder=DefaultKeyBuilder(prefix=CONVERSATIONS),
        state_ttl=CONVERSATION_SECONDS,
        data_ttl=CONVERSATION_SECONDS,
    )
    dispatcher = Dispatcher(storage=storage, fsm_strategy=FSMStrategy.USER_IN_TOPIC)
    dispatcher["runtime"] = runtime
    dispatcher["desk"] = Desk(bot, runtime)
    account = AccountMiddleware(runtime)
    dispatcher.message.outer_middleware(account)
    dispatcher.callback_query.outer_middleware(account)
    dispatcher.include_routers(
        errors.router,
        documents.router,  # before the others: a caption may look like their words
        start.router,
        settings.router,
        deletion.router,
        feedback_form.router,  # before the others: an answer may look like their words
        clients.router,
        newclient.router,  # before the others: an answer may look like their words
        runs.router,
        outputs.router,
        questions.router,
        workflows.router,
        usage.router,
        proposals.router,
        admin.router,
        rating.router,
        skills.router,
        requests.router,  # last: it takes what nobody else took
    )
    return dispatcher
