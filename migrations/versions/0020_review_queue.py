"""Teams, absences, delegations, approval steps, forwarded and returned proformas, and how the firm reviews."""

import sqlalchemy as sa
from alembic import op

from core.scaled import money_type
from migrations.columns import ON_MYSQL, instant, vocabulary

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TABLES = (
    "review_cap",
    "closing_day",
    "review_policy",
    "proforma_return_reason",
    "proforma_return",
    "proforma_forward",
    "proforma_approval",
    "approval_rule",
    "delegation",
    "absence",
    "team_member",
    "team",
)


def upgrade() -> None:
    """Create the tables; what is in review waits since it was made, everybody approves as before."""
    with op.batch_alter_table("proforma") as batch:
        batch.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("waiting_since_at", instant(), nullable=True))
    op.execute("UPDATE proforma SET waiting_since_at = created_at WHERE status = 'in_review'")
    _create_teams()
    _create_standing_in()
    _create_approval_rule()
    _create_proforma_approval()
    _create_proforma_forward()
    _create_proforma_return()
    _create_policy()


def downgrade() -> None:
    """Drop them with what they hold; what waits for a second approver is back with its attorney."""
    op.execute("UPDATE proforma SET status = 'in_review' WHERE status = 'in_approval'")
    for table in _TABLES:
        op.drop_table(table)
    with op.batch_alter_table("proforma") as batch:
        batch.drop_column("waiting_since_at")
        batch.drop_column("edition")


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["app_user.id"], name=f"fk_{table}_{column}")


