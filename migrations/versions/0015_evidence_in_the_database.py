"""Evidence in the database, for workers on machines that share neither a folder nor a bucket."""

import sqlalchemy as sa
from alembic import op

from migrations.columns import ON_MYSQL, instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_CHUNK_BYTES = 1024 * 1024


def upgrade() -> None:
    """Create the tables, empty."""
    op.create_table(
        "stored_object",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("object_key", sa.String(255), nullable=False),
        sa.Column("media_type", sa.String(60), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stored_object"),
        sa.UniqueConstraint("object_key", name="uq_stored_object_object_key"),
        **ON_MYSQL,
    )
    op.create_table(
        "stored_chunk",
        sa.Column("stored_object_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(_CHUNK_BYTES), nullable=False),
        sa.PrimaryKeyConstraint("stored_object_id", "position", name="pk_stored_chunk"),
        sa.ForeignKeyConstraint(["stored_object_id"], ["stored_object.id"], name="fk_stored_chunk_stored_object_id"),
        **ON_MYSQL,
    )


def downgrade() -> None:
    """Drop the tables with the evidence in them: copy it to a folder or a bucket first."""
    op.drop_table("stored_chunk")
    op.drop_table("stored_object")
