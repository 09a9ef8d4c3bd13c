"""A judgement knows when it was last changed, beside when it was first given."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_UNPROCESSED = "ix_feedback_unprocessed"


def upgrade() -> None:
    op.add_column("feedback", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("SELECT set_config('app.system', 'on', true)")
    op.execute("UPDATE feedback SET changed_at = created_at")
    op.alter_column("feedback", "changed_at", nullable=False)
    _index("changed_at")


def downgrade() -> None:
    _index("created_at")
    op.drop_column("feedback", "changed_at")


def _index(column: str) -> None:
    op.drop_index(_UNPROCESSED, table_name="feedback")
    op.create_index(_UNPROCESSED, "feedback", [column], postgresql_where=sa.text("processed_at IS NULL"))
