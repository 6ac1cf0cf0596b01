"""Steps of editing a proforma, discounts, transfers, combined expenses, and proposals that a timekeeper attests."""

import sqlalchemy as sa
from alembic import op

from core.scaled import Scaled, money_type, units_type
from migrations.columns import ON_MYSQL, instant, vocabulary

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_LINE_COLUMNS = (
    "write_down_amount",
    "discount_percent",
    "discount_amount",
    "is_free",
    "is_printed",
    "combined_into_id",
    "transfer_matter_id",
)


def upgrade() -> None:
    """Add the columns and tables; what was taken off a line so far was written down."""
    with op.batch_alter_table("proforma_line") as batch:
        batch.add_column(sa.Column("write_down_amount", money_type(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("discount_percent", Scaled(7, 4), nullable=True))
        batch.add_column(sa.Column("discount_amount", money_type(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("is_free", sa.Boolean(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("is_printed", sa.Boolean(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("combined_into_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("transfer_matter_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_proforma_line_combined_into_id", "proforma_line", ["combined_into_id"], ["id"])
        batch.create_foreign_key("fk_proforma_line_transfer_matter_id", "matter", ["transfer_matter_id"], ["id"])
    op.execute("UPDATE proforma_line SET write_down_amount = -adjustment_amount WHERE adjustment_amount <> 0")
    with op.batch_alter_table("invoice_line") as batch:
        batch.add_column(sa.Column("is_printed", sa.Boolean(), nullable=False, server_default="1"))
    _add_to_entries()
    _create_proforma_edit()
    _create_line_proposal()


def downgrade() -> None:
    """Drop them; lines keep their sums, the steps that led there are gone."""
    op.drop_table("line_proposal")
    op.drop_table("proforma_edit")
    with op.batch_alter_table("invoice_line") as batch:
        batch.drop_column("is_printed")
    with op.batch_alter_table("split_part") as batch:
        batch.drop_constraint("fk_split_part_time_entry_id", type_="foreignkey")
        batch.drop_constraint("fk_split_part_matter_id", type_="foreignkey")
        batch.drop_column("time_entry_id")
        batch.drop_column("matter_id")
    for table in ("expense", "time_entry"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"fk_{table}_transferred_from_id", type_="foreignkey")
            batch.drop_column("transferred_from_id")
    with op.batch_alter_table("time_entry") as batch:
        batch.drop_column("recorded_on")
    with op.batch_alter_table("proforma_line") as batch:
        batch.drop_constraint("fk_proforma_line_transfer_matter_id", type_="foreignkey")
        batch.drop_constraint("fk_proforma_line_combined_into_id", type_="foreignkey")
        for column in _LINE_COLUMNS:
            batch.drop_column(column)


def _add_to_entries() -> None:
    with op.batch_alter_table("time_entry") as batch:
        batch.add_column(sa.Column("recorded_on", sa.Date(), nullable=True))
    for table in ("time_entry", "expense"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("transferred_from_id", sa.Integer(), nullable=True))
            batch.create_foreign_key(f"fk_{table}_transferred_from_id", table, ["transferred_from_id"], ["id"])
    with op.batch_alter_table("split_part") as batch:
        batch.add_column(sa.Column("matter_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("time_entry_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_split_part_matter_id", "matter", ["matter_id"], ["id"])
        batch.create_foreign_key("fk_split_part_time_entry_id", "time_entry", ["time_entry_id"], ["id"])


def _create_proforma_edit() -> None:
    op.create_table(
        "proforma_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proforma_id", sa.Integer(), nullable=False),
        sa.Column("kind", vocabulary(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", instant(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("amount_before", money_type(), nullable=False),
        sa.Column("amount_after", money_type(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", instant(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_proforma_edit"),
        sa.ForeignKeyConstraint(["proforma_id"], ["proforma.id"], name="fk_proforma_edit_proforma_id"),
        sa.ForeignKeyConstraint(["actor_id"], ["app_user.id"], name="fk_proforma_edit_actor_id"),
        sa.ForeignKeyConstraint(["undoes_id"], ["proforma_edit.id"], name="fk_proforma_edit_undoes_id"),
        sa.ForeignKeyConstraint(["undone_by_id"], ["app_user.id"], name="fk_proforma_edit_undone_by_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_proforma_edit_steps", "proforma_edit", ["proforma_id", "id"])


def _create_line_proposal() -> None:
    op.create_table(
        "line_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proforma_id", sa.Integer(), nullable=False),
        sa.Column("proforma_line_id", sa.Integer(), nullable=True),
        sa.Column("timekeeper_id", sa.Integer(), nullable=False),
        sa.Column("kind", vocabulary(), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("narrative", sa.Text(), nullable=True),
        sa.Column("hours", units_type(), nullable=True),
        sa.Column("worked_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("answer", sa.String(500), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", instant(), nullable=False),
        sa.Column("decided_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_line_proposal"),
        sa.ForeignKeyConstraint(["proforma_id"], ["proforma.id"], name="fk_line_proposal_proforma_id"),
        sa.ForeignKeyConstraint(["proforma_line_id"], ["proforma_line.id"], name="fk_line_proposal_proforma_line_id"),
        sa.ForeignKeyConstraint(["timekeeper_id"], ["timekeeper.id"], name="fk_line_proposal_timekeeper_id"),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["app_user.id"], name="fk_line_proposal_proposed_by_id"),
        **ON_MYSQL,
    )
    for column in ("proforma_id", "proforma_line_id"):
        op.create_index(f"ix_line_proposal_{column}", "line_proposal", [column])
    op.create_index("ix_line_proposal_waiting", "line_proposal", ["timekeeper_id", "status"])
