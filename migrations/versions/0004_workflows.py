"""Workflows: the library's, the walks through them, and the messages that show those."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.policies import protect

revision = "0004"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workflows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("s3_key", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflows")),
        sa.UniqueConstraint("name", name=op.f("uq_workflows_name")),
    )
    op.create_table(
        "workflow_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("origin_key", sa.String(), nullable=False),
        sa.Column("workflow", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("client_guessed", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("brief", sa.String(), nullable=False),
        sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cost_usd", sa.Numeric(precision=12, scale=6), nullable=False),
        sa.Column("notify", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("nudge", sa.Boolean(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('running', 'awaiting_input', 'completed', 'cancelled')",
            name=op.f("ck_workflow_runs_status"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_workflow_runs_client_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_workflow_runs_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_runs")),
        sa.UniqueConstraint("origin_key", name=op.f("uq_workflow_runs_origin_key")),
    )
    op.create_index(op.f("ix_workflow_runs_client_id"), "workflow_runs", ["client_id"], unique=False)
    op.create_index(
        "ix_workflow_runs_user_newest", "workflow_runs", ["user_id", sa.literal_column("id DESC")], unique=False
    )
    op.create_table(
        "workflow_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("workflow_run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("output_id", sa.Uuid(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision IN ('approve', 'revise', 'skip', 'retry', 'stop')", name=op.f("ck_workflow_steps_decision")
        ),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'awaiting_input', 'completed', 'skipped', 'failed', 'cancelled')",
            name=op.f("ck_workflow_steps_status"),
        ),
        sa.ForeignKeyConstraint(
            ["output_id"], ["outputs.id"], name=op.f("fk_workflow_steps_output_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_workflow_steps_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workflow_run_id"],
            ["workflow_runs.id"],
            name=op.f("fk_workflow_steps_workflow_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_steps")),
        sa.UniqueConstraint("workflow_run_id", "step", name=op.f("uq_workflow_steps_workflow_run_id_step")),
    )
    op.create_index(op.f("ix_workflow_steps_user_id"), "workflow_steps", ["user_id"], unique=False)
    op.create_index(
        "ix_workflow_steps_running",
        "workflow_steps",
        ["run_id"],
        unique=False,
        postgresql_where=sa.text("status = 'running'"),
    )
    op.create_index(
        "ix_workflow_steps_waiting",
        "workflow_steps",
        ["waiting_since"],
        unique=False,
        postgresql_where=sa.text("status IN ('awaiting_input', 'failed')"),
    )
    op.add_column("runs", sa.Column("workflow_run_id", sa.Uuid(), nullable=True))
    op.add_column("runs", sa.Column("step", sa.String(), nullable=True))
    op.create_index(op.f("ix_runs_workflow_run_id"), "runs", ["workflow_run_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_runs_workflow_run_id"), "runs", "workflow_runs", ["workflow_run_id"], ["id"], ondelete="SET NULL"
    )
    op.alter_column("deliveries", "run_id", existing_type=sa.Uuid(), nullable=True)
    op.add_column("deliveries", sa.Column("workflow_run_id", sa.Uuid(), nullable=True))
    op.add_column("deliveries", sa.Column("shown", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("deliveries", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_deliveries_workflow_run_id"), "deliveries", ["workflow_run_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_deliveries_workflow_run_id"),
        "deliveries",
        "workflow_runs",
        ["workflow_run_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_check_constraint(
        op.f("ck_deliveries_shows_one"), "deliveries", "(run_id IS NULL) <> (workflow_run_id IS NULL)"
    )
    for table in ("workflow_runs", "workflow_steps"):
        protect(table)


def downgrade() -> None:
    op.execute("DELETE FROM deliveries WHERE run_id IS NULL")
    op.drop_constraint(op.f("ck_deliveries_shows_one"), "deliveries", type_="check")
    op.drop_constraint(op.f("fk_deliveries_workflow_run_id"), "deliveries", type_="foreignkey")
    op.drop_index(op.f("ix_deliveries_workflow_run_id"), table_name="deliveries")
    for column in ("held_until", "shown", "workflow_run_id"):
        op.drop_column("deliveries", column)
    op.alter_column("deliveries", "run_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_constraint(op.f("fk_runs_workflow_run_id"), "runs", type_="foreignkey")
    op.drop_index(op.f("ix_runs_workflow_run_id"), table_name="runs")
    op.drop_column("runs", "step")
    op.drop_column("runs", "workflow_run_id")
    op.drop_index("ix_workflow_steps_waiting", table_name="workflow_steps")
    op.drop_index("ix_workflow_steps_running", table_name="workflow_steps")
    op.drop_index(op.f("ix_workflow_steps_user_id"), table_name="workflow_steps")
    op.drop_table("workflow_steps")
    op.drop_index("ix_workflow_runs_user_newest", table_name="workflow_runs")
    op.drop_index(op.f("ix_workflow_runs_client_id"), table_name="workflow_runs")
    op.drop_table("workflow_runs")
    op.drop_table("workflows")
