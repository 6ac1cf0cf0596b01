"""Notifications beyond the bell: what each person chose, and every message with its state."""

import sqlalchemy as sa
from alembic import op

from migrations.columns import ON_MYSQL, instant, vocabulary

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; what was told before counts as planned, so nobody gets mails of old notices."""
    op.add_column("notice", sa.Column("planned_at", instant(), nullable=True))
    op.execute(sa.text("UPDATE notice SET planned_at = created_at"))
    op.create_index("ix_notice_unplanned", "notice", ["planned_at", "id"])
    _create_setting()
    _create_preference()
    _create_delivery()
    _create_item()
    _create_person_secret()


def downgrade() -> None:
    """Drop them with what they hold; the bell keeps its notices."""
    for table in ("person_secret", "notification_item", "notification_delivery"):
        op.drop_table(table)
    for table in ("notification_preference", "notification_setting"):
        op.drop_table(table)
    op.drop_index("ix_notice_unplanned", "notice")
    with op.batch_alter_table("notice") as batch:
        batch.drop_column("planned_at")


def _create_setting() -> None:
    op.create_table(
        "notification_setting",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(60), nullable=False),
        sa.Column("daily_at", sa.Time(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("is_quiet_on_weekends", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("phone_verified_at", instant(), nullable=True),
        sa.Column("phone_code_mac", sa.String(64), nullable=False),
        sa.Column("phone_code_until", instant(), nullable=True),
        sa.Column("phone_code_tries", sa.Integer(), nullable=False),
        sa.Column("phone_codes_sent", sa.Integer(), nullable=False),
        sa.Column("phone_codes_since", instant(), nullable=True),
        sa.Column("bounced_address", sa.String(255), nullable=False),
        sa.Column("bounced_at", instant(), nullable=True),
        sa.Column("bounce_reason", sa.String(300), nullable=False),
        sa.Column("unsubscribe_key", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_notification_setting"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_notification_setting_user_id"),
        **ON_MYSQL,
    )


def _create_preference() -> None:
    op.create_table(
        "notification_preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", vocabulary(), nullable=False),
        sa.Column("channel", vocabulary(), nullable=False),
        sa.Column("rhythm", vocabulary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notification_preference"),
        sa.UniqueConstraint("user_id", "kind", "channel", name="uq_notification_preference_user_id_kind_channel"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_notification_preference_user_id"),
        **ON_MYSQL,
    )


def _create_delivery() -> None:
    op.create_table(
        "notification_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("channel", vocabulary(), nullable=False),
        sa.Column("rhythm", vocabulary(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("due_at", instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until_ms", sa.BigInteger(), nullable=True),
        sa.Column("handed_over_at", instant(), nullable=True),
        sa.Column("sent_at", instant(), nullable=True),
        sa.Column("address", sa.String(255), nullable=False),
        sa.Column("message_id", sa.String(255), nullable=True),
        sa.Column("failure", sa.String(500), nullable=False),
        sa.Column("correlation_id", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notification_delivery"),
        sa.UniqueConstraint("message_id", name="uq_notification_delivery_message_id"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_notification_delivery_user_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_notification_delivery_due", "notification_delivery", ["status", "due_at"])
    op.create_index("ix_notification_delivery_open", "notification_delivery", ["user_id", "channel", "status"])


def _create_item() -> None:
    op.create_table(
        "notification_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("channel", vocabulary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notification_item"),
        sa.UniqueConstraint("notice_id", "channel", name="uq_notification_item_notice_id_channel"),
        sa.ForeignKeyConstraint(["delivery_id"], ["notification_delivery.id"], name="fk_notification_item_delivery_id"),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_notification_item_notice_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_notification_item_delivery_id", "notification_item", ["delivery_id"])


def _create_person_secret() -> None:
    op.create_table(
        "person_secret",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(255), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(1024), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(4096), nullable=False),
        sa.Column("updated_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person_secret"),
        sa.UniqueConstraint("user_id", "field", name="uq_person_secret_user_id_field"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_person_secret_user_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_person_secret_key_id", "person_secret", ["key_id"])
