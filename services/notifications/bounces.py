"""Our own mails that came back: a report is believed by the Message-ID of a mail of ours, which nobody guesses."""

from sqlalchemy import select
from sqlmodel import Session, col

from models import NotificationDelivery, ReportMail, ReportSchedule, User
from models.enums import DeliveryStatus, NotificationChannel
from services import audit
from services.actor import system_actor
from services.lifecycle import apply
from services.notifications.addresses import mark_bouncing
from services.notifications.delivery_reports import (
    DeliveryReport,
    RecipientReport,
    ReportAction,
)
from services.notifications.settings import lock_setting
from services.row_ids import row_id

_FAILURE = 500
_MAY_BOUNCE = {DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.SENT, DeliveryStatus.DELIVERED}


def take_report(session: Session, report: DeliveryReport) -> bool:
    """Record what a mail server says of a notification; False when it is about none, and nothing was changed.

    A failure for good marks the message as bounced and the address as bouncing; one for now is only noted.
    """
    delivery = _reported(session, report)
    if delivery is None:
        return _take_report_mail(session, report)
    lock_setting(session, delivery.user_id)
    for said in report.recipients:
        _record(session, delivery, said)
    return True


def _reported(session: Session, report: DeliveryReport) -> NotificationDelivery | None:
    statement = select(NotificationDelivery).where(
        col(NotificationDelivery.message_id).in_(report.message_ids),
        col(NotificationDelivery.channel) == NotificationChannel.EMAIL,
    )
    return session.scalars(statement).first()


def _take_report_mail(session: Session, report: DeliveryReport) -> bool:
    """Record what is said of a report that went by mail; False when none of these is meant either."""
    named = col(ReportMail.message_id).in_(report.message_ids)
    mail = session.scalars(select(ReportMail).where(named).limit(1)).first()
    if mail is None:
        return False
    user_id = session.get_one(ReportSchedule, mail.report_schedule_id).user_id
    lock_setting(session, user_id)
    session.refresh(mail, with_for_update=True)
    for said in (one for one in report.recipients if one.action is ReportAction.FAILED):
        mail.error_message = f"It came back: {said.sentence}"[:_FAILURE]
        session.add(mail)
        session.flush()
        address = session.get_one(User, user_id).email
        if said.is_permanent and said.is_about(address):
            mark_bouncing(session, user_id, address=address, reason=said.sentence, occasion=f"report-{row_id(mail)}")
    return True


def _record(session: Session, delivery: NotificationDelivery, said: RecipientReport) -> None:
    session.refresh(delivery, with_for_update=True)
    if said.action is ReportAction.FAILED:
        _bounce(session, delivery, said)
    elif said.action is ReportAction.DELAYED:
        _note_delay(session, delivery, said)
    elif said.action is ReportAction.DELIVERED and delivery.status is DeliveryStatus.SENT:
        apply(session, system_actor(), delivery, "record_delivered")


def _bounce(session: Session, delivery: NotificationDelivery, said: RecipientReport) -> None:
    if delivery.status not in _MAY_BOUNCE:
        return  # told before
    apply(session, system_actor(), delivery, "bounce", said.sentence)
    delivery.failure = said.sentence[:_FAILURE]
    delivery.lease_until_ms = None
    session.add(delivery)
    session.flush()
    if said.is_permanent and said.is_about(delivery.address):
        occasion = f"message-{row_id(delivery)}"
        mark_bouncing(session, delivery.user_id, address=delivery.address, reason=said.sentence, occasion=occasion)


def _note_delay(session: Session, delivery: NotificationDelivery, said: RecipientReport) -> None:
    delivery.failure = f"Delayed: {said.sentence}"[:_FAILURE]
    session.add(delivery)
    session.flush()
    tag, subject = "notification_delivery:delayed", "notification_delivery"
    audit.record(session, system_actor(), tag, subject, row_id(delivery), note=said.sentence)
