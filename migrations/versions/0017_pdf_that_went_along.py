"""The checksum of the PDF that went along with a file."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what was sent before, none is known."""
    with op.batch_alter_table("submission") as batch:
        batch.add_column(sa.Column("pdf_sha256", sa.String(64), nullable=False, server_default=""))


def downgrade() -> None:
    """Forget the checksums; the PDFs stay with the evidence."""
    with op.batch_alter_table("submission") as batch:
        batch.drop_column("pdf_sha256")
