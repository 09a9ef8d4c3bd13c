"""Money: who was warned that a limit is near, and sums over runs that need no look at the runs themselves."""

import sqlalchemy as sa
from alembic import op

from migrations.policies import protect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NEWEST = "ix_runs_user_newest"


def upgrade() -> None:
    op.create_table(
        "budget_warnings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("limit_usd", sa.Numeric(12, 6), nullable=False),
        sa.Column("spent_usd", sa.Numeric(12, 6), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_budget_warnings_client_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_budget_warnings_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_warnings")),
    )
    op.create_index(op.f("ix_budget_warnings_client_id"), "budget_warnings", ["client_id"])
    op.create_index(
        "uq_budget_warnings_crossing",
        "budget_warnings",
        ["user_id", sa.literal_column("coalesce(client_id, user_id)"), "month", "limit_usd"],
        unique=True,
    )
    protect("budget_warnings")
    op.drop_index(_NEWEST, table_name="runs")
    op.create_index(
        _NEWEST,
        "runs",
        ["user_id", sa.literal_column("id DESC")],
        postgresql_include=["client_id", "skill_id", "status", "tokens_used", "cost_usd"],
    )
    op.create_index(
        "ix_runs_skill_completed",
        "runs",
        ["skill_id", "model", sa.literal_column("id DESC")],
        postgresql_where=sa.text("status = 'completed'"),
    )


def downgrade() -> None:
    op.drop_index("ix_runs_skill_completed", table_name="runs")
    op.drop_index(_NEWEST, table_name="runs")
    op.create_index(_NEWEST, "runs", ["user_id", sa.literal_column("id DESC")])
    op.drop_table("budget_warnings")
