"""Comments about bills with the people named in them, and who looks at what right now."""

import sqlalchemy as sa
from alembic import op

from migrations.columns import ON_MYSQL, instant

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, empty."""
    _create_comment()
    _create_comment_mention()
    _create_presence()


def downgrade() -> None:
    """Drop them; what was said is gone."""
    for table in ("presence", "comment_mention", "comment"):
        op.drop_table(table)


def _create_comment() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proforma_id", sa.Integer(), nullable=False),
        sa.Column("proforma_line_id", sa.Integer(), nullable=True),
        sa.Column("line_number", sa.Integer(), nullable=True),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("edited_at", instant(), nullable=True),
        sa.Column("removed_at", instant(), nullable=True),
        sa.Column("resolved_at", instant(), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
        sa.ForeignKeyConstraint(["proforma_id"], ["proforma.id"], name="fk_comment_proforma_id"),
        sa.ForeignKeyConstraint(["proforma_line_id"], ["proforma_line.id"], name="fk_comment_proforma_line_id"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name="fk_comment_invoice_id"),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name="fk_comment_author_id"),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["app_user.id"], name="fk_comment_resolved_by_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_comment_thread", "comment", ["proforma_id", "id"])
    op.create_index("ix_comment_proforma_line_id", "comment", ["proforma_line_id"])


def _create_comment_mention() -> None:
    op.create_table(
        "comment_mention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_comment_mention"),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_comment_mention_comment_id"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_comment_mention_user_id"),
        sa.UniqueConstraint("comment_id", "user_id", name="uq_comment_mention_comment_id_user_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_comment_mention_user_id", "comment_mention", ["user_id"])


def _create_presence() -> None:
    op.create_table(
        "presence",
        sa.Column("tab", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("subject_type", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=True),
        sa.Column("is_editing", sa.Boolean(), nullable=False),
        sa.Column("seen_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("tab", name="pk_presence"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_presence_user_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_presence_subject", "presence", ["subject_type", "subject_id", "seen_at"])
    op.create_index("ix_presence_seen_at", "presence", ["seen_at"])
