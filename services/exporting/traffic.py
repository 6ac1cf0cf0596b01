"""What went to payors and what came back as files: submissions, mail and paper, result mails, carriers."""

from typing import Any

from sqlmodel import Session

from adapters.spreadsheets import Kind
from models.enums import ResultMailStatus
from services.actor import Actor
from services.asked import Asked
from services.exporting.export import PAGE_ROWS, Export, Field, Page, paged, word
from services.mailing.mailing_list import MailingRow, MailView, list_mailings
from services.responses.result_inbox import WAITING, MailRow, list_mails
from services.sites.carrier_health import CarrierHealth, list_health
from services.uploads.submission_board import BoardRow, Column, list_submissions
from services.uploads.submission_tasks import list_tasks

_EVERY_TASK = 1_000_000


def _submissions(session: Session, actor: Actor, asked: Asked, before: int | None) -> Page[BoardRow]:
    column, carrier_id = asked.choice(Column, "column"), asked.number("carrier")
    if column is None and not asked.text:
        return Page(list_tasks(session, actor, carrier_id=carrier_id, limit=_EVERY_TASK))
    found = list_submissions(
        session,
        actor,
        column=column,
        carrier_id=carrier_id,
        search=asked.text,
        before_id=before,
        limit=PAGE_ROWS + 1,
    )
    return paged(found, lambda row: row.submission_id)


def _mailings(session: Session, actor: Actor, asked: Asked, before: int | None) -> Page[MailingRow]:
    default = MailView.ALL if asked.search else MailView.TO_DO
    found = list_mailings(
        session,
        actor,
        view=asked.choice(MailView, "view") or default,
        carrier_id=asked.number("carrier"),
        text=asked.text,
        before=before,
        limit=PAGE_ROWS + 1,
    )
    return paged(found, lambda row: row.id)


def _results(session: Session, actor: Actor, asked: Asked, before: int | None) -> Page[MailRow]:
    chosen = asked.choice(ResultMailStatus, "status")
    found = list_mails(
        session,
        actor,
        statuses=(chosen,) if chosen else WAITING,
        search=asked.text,
        before_id=before,
        limit=PAGE_ROWS + 1,
    )
    return paged(found, lambda row: row.mail_id)


def _carriers(session: Session, actor: Actor, asked: Asked, _key: Any | None) -> Page[CarrierHealth]:  # noqa: ANN401
    wanted = asked.text.casefold()
    return Page([one for one in list_health(session, actor) if wanted in one.row.searched])


SUBMISSIONS = Export(
    "submissions",
    "Submissions",
    (
        Field("Invoice", lambda row: row.invoice_number, width=16),
        Field("Matter", lambda row: row.matter_number, width=16),
        Field("Carrier", lambda row: row.carrier_name),
        Field("Amount", lambda row: row.amount, Kind.MONEY),
        Field("State", lambda row: word(row.column), width=16),
        Field("Receipt", lambda row: row.receipt_number, width=18),
        Field("Attempt", lambda row: row.attempt, Kind.COUNT),
        Field("Decides", lambda row: row.decider_name),
        Field("Decide by (UTC)", lambda row: row.decide_by, Kind.MOMENT),
        Field("What happened", lambda row: row.error_message, width=60),
    ),
    _submissions,
)
MAILINGS = Export(
    "mail",
    "Mail and paper",
    (
        Field("Invoice", lambda row: row.invoice_number, width=16),
        Field("Matter", lambda row: row.matter_number, width=16),
        Field("Payor", lambda row: row.carrier_name),
        Field("Amount", lambda row: row.amount, Kind.MONEY),
        Field("Way", lambda row: word(row.channel), width=9),
        Field("State", lambda row: word(row.status), width=16),
        Field("Goes to", lambda row: row.addresses, width=32),
        Field("Queued by", lambda row: row.queued_by),
        Field("Queued (UTC)", lambda row: row.queued_at, Kind.MOMENT),
        Field("Left on", lambda row: row.sent_on, Kind.DAY),
        Field("Posted by", lambda row: row.sent_by),
        Field("Print batch", lambda row: row.print_batch_id, Kind.COUNT),
        Field("What happened", lambda row: row.error_message, width=60),
    ),
    _mailings,
)
RESULTS = Export(
    "results",
    "Result mails",
    (
        Field("Received (UTC)", lambda row: row.received_at, Kind.MOMENT),
        Field("State", lambda row: word(row.status), width=14),
        Field("Sender", lambda row: row.sender, width=32),
        Field("Subject", lambda row: row.subject, width=48),
        Field("Carrier", lambda row: row.carrier),
        Field("Results", lambda row: row.result_count, Kind.COUNT),
        Field("Note", lambda row: row.note, width=60),
    ),
    _results,
)
CARRIERS = Export(
    "carriers",
    "Carriers",
    (
        Field("Carrier", lambda one: one.row.name),
        Field("Client code", lambda one: one.row.client_code, width=14),
        Field("Site", lambda one: one.row.site_name),
        Field("Platform", lambda one: one.row.platform, width=16),
        Field("Account", lambda one: one.row.account_label, width=18),
        Field("Profile", lambda one: one.row.profile_number, Kind.COUNT),
        Field("Last log-in (UTC)", lambda one: one.row.last_login_at, Kind.MOMENT),
        Field("Password ends", lambda one: one.row.expires_on, Kind.DAY),
        Field("Carrier paused (UTC)", lambda one: one.row.paused_at, Kind.MOMENT),
        Field("Account paused (UTC)", lambda one: one.row.account_paused_at, Kind.MOMENT),
        Field("Why", lambda one: one.row.paused_reason or one.row.account_reason, width=48),
        Field("Answered in 30 days", lambda one: one.rate.answered if one.rate else 0, Kind.COUNT),
        Field("Accepted whole", lambda one: one.rate.accepted if one.rate else 0, Kind.COUNT),
        Field("Automation allowed by", lambda one: one.row.automation_allowed_by, width=48),
    ),
    _carriers,
)
