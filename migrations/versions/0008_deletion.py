"""What is deleted finds what points at it, and the sweeper the accounts to delete, without reading whole tables."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_FOLLOWED = (("outputs", "parent_output_id"), ("workflow_steps", "output_id"), ("rule_versions", "proposal_id"))
_DELETED = "ix_users_deleted"


def upgrade() -> None:
    for table, column in _FOLLOWED:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index(_DELETED, "users", ["deleted_at"], postgresql_where=sa.text("deleted_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_index(_DELETED, table_name="users")
    for table, column in reversed(_FOLLOWED):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
