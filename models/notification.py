"""How each person wants to be told beyond the bell, and every message that was sent to them by it."""

from datetime import datetime, time

from sqlalchemy import BigInteger, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from models.base import Table, stored
from models.enums import DeliveryStatus, NoticeKind, NotificationChannel, Rhythm


class NotificationSetting(Table, table=True):
    """One person's clock, quiet hours, phone, and what is known of their addresses; made when it is first needed.

    `time_zone` '' = the firm's. Quiet hours run from `quiet_from` to `quiet_until` by that clock, over midnight too.
    `phone` is E.164 and takes texts once `phone_verified_at` is set; a code under way is kept as its HMAC.
    `bounced_address` is the e-mail address that a mail server sent our mail back from; another address is good again.
    `unsubscribe_key` signs the links in this person's mails.
    """

    user_id: int = Field(foreign_key="app_user.id", primary_key=True)
    version: int = 1
    time_zone: str = Field(default="", max_length=60)
    daily_at: time = time(8, 0)
    quiet_from: time | None = None
    quiet_until: time | None = None
    is_quiet_on_weekends: bool = False
    phone: str = Field(default="", max_length=20)
    phone_verified_at: datetime | None = None
    phone_code_mac: str = Field(default="", max_length=64)
    phone_code_until: datetime | None = None
    phone_code_tries: int = 0
    phone_codes_sent: int = 0
    phone_codes_since: datetime | None = None
    bounced_address: str = Field(default="", max_length=255)
    bounced_at: datetime | None = None
    bounce_reason: str = Field(default="", max_length=300)
    unsubscribe_key: str = Field(max_length=64)


class NotificationPreference(Table, table=True):
    """What a person chose for one kind on one channel; no row means the default of the kind."""

    __table_args__ = (UniqueConstraint("user_id", "kind", "channel"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="app_user.id")
    kind: NoticeKind = Field(sa_type=stored(NoticeKind))
    channel: NotificationChannel = Field(sa_type=stored(NotificationChannel))
    rhythm: Rhythm = Field(sa_type=stored(Rhythm))


class NotificationDelivery(Table, table=True):
    """One message to one person by one channel; it stands in the queue until `due_at` and gathers notices until then.

    `address` is where it went: an e-mail address, a covered phone number, '' before. `message_id` is the Message-ID of
    a mail, written before it is sent, so that it is sent again under the same one and its bounce is known; for texts
    it is the service's id. `lease_until_ms` (database clock) is until when the one who sends it may take;
    `handed_over_at` is written right before it leaves, so that a crash before is known from one after.
    """

    __table_args__ = (
        Index("ix_notification_delivery_due", "status", "due_at"),
        Index("ix_notification_delivery_open", "user_id", "channel", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="app_user.id")
    channel: NotificationChannel = Field(sa_type=stored(NotificationChannel))
    rhythm: Rhythm = Field(sa_type=stored(Rhythm))
    is_test: bool = False
    status: DeliveryStatus = Field(default=DeliveryStatus.QUEUED, sa_type=stored(DeliveryStatus))
    version: int = 1
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    lease_until_ms: int | None = Field(default=None, sa_type=BigInteger)
    handed_over_at: datetime | None = None
    sent_at: datetime | None = None
    address: str = Field(default="", max_length=255)
    message_id: str | None = Field(default=None, max_length=255, unique=True)
    failure: str = Field(default="", max_length=500)
    correlation_id: str = Field(default="", max_length=40)


class NotificationItem(Table, table=True):
    """One notice in one message; a notice goes once into each channel."""

    __table_args__ = (UniqueConstraint("notice_id", "channel"),)

    id: int | None = Field(default=None, primary_key=True)
    delivery_id: int = Field(foreign_key="notification_delivery.id", index=True)
    notice_id: int = Field(foreign_key="notice.id")
    channel: NotificationChannel = Field(sa_type=stored(NotificationChannel))


class PersonSecret(Table, table=True):
    """A sealed value of a person, as the address of their chat's webhook; written by them, shown to nobody."""

    __table_args__ = (UniqueConstraint("user_id", "field"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="app_user.id")
    field: str = Field(max_length=40)
    version: int = 1
    key_id: str = Field(max_length=255, index=True)
    wrapped_key: bytes = Field(sa_column=Column(LargeBinary(1024), nullable=False))
    ciphertext: bytes = Field(sa_column=Column(LargeBinary(4096), nullable=False))
    updated_at: datetime