def _create_teams() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
        sa.UniqueConstraint("name", name="uq_team_name"),
        _person("team", "lead_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_team_lead_id", "team", ["lead_id"])
    op.create_table(
        "team_member",
        sa.Column("user_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_team_member"),
        _person("team_member", "user_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_team_member_team_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_team_member_team_id", "team_member", ["team_id"])


def _create_standing_in() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
        *(_person("absence", column) for column in ("user_id", "substitute_id", "set_by_id")),
        **ON_MYSQL,
    )
    op.create_index("ix_absence_substitute", "absence", ["substitute_id", "status"])
    op.create_index("ix_absence_user", "absence", ["user_id", "status"])
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("principal_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=True),
        sa.Column("can_approve", sa.Boolean(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=False),
        sa.Column("granted_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_delegation"),
        *(_person("delegation", column) for column in ("principal_id", "delegate_id", "granted_by_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name="fk_delegation_matter_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_delegation_delegate", "delegation", ["delegate_id", "status"])
    op.create_index("ix_delegation_principal", "delegation", ["principal_id", "status"])
    op.create_index("ix_delegation_matter_id", "delegation", ["matter_id"])


def _create_approval_rule() -> None:
    op.create_table(
        "approval_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=True),
        sa.Column("from_amount", money_type(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("approver_kind", vocabulary(), nullable=False),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("mode", vocabulary(), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approval_rule"),
        sa.CheckConstraint("stage BETWEEN 1 AND 9", name="ck_approval_rule_stage"),
        *(_person("approval_rule", column) for column in ("approver_id", "made_by_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name="fk_approval_rule_matter_id"),
        **ON_MYSQL,
    )
    for column in ("matter_id", "approver_id", "status"):
        op.create_index(f"ix_approval_rule_{column}", "approval_rule", [column])


def _create_proforma_approval() -> None:
    op.create_table(
        "proforma_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proforma_id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=True),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("approver_kind", vocabulary(), nullable=False),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("mode", vocabulary(), nullable=False),
        sa.Column("is_reviewer", sa.Boolean(), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("asked_at", instant(), nullable=True),
        sa.Column("given_at", instant(), nullable=True),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proforma_approval"),
        sa.ForeignKeyConstraint(["proforma_id"], ["proforma.id"], name="fk_proforma_approval_proforma_id"),
        sa.ForeignKeyConstraint(["rule_id"], ["approval_rule.id"], name="fk_proforma_approval_rule_id"),
        *(_person("proforma_approval", column) for column in ("approver_id", "given_by_id")),
        **ON_MYSQL,
    )
    op.create_index("ix_proforma_approval_waiting", "proforma_approval", ["approver_id", "status"])
    op.create_index("ix_proforma_approval_kind", "proforma_approval", ["approver_kind", "status"])
    for column in ("proforma_id", "rule_id", "given_by_id"):
        op.create_index(f"ix_proforma_approval_{column}", "proforma_approval", [column])


def _create_proforma_forward() -> None:
    op.create_table(
        "proforma_forward",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proforma_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("can_approve", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("answer", sa.String(1000), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("forwarded_at", instant(), nullable=False),
        sa.Column("ended_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_proforma_forward"),
        sa.ForeignKeyConstraint(["proforma_id"], ["proforma.id"], name="fk_proforma_forward_proforma_id"),
        *(_person("proforma_forward", column) for column in ("owner_id", "from_id", "to_id")),
        **ON_MYSQL,
    )
    op.create_index("ix_proforma_forward_to", "proforma_forward", ["to_id", "status"])
    op.create_index("ix_proforma_forward_owner", "proforma_forward", ["owner_id", "status"])
    for column in ("proforma_id", "from_id"):
        op.create_index(f"ix_proforma_forward_{column}", "proforma_forward", [column])


def _create_proforma_return() -> None:
    op.create_table(
        "proforma_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proforma_id", sa.Integer(), nullable=False),
        sa.Column("returned_by_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("returned_at", instant(), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("sent_again_at", instant(), nullable=True),
        sa.Column("sent_again_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(1000), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proforma_return"),
        sa.ForeignKeyConstraint(["proforma_id"], ["proforma.id"], name="fk_proforma_return_proforma_id"),
        *(_person("proforma_return", name) for name in ("returned_by_id", "on_behalf_of_id", "sent_again_by_id")),
        **ON_MYSQL,
    )
    op.create_index("ix_proforma_return_when", "proforma_return", ["returned_at"])
    for column in ("proforma_id", "returned_by_id", "on_behalf_of_id", "sent_again_by_id"):
        op.create_index(f"ix_proforma_return_{column}", "proforma_return", [column])
    op.create_table(
        "proforma_return_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proforma_return_id", sa.Integer(), nullable=False),
        sa.Column("reason", vocabulary(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_proforma_return_reason"),
        sa.ForeignKeyConstraint(
            ["proforma_return_id"], ["proforma_return.id"], name="fk_proforma_return_reason_proforma_return_id"
        ),
        **ON_MYSQL,
    )
    op.create_index("ix_proforma_return_reason_of", "proforma_return_reason", ["proforma_return_id", "reason"])


def _create_policy() -> None:
    op.create_table(
        "review_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("urgent_after_days", sa.Integer(), nullable=False),
        sa.Column("is_reminding", sa.Boolean(), nullable=False),
        sa.Column("remind_after_days", sa.Integer(), nullable=False),
        sa.Column("remind_every_days", sa.Integer(), nullable=False),
        sa.Column("escalate_after_days", sa.Integer(), nullable=False),
        sa.Column("remind_from_hour", sa.Integer(), nullable=False),
        sa.Column("remind_until_hour", sa.Integer(), nullable=False),
        sa.Column("can_forward_authority", sa.Boolean(), nullable=False),
        sa.Column("most_amount", money_type(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=False),
        sa.Column("updated_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review_policy"),
        _person("review_policy", "updated_by_id"),
        **ON_MYSQL,
    )
    op.create_table(
        "closing_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_closing_day"),
        sa.UniqueConstraint("day", name="uq_closing_day_day"),
        _person("closing_day", "created_by_id"),
        **ON_MYSQL,
    )
    op.create_table(
        "review_cap",
        sa.Column("user_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("cap_amount", money_type(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_review_cap"),
        _person("review_cap", "user_id"),
        **ON_MYSQL,
    )
