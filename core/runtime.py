"""The composition root: what lives as long as the process, and the units of work made on it.

Web, worker, command lines and tests all build the same Runtime; each `__main__` adds only its Bot or its Worker.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID

from anthropic import AsyncAnthropic
from arq.connections import ArqRedis
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from core.accounts.keys import KeyService
from core.accounts.service import AccountService
from core.clients.cache import ContentCache
from core.clients.drafts import DraftService
from core.clients.service import ClientService
from core.detection.detector import Detector
from core.detection.judge import ClaudeJudge
from core.feedback.service import FeedbackService
from core.learning.proposals import ProposalService
from core.logging import get_logger
from core.outputs.service import OutputService
from core.queue import Job, Queue, connect
from core.runs.pending import PendingService
from core.runs.plan import Planner
from core.runs.service import RunService
from core.settings import Settings
from core.skills.catalogue import Catalogue, LoadedSkill
from core.usage.estimates import Estimator
from core.usage.service import UsageService
from core.workflows.service import WorkflowService
from storage.database import make_engine, system_transaction, user_transaction
from storage.inbox import OutboxRepository
from storage.models import OutboxMessage
from storage.objects import ObjectStore, open_object_store

_FORGET_SECONDS = 0.2
log = get_logger(__name__)


class Unit:
    """One piece of work: one transaction, and the services made on it. Only its edge commits."""

    def __init__(self, session: AsyncSession, settings: Settings) -> None:
        self.session = session
        self.told: list[tuple[OutboxMessage, Job]] = []
        pepper = settings.key_pepper.get_secret_value()
        self.accounts = AccountService(session, pepper=pepper)
        self.keys = KeyService(session, pepper=pepper)
        self.clients = ClientService(session)
        self.drafts = DraftService(session)
        self.runs = RunService(session, self.tell)
        self.workflows = WorkflowService(session, self.tell)
        self.pending = PendingService(session)
        self.outputs = OutputService(session)
        self.usage = UsageService(session)
        self.feedback = FeedbackService(session, self.tell, delay_seconds=settings.feedback_delay_seconds)
        self.proposals = ProposalService(session, self.tell)

    async def tell(self, job: Job) -> None:
        """Put a job into the outbox: it reaches the queue after the commit, or never if there is none."""
        message = OutboxMessage(kind="job", payload={"name": job.name, "args": list(job.args), "id": job.id})
        await OutboxRepository(self.session).add(message)
        self.told.append((message, job))


class Runtime:
    """What outlives a unit of work. `open_runtime` makes one."""

    def __init__(self, settings: Settings, engine: AsyncEngine, redis: ArqRedis, objects: ObjectStore) -> None:
        self.settings = settings
        self.engine = engine
        self.redis = redis
        self.objects = objects
        self.contents = ContentCache(objects)
        self.queue = Queue(redis)
        self.catalogue = Catalogue(engine, objects, redis)
        self.claude = _claude(settings)
        judge = ClaudeJudge(client=self.claude, model=settings.detect_model) if self.claude else None
        self.detector = Detector(judge=judge)
        self.catalogue.on_change(self._index)
        self.estimator = Estimator(engine, self.catalogue, settings)
        self.planner = Planner(
            engine,
            self.catalogue,
            self.detector,
            self.estimator,
            confirm_above_usd=settings.confirm_above_usd,
        )
        self._background: set[asyncio.Task[None]] = set()
        self._told: list[UUID] = []
        self._forgetting = False

    @asynccontextmanager
    async def unit(self, user_id: UUID) -> AsyncIterator[Unit]:
        """A unit of work that sees what belongs to `user_id`. Commits on a clean exit, then rings the bells."""
        async with user_transaction(self.engine, user_id) as session:
            unit = Unit(session, self.settings)
            yield unit
        await self._ring(unit)

    @asynccontextmanager
    async def system_unit(self) -> AsyncIterator[Unit]:
        """A unit of work that sees everything: for authentication, the sweeper and the worker."""
        async with system_transaction(self.engine) as session:
            unit = Unit(session, self.settings)
            yield unit
        await self._ring(unit)

    async def drain_outbox(self, messages: list[tuple[OutboxMessage, Job]]) -> None:
        """Put jobs on the queue and forget them; what can't be told now stays for the sweeper."""
        try:
            for _, job in messages:
                await self.queue.put(job)
        except (RedisError, OSError) as error:
            log.warning("bell_not_rung", error=str(error))
            return
        self._told += [message.id for message, _ in messages]
        if not self._forgetting:
            self._forgetting = True
            self.in_background(self._forget())

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that nobody waits for, but that `close` does."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _index(self, skills: Sequence[LoadedSkill]) -> None:
        """Let the detector know these skills. A thread builds the index: the loop goes on with the old one."""
        workflows = self.catalogue.workflows.values()
        await asyncio.to_thread(
            self.detector.rebuild,
            [skill.document.for_detection() for skill in skills],
            [workflow.for_detection() for workflow in workflows],
        )

    async def settle(self) -> None:
        """Wait for what goes on in the background."""
        await asyncio.gather(*self._background, return_exceptions=True)

    async def _ring(self, unit: Unit) -> None:
        if unit.told:
            await self.drain_outbox(unit.told)

    async def _forget(self) -> None:
        """Drop what was told from the outbox, many at once. What a crash leaves there is told again: no harm."""
        await asyncio.sleep(_FORGET_SECONDS)
        self._forgetting = False
        ids, self._told = self._told, []
        async with system_transaction(self.engine) as session:
            await OutboxRepository(session).told(ids)


@asynccontextmanager
async def open_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """Connect to the stores and yield the process's Runtime; close everything in the end."""
    async with AsyncExitStack() as stack:
        engine = make_engine(settings.database_url.get_secret_value(), pool_size=settings.database_pool_size)
        stack.push_async_callback(engine.dispose)
        redis = await connect(settings.redis_url.get_secret_value())
        stack.push_async_callback(redis.aclose)
        objects = await stack.enter_async_context(
            open_object_store(
                bucket=settings.s3_bucket,
                region=settings.s3_region,
                access_key_id=settings.s3_access_key_id.get_secret_value(),
                secret_access_key=settings.s3_secret_access_key.get_secret_value(),
                endpoint_url=settings.s3_endpoint_url,
                public_url=settings.s3_public_url,
            )
        )
        runtime = Runtime(settings, engine, redis, objects)
        if runtime.claude is not None:
            stack.push_async_callback(runtime.claude.close)
        stack.push_async_callback(runtime.settle)
        yield runtime


def _claude(settings: Settings) -> AsyncAnthropic | None:
    """The process's client of the Messages API, or None without a key. Retries are ours."""
    if settings.anthropic_api_key is None:
        return None
    return AsyncAnthropic(
        api_key=settings.anthropic_api_key.get_secret_value(),
        base_url=settings.anthropic_base_url,
        max_retries=0,
    )
