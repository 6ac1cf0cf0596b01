"""Settings from the environment or `.env`; every one is described in `.env.example`."""

from datetime import time
from decimal import Decimal
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What differs between one installation and another. Durations say their unit in the name."""

    model_config = SettingsConfigDict(env_prefix="BILLING_", env_file=".env", extra="ignore", frozen=True)

    environment: str = "local"
    firm_name: str = "Hale, Whitcomb & Reyes LLP"
    law_firm_id: str = "36-4412907"
    firm_address: str = "120 North LaSalle Street, Suite 2600; Chicago, IL 60602"
    firm_phone: str = "(312) 555-0142"
    firm_email: str = "billing@hwr.example"
    firm_remit_to: str = "P.O. Box 7714; Chicago, IL 60680"
    public_url: str = "http://localhost:3000"
    database_url: str = "sqlite:///var/billing.db"
    redis_url: str = "redis://127.0.0.1:6379/0"
    var_dir: Path = Path("var")
    key_ring_path: Path = Path("var/keys/key-ring.json")
    key_ring: SecretStr = SecretStr("")
    kms_key_ids: str = ""

    oidc_issuer: str = "http://127.0.0.1:9400"
    oidc_client_id: str = "billing-portal"
    oidc_client_secret: SecretStr = SecretStr("practice-only")
    session_secret: SecretStr = SecretStr("")
    session_idle_minutes: int = 60
    session_absolute_hours: int = 12

    evidence_store: Literal["", "folder", "database"] = ""
    evidence_bucket: str = ""
    workbench_hours: int = 24
    aws_endpoint_url: str = ""

    mailbox_host: str = ""
    mailbox_port: int = 993
    mailbox_security: Literal["tls", "starttls", "none"] = "tls"
    mailbox_ca_path: Path | None = None
    mailbox_user: str = ""
    mailbox_password: SecretStr = SecretStr("")
    mailbox_folder: str = "INBOX"
    maildir_path: Path | None = None
    mailbox_seconds: float = 60.0
    mail_authserv_id: str = "mx.hwr.example"
    smtp_url: SecretStr = SecretStr("")
    smtp_ca_path: Path | None = None
    mail_from: str = "Billing portal <billing@hwr.example>"
    mail_bounces_to: str = ""
    texting: Literal["outbox", "sns"] = "outbox"
    chat: Literal["outbox", "slack"] = "outbox"
    slack_hosts: str = "hooks.slack.com"
    firm_time_zone: str = "America/New_York"
    gather_seconds: float = 60.0
    notices_kept_days: int = Field(default=730, ge=0)

    lease_seconds: int = 30
    heartbeat_seconds: int = 10
    drain_max_files: int = 200
    drain_max_seconds: int = 600
    drain_turn_seconds: float = 60.0
    carrier_turn_files: int = 25
    drain_rest_seconds: float = 60.0
    dispatch_interval_seconds: float = 1.0
    retry_scale: float = 1.0
    doubt_look_seconds: float = 30.0
    doubt_decide_hours: int = 24
    write_off_limit_amount: Decimal = Decimal(500)
    cycle_cut_off_days: int = 2
    cycle_run_days: int = 3
    cycle_review_days: int = 8
    cycle_send_days: int = 10
    walk_time_zone: str = "America/New_York"
    walk_from: time = time(0, 30)
    walk_until: time = time(5, 30)

    chromium_path: str = "/usr/bin/chromium"
    headless_shell_path: str = "/usr/bin/chromium-headless-shell"
    chromedriver_path: str = "/usr/bin/chromedriver"
    selenium_remote_url: str = ""
    browser_memory_mb: int = 300

    log_level: str = "INFO"
    log_format: str = "json"

    @field_validator("public_url")
    @classmethod
    def _without_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("maildir_path", "mailbox_ca_path", "smtp_ca_path", mode="before")
    @classmethod
    def _none_when_empty(cls, value: object) -> object:
        return value or None

    @property
    def is_loopback_http(self) -> bool:
        """Whether the portal is served as plain http on this machine alone; only then are cookies not Secure."""
        parts = urlsplit(self.public_url)
        host = parts.hostname or ""
        return parts.scheme == "http" and (host == "localhost" or host.endswith(".localhost") or _is_loopback(host))

    @property
    def firm_address_lines(self) -> tuple[str, ...]:
        """The firm's address, line by line."""
        return _lines(self.firm_address)

    @property
    def firm_remit_to_lines(self) -> tuple[str, ...]:
        """Where payments go, line by line; the firm's address where nothing else is said."""
        return _lines(self.firm_remit_to) or self.firm_address_lines

    @property
    def evidence_dir(self) -> Path:
        """Folder of the local evidence store."""
        return self.var_dir / "evidence"

    @property
    def outbox_dir(self) -> Path:
        """Folder that mails and messages are written into while no server is named that sends them."""
        return self.var_dir / "outbox"

    @property
    def maildir(self) -> Path:
        """The local mailbox, used while no mail server is named."""
        return self.maildir_path or self.var_dir / "mail"


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in map(str.strip, text.split(";")) if line)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the process's settings, read once."""
    return Settings()
