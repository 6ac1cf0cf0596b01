"""People who sign in, the carriers' sites and accounts, the audit trail."""

import sqlalchemy as sa
from alembic import op

from migrations.columns import ON_MYSQL, counted, instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, parents first."""
    _create_timekeeper()
    _create_app_user()
    _create_user_session()
    _create_worker_process()
    _create_site()
    _create_site_account()
    _create_account_secret()
    _create_carrier()
    _create_carrier_profile_version()
    _create_audit_event()


def downgrade() -> None:
    """Drop the tables and what is in them, children first."""
    for table in (
        "audit_event",
        "carrier_profile_version",
        "carrier",
        "account_secret",
        "site_account",
        "site",
        "worker_process",
        "user_session",
        "app_user",
        "timekeeper",
    ):
        op.drop_table(table)


def _create_timekeeper() -> None:
    op.create_table(
        "timekeeper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("last_name", sa.String(30), nullable=False),
        sa.Column("first_name", sa.String(30), nullable=False),
        sa.Column("classification", sa.String(10), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_timekeeper"),
        sa.UniqueConstraint("code", name="uq_timekeeper_code"),
        **ON_MYSQL,
    )


def _create_app_user() -> None:
    op.create_table(
        "app_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("email", sa.String(255), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("timekeeper_id", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_app_user"),
        sa.ForeignKeyConstraint(["timekeeper_id"], ["timekeeper.id"], name="fk_app_user_timekeeper_id"),
        sa.UniqueConstraint("email", name="uq_app_user_email"),
        sa.UniqueConstraint("subject", name="uq_app_user_subject"),
        **ON_MYSQL,
    )


def _create_user_session() -> None:
    op.create_table(
        "user_session",
        sa.Column("id_sha256", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("last_seen_at", instant(), nullable=False),
        sa.Column("expires_at", instant(), nullable=False),
        sa.Column("revoked_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id_sha256", name="pk_user_session"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_user_session_user_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_user_session_user_id", "user_session", ["user_id"])


def _create_worker_process() -> None:
    op.create_table(
        "worker_process",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(120), nullable=False),
        sa.Column("boot_id", sa.String(64), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("process_start", sa.String(40), nullable=False),
        sa.Column("started_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_worker_process"),
        sa.UniqueConstraint(
            "host", "boot_id", "pid", "process_start", name="uq_worker_process_host_boot_id_pid_process_start"
        ),
        **ON_MYSQL,
    )


def _create_site() -> None:
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("platform", sa.String(60), nullable=False),
        sa.Column("origin", sa.String(255), nullable=False),
        sa.Column("automation_allowed_by", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
        sa.UniqueConstraint("slug", name="uq_site_slug"),
        **ON_MYSQL,
    )


def _create_site_account() -> None:
    op.create_table(
        "site_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("law_firm_id", sa.String(20), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until_ms", sa.BigInteger(), nullable=True),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("paused_at", instant(), nullable=True),
        sa.Column("paused_reason", sa.String(500), nullable=False),
        sa.Column("resume_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column("last_login_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_site_account"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_site_account_site_id"),
        sa.ForeignKeyConstraint(["worker_id"], ["worker_process.id"], name="fk_site_account_worker_id"),
        sa.UniqueConstraint("site_id", "label", name="uq_site_account_site_id_label"),
        **ON_MYSQL,
    )


def _create_account_secret() -> None:
    op.create_table(
        "account_secret",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_account_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(255), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(4096), nullable=False),
        sa.Column("updated_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account_secret"),
        sa.ForeignKeyConstraint(["site_account_id"], ["site_account.id"], name="fk_account_secret_site_account_id"),
        sa.UniqueConstraint("site_account_id", "field", name="uq_account_secret_site_account_id_field"),
        **ON_MYSQL,
    )


def _create_carrier() -> None:
    op.create_table(
        "carrier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("client_code", sa.String(20), nullable=False),
        sa.Column("site_account_id", sa.Integer(), nullable=False),
        sa.Column("paused_at", instant(), nullable=True),
        sa.Column("paused_reason", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_carrier"),
        sa.ForeignKeyConstraint(["site_account_id"], ["site_account.id"], name="fk_carrier_site_account_id"),
        sa.UniqueConstraint("client_code", name="uq_carrier_client_code"),
        sa.UniqueConstraint("slug", name="uq_carrier_slug"),
        **ON_MYSQL,
    )
    op.create_index("ix_carrier_site_account_id", "carrier", ["site_account_id"])


def _create_carrier_profile_version() -> None:
    op.create_table(
        "carrier_profile_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_carrier_profile_version"),
        sa.ForeignKeyConstraint(["carrier_id"], ["carrier.id"], name="fk_carrier_profile_version_carrier_id"),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name="fk_carrier_profile_version_author_id"),
        sa.UniqueConstraint("carrier_id", "number", name="uq_carrier_profile_version_carrier_id_number"),
        **ON_MYSQL,
    )
    op.create_index("ix_carrier_profile_version_is_active", "carrier_profile_version", ["is_active"])


def _create_audit_event() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", counted(), nullable=False),
        sa.Column("at", instant(), nullable=False),
        sa.Column("tag", sa.String(80), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_role", sa.String(20), nullable=False),
        sa.Column("subject_type", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("correlation_id", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
        sa.ForeignKeyConstraint(["actor_id"], ["app_user.id"], name="fk_audit_event_actor_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at"])
    op.create_index("ix_audit_event_correlation_id", "audit_event", ["correlation_id"])
    op.create_index("ix_audit_event_subject", "audit_event", ["subject_type", "subject_id"])
    op.create_index("ix_audit_event_tag", "audit_event", ["tag"])
