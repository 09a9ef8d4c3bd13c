"""Queries about the rows that the library's sync writes."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import Skill


class SkillRepository:
    """The skills that can be run."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> Sequence[Skill]:
        """Every skill, disabled ones too, by name."""
        return (await self._session.scalars(select(Skill).order_by(col(Skill.name)))).all()

    async def by_name(self, name: str) -> Skill | None:
        """One skill, disabled or not."""
        return await self._session.scalar(select(Skill).where(col(Skill.name) == name))

    async def name_of(self, skill_id: UUID) -> str:
        """A skill's name, disabled or not."""
        return (await self._session.scalars(select(col(Skill.name)).where(col(Skill.id) == skill_id))).one()

    async def enabled(self) -> Sequence[Skill]:
        """Every skill that can be run, by name."""
        return (
            await self._session.scalars(select(Skill).where(col(Skill.enabled)).order_by(col(Skill.name)))
        ).all()

    async def add(self, skill: Skill) -> None:
        """Keep a new skill."""
        self._session.add(skill)
        await self._session.flush()

    async def disable(self, names: Collection[str]) -> None:
        """Let these be run no more. Rows stay, since runs point at them."""
        await self._session.execute(update(Skill).where(col(Skill.name).in_(names)).values(enabled=False))
