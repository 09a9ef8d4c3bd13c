"""Learning: versions of rules, proposals to change them, and the messages that show those."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.policies import protect, protect_shared

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

_SHOWS_ONE = "num_nonnulls(run_id, workflow_run_id, proposal_id) = 1"
_SHOWED_ONE = "(run_id IS NULL) <> (workflow_run_id IS NULL)"


def upgrade() -> None:
    _create_proposals()
    _create_versions()
    op.add_column("deliveries", sa.Column("proposal_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_deliveries_proposal_id"), "deliveries", ["proposal_id"])
    op.create_foreign_key(
        op.f("fk_deliveries_proposal_id"),
        "deliveries",
        "rule_proposals",
        ["proposal_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.drop_constraint(op.f("ck_deliveries_shows_one"), "deliveries", type_="check")
    op.create_check_constraint(op.f("ck_deliveries_shows_one"), "deliveries", _SHOWS_ONE)
    _let_source_be("'telegram', 'api', 'workflow'")
    protect("rule_proposals")  # what one user's feedback led to is not another's to read: only the system's
    protect_shared("rule_versions")


def downgrade() -> None:
    _let_source_be("'telegram', 'api', 'workflow', 'replay'")
    op.execute("DELETE FROM deliveries WHERE proposal_id IS NOT NULL")
    op.drop_constraint(op.f("ck_deliveries_shows_one"), "deliveries", type_="check")
    op.create_check_constraint(op.f("ck_deliveries_shows_one"), "deliveries", _SHOWED_ONE)
    op.drop_constraint(op.f("fk_deliveries_proposal_id"), "deliveries", type_="foreignkey")
    op.drop_index(op.f("ix_deliveries_proposal_id"), table_name="deliveries")
    op.drop_column("deliveries", "proposal_id")
    op.drop_table("rule_versions")
    op.drop_table("rule_proposals")


def _let_source_be(listed: str) -> None:
    """A replay tests a proposal outside the line in which people's runs wait: no run is one."""
    op.drop_constraint(op.f("ck_runs_source"), "runs", type_="check")
    op.create_check_constraint(op.f("ck_runs_source"), "runs", f"source IN ({listed})")


def _create_proposals() -> None:
    op.create_table(
        "rule_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("change_type", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("current_rule", sa.String(), nullable=True),
        sa.Column("proposed_rule", sa.String(), nullable=True),
        sa.Column("diff", sa.String(), nullable=False),
        sa.Column("rationale", sa.String(), nullable=False),
        sa.Column("evidence", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("evaluation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("scope IN ('skill', 'client', 'global')", name=op.f("ck_rule_proposals_scope")),
        sa.CheckConstraint(
            "change_type IN ('add', 'clarify', 'strengthen', 'anti-pattern', 'remove')",
            name=op.f("ck_rule_proposals_change_type"),
        ),
        sa.CheckConstraint("origin IN ('feedback', 'library')", name=op.f("ck_rule_proposals_origin")),
        sa.CheckConstraint(
            "status IN ('draft', 'testing', 'ready', 'approved', 'rejected', 'rolled_back')",
            name=op.f("ck_rule_proposals_status"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_rule_proposals_client_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_rule_proposals_skill_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_rule_proposals_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_proposals")),
    )
    for column in ("client_id", "skill_id", "user_id"):
        op.create_index(op.f(f"ix_rule_proposals_{column}"), "rule_proposals", [column])
    op.create_index("ix_rule_proposals_status", "rule_proposals", ["status", sa.literal_column("id DESC")])


def _create_versions() -> None:
    op.create_table(
        "rule_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("s3_key", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("changelog", sa.String(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        sa.Column("alerted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("scope IN ('skill', 'client', 'global')", name=op.f("ck_rule_versions_scope")),
        sa.CheckConstraint(
            "origin IN ('shipped', 'proposal', 'edit', 'rollback', 'merge')", name=op.f("ck_rule_versions_origin")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_rule_versions_client_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["rule_proposals.id"],
            name=op.f("fk_rule_versions_proposal_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_rule_versions_skill_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_rule_versions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_versions")),
    )
    op.create_index(op.f("ix_rule_versions_user_id"), "rule_versions", ["user_id"])
    for scope, columns in (("skill", ["skill_id", "version"]), ("client", ["client_id", "version"])):
        op.create_index(
            f"uq_rule_versions_{scope}",
            "rule_versions",
            columns,
            unique=True,
            postgresql_where=sa.text(f"scope = '{scope}'"),
        )
    op.create_index(
        "uq_rule_versions_global",
        "rule_versions",
        ["version"],
        unique=True,
        postgresql_where=sa.text("scope = 'global'"),
    )
