"""A run may stand on a file that was sent along with the request."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("material_key", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("runs", "material_key")
