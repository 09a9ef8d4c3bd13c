"""What learning itself costs, which no run is billed for: by day, and by what was asked of a model."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "learning_costs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("cost_usd", sa.Numeric(12, 6), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_costs")),
        sa.UniqueConstraint("day", "purpose", name=op.f("uq_learning_costs_day_purpose")),
    )


def downgrade() -> None:
    op.drop_table("learning_costs")
