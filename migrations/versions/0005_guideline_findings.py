"""Permissions of carriers, fixes beside findings, times of day, and splits that wait for their timekeeper."""

import sqlalchemy as sa
from alembic import op

from core.scaled import Scaled
from migrations.columns import ON_MYSQL, instant, vocabulary

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the new tables, then add the columns that lead to them."""
    _create_guideline_exception()
    _create_split_proposal()
    _create_split_part()
    _time_of_entries()
    _parts_of_lines()
    _fixes_of_findings()


def downgrade() -> None:
    """Take columns and tables away; what they hold is gone. Lines of a split keep billing as lines of their own."""
    with op.batch_alter_table("proforma_finding") as batch:
        batch.drop_constraint("fk_proforma_finding_exception_id", type_="foreignkey")
        for column in ("exception_id", "related", "fix", "rule_id"):
            batch.drop_column(column)
        batch.alter_column("message", existing_type=sa.String(1000), type_=sa.String(500), existing_nullable=False)
    with op.batch_alter_table("proforma_line") as batch:
        batch.drop_constraint("fk_proforma_line_split_from_id", type_="foreignkey")
        batch.drop_index("ix_proforma_line_split_from_id")
        batch.drop_column("split_from_id")
    op.create_index("ix_time_entry_timekeeper_id", "time_entry", ["timekeeper_id"])
    op.drop_index("ix_time_entry_day", "time_entry")
    with op.batch_alter_table("time_entry") as batch:
        batch.drop_column("ended_at")
        batch.drop_column("started_at")
    for table in ("split_part", "split_proposal", "guideline_exception"):
        op.drop_table(table)


def _create_guideline_exception() -> None:
    op.create_table(
        "guideline_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(80), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=True),
        sa.Column("timekeeper_id", sa.Integer(), nullable=True),
        sa.Column("work_from", sa.Date(), nullable=True),
        sa.Column("work_to", sa.Date(), nullable=True),
        sa.Column("limit_value", Scaled(14, 4), nullable=True),
        sa.Column("handler", sa.String(120), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(255), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_guideline_exception"),
        sa.ForeignKeyConstraint(["carrier_id"], ["carrier.id"], name="fk_guideline_exception_carrier_id"),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name="fk_guideline_exception_matter_id"),
        sa.ForeignKeyConstraint(["timekeeper_id"], ["timekeeper.id"], name="fk_guideline_exception_timekeeper_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["app_user.id"], name="fk_guideline_exception_created_by_id"),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["app_user.id"], name="fk_guideline_exception_revoked_by_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_guideline_exception_carrier_id", "guideline_exception", ["carrier_id", "revoked_at"])


def _create_split_proposal() -> None:
    op.create_table(
        "split_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proforma_id", sa.Integer(), nullable=False),
        sa.Column("proforma_line_id", sa.Integer(), nullable=False),
        sa.Column("timekeeper_id", sa.Integer(), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entered_hours", Scaled(12, 4), nullable=False),
        sa.Column("given_hours", Scaled(12, 4), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", instant(), nullable=False),
        sa.Column("decided_at", instant(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_split_proposal"),
        sa.ForeignKeyConstraint(["proforma_id"], ["proforma.id"], name="fk_split_proposal_proforma_id"),
        sa.ForeignKeyConstraint(["proforma_line_id"], ["proforma_line.id"], name="fk_split_proposal_proforma_line_id"),
        sa.ForeignKeyConstraint(["timekeeper_id"], ["timekeeper.id"], name="fk_split_proposal_timekeeper_id"),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["app_user.id"], name="fk_split_proposal_proposed_by_id"),
        sa.CheckConstraint("given_hours <= entered_hours", name="ck_split_proposal_given_hours"),
        **ON_MYSQL,
    )
    op.create_index("ix_split_proposal_proforma_id", "split_proposal", ["proforma_id"])
    op.create_index("ix_split_proposal_proforma_line_id", "split_proposal", ["proforma_line_id"])
    op.create_index("ix_split_proposal_waiting", "split_proposal", ["timekeeper_id", "status"])


def _create_split_part() -> None:
    op.create_table(
        "split_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("split_proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("hours", Scaled(12, 4), nullable=True),
        sa.Column("proforma_line_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_split_part"),
        sa.ForeignKeyConstraint(["split_proposal_id"], ["split_proposal.id"], name="fk_split_part_split_proposal_id"),
        sa.ForeignKeyConstraint(["proforma_line_id"], ["proforma_line.id"], name="fk_split_part_proforma_line_id"),
        sa.UniqueConstraint("split_proposal_id", "number", name="uq_split_part_split_proposal_id_number"),
        sa.CheckConstraint("hours > 0", name="ck_split_part_hours"),
        **ON_MYSQL,
    )
    op.create_index("ix_split_part_proforma_line_id", "split_part", ["proforma_line_id"])


def _time_of_entries() -> None:
    op.add_column("time_entry", sa.Column("started_at", sa.Time(), nullable=True))
    op.add_column("time_entry", sa.Column("ended_at", sa.Time(), nullable=True))
    # Made before the other goes: MySQL wants an index under the foreign key at every moment.
    op.create_index("ix_time_entry_day", "time_entry", ["timekeeper_id", "worked_on"])
    op.drop_index("ix_time_entry_timekeeper_id", "time_entry")


def _parts_of_lines() -> None:
    with op.batch_alter_table("proforma_line") as batch:
        batch.add_column(sa.Column("split_from_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_proforma_line_split_from_id", "proforma_line", ["split_from_id"], ["id"])
        batch.create_index("ix_proforma_line_split_from_id", ["split_from_id"])


def _fixes_of_findings() -> None:
    with op.batch_alter_table("proforma_finding") as batch:
        batch.add_column(sa.Column("rule_id", sa.String(80), nullable=False, server_default=""))
        batch.add_column(sa.Column("fix", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("related", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("exception_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_proforma_finding_exception_id", "guideline_exception", ["exception_id"], ["id"])
        batch.alter_column("message", existing_type=sa.String(500), type_=sa.String(1000), existing_nullable=False)
    op.execute("UPDATE proforma_finding SET related = '[]'")
    with op.batch_alter_table("proforma_finding") as batch:
        batch.alter_column("rule_id", existing_type=sa.String(80), server_default=None, existing_nullable=False)
        batch.alter_column("related", existing_type=sa.JSON(), nullable=False)
