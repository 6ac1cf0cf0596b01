"""What is known of each log-in, notices to people, and the turns of what runs by the clock."""

import sqlalchemy as sa
from alembic import op

from migrations.columns import ON_MYSQL, instant, vocabulary

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_FACTS_OF_LOG_INS = (
    "expires_on", "login_proved_at", "login_unanswered", "login_refused_at", "login_version", "stopped_code",
)  # fmt: skip


def upgrade() -> None:
    """Create the new tables, then add the columns."""
    _create_notice()
    _create_schedule_slot()
    op.add_column("site", sa.Column("password_days", sa.Integer(), nullable=True))
    _facts_of_log_ins()
    _longer_key_ids()


def downgrade() -> None:
    """Take tables and columns away; what they hold is gone. Secrets wrapped by a key service must be moved first."""
    with op.batch_alter_table("account_secret") as batch:
        batch.drop_constraint("fk_account_secret_updated_by_id", type_="foreignkey")
        batch.drop_index("ix_account_secret_key_id")
        batch.drop_column("updated_by_id")
        batch.alter_column(
            "wrapped_key", existing_type=sa.LargeBinary(1024), type_=sa.LargeBinary(255), existing_nullable=False
        )
        batch.alter_column("key_id", existing_type=sa.String(255), type_=sa.String(40), existing_nullable=False)
    with op.batch_alter_table("site_account") as batch:
        for column in _FACTS_OF_LOG_INS:
            batch.drop_column(column)
    with op.batch_alter_table("site") as batch:
        batch.drop_column("password_days")
    op.drop_table("schedule_slot")
    op.drop_table("notice")


def _create_notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", vocabulary(), nullable=False),
        sa.Column("subject_type", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(40), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("read_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_notice_user_id"),
        sa.UniqueConstraint(
            "user_id", "kind", "subject_type", "subject_id", "occasion", name="uq_notice_told_once"
        ),
        **ON_MYSQL,
    )  # fmt: skip
    op.create_index("ix_notice_unread", "notice", ["user_id", "read_at"])
    op.create_index("ix_notice_subject", "notice", ["subject_type", "subject_id"])


def _create_schedule_slot() -> None:
    op.create_table(
        "schedule_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("slot", sa.String(40), nullable=False),
        sa.Column("taken_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_schedule_slot"),
        sa.UniqueConstraint("name", "slot", name="uq_schedule_slot_name_slot"),
        **ON_MYSQL,
    )


def _facts_of_log_ins() -> None:
    with op.batch_alter_table("site_account") as batch:
        batch.add_column(sa.Column("stopped_code", sa.String(60), nullable=False, server_default=""))
        batch.add_column(sa.Column("login_version", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("login_refused_at", instant(), nullable=True))
        batch.add_column(sa.Column("login_unanswered", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("login_proved_at", instant(), nullable=True))
        batch.add_column(sa.Column("expires_on", sa.Date(), nullable=True))
    # A log-in that was used until now is a proved one.
    op.execute("UPDATE site_account SET login_proved_at = last_login_at")


def _longer_key_ids() -> None:
    with op.batch_alter_table("account_secret") as batch:
        batch.alter_column("key_id", existing_type=sa.String(40), type_=sa.String(255), existing_nullable=False)
        batch.alter_column(
            "wrapped_key", existing_type=sa.LargeBinary(255), type_=sa.LargeBinary(1024), existing_nullable=False
        )
        batch.add_column(sa.Column("updated_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_account_secret_updated_by_id", "app_user", ["updated_by_id"], ["id"])
        batch.create_index("ix_account_secret_key_id", ["key_id"])
