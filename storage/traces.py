"""What proposals of rules for many quote of somebody who goes: of their requests, their texts, their judgements."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_TESTS = text("""
    SELECT p.id FROM rule_proposals p WHERE p.status = 'testing' AND EXISTS (
        SELECT 1 FROM jsonb_array_elements(p.evaluation -> 'planned') planned
        JOIN runs r ON r.id = (planned ->> 'run_id')::uuid WHERE r.user_id = :user_id
    )
""")
_EMPTY_PAIRS = text("""
    UPDATE rule_proposals p SET evaluation = jsonb_set(p.evaluation, '{pairs}', (
        SELECT jsonb_agg(
            CASE WHEN r.id IS NULL THEN pair ELSE pair || '{"request": "…", "reason": "…"}' END ORDER BY n
        )
        FROM jsonb_array_elements(p.evaluation -> 'pairs') WITH ORDINALITY AS pairs (pair, n)
        LEFT JOIN runs r ON r.id = (pair ->> 'run_id')::uuid AND r.user_id = :user_id
    ))
    WHERE EXISTS (
        SELECT 1 FROM jsonb_array_elements(p.evaluation -> 'pairs') pair
        JOIN runs r ON r.id = (pair ->> 'run_id')::uuid WHERE r.user_id = :user_id
    )
""")
_EMPTY_WARNINGS = text("""
    UPDATE rule_proposals p SET warnings = (
        SELECT jsonb_agg(
            CASE WHEN warning ->> 'code' IN ('orders', 'client-facts') THEN warning || '{"detail": "…"}'
            ELSE warning END ORDER BY n
        )
        FROM jsonb_array_elements(p.warnings) WITH ORDINALITY AS warnings (warning, n)
    )
    WHERE jsonb_array_length(p.warnings) > 0 AND EXISTS (
        SELECT 1 FROM feedback f
        WHERE f.id = ANY (p.evidence) AND (f.user_id = :user_id OR f.rater = ANY (:persons))
    )
""")


async def tests_on(session: AsyncSession, user_id: UUID) -> Sequence[UUID]:
    """Proposals whose test is writing requests of a user again."""
    return (await session.scalars(_TESTS, {"user_id": user_id})).all()


async def empty_traces(session: AsyncSession, user_id: UUID, persons: Collection[str]) -> None:
    """Let proposals quote neither what was asked for by a user, nor what they or these persons said of texts.

    Verdicts and costs stay: they say nothing of anybody. Has to come before the runs and the judgements go.
    """
    await session.execute(_EMPTY_PAIRS, {"user_id": user_id})
    await session.execute(_EMPTY_WARNINGS, {"user_id": user_id, "persons": list(persons)})
