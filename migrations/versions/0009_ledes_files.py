"""Files on the LEDES workbench."""

import sqlalchemy as sa
from alembic import op

from migrations.columns import ON_MYSQL, instant, vocabulary

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "ledes_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("origin", vocabulary(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("made_from", sa.String(120), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("object_key", sa.String(160), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("expires_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledes_file"),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name="fk_ledes_file_owner_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_ledes_file_owner_id", "ledes_file", ["owner_id"])
    op.create_index("ix_ledes_file_expires_at", "ledes_file", ["expires_at"])


def downgrade() -> None:
    """Drop the table; the bytes stay in the object store until its own rules remove them."""
    op.drop_table("ledes_file")
