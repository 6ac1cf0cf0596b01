"""What the carrier will say about a time entry while it is typed; phones, browsers and the API ask here."""

from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal

from sqlmodel import Session

from core.errors import DeniedError, InvalidInputError
from core.money import ZERO
from guidelines.lines import GuidelineFinding, GuidelineLine
from models import Matter, Timekeeper
from models.enums import EntryKind
from services import lifecycle
from services.access import sees_all_matters
from services.actor import Actor
from services.billing.payors import in_force, load_shares
from services.billing.rates import ApprovedRate, RatedHour, load_rates
from services.review.own_work import timekeeper_of
from services.row_ids import row_id
from services.rules.checked_bills import BillToCheck, check_bills
from services.rules.past_references import named_for
from services.rules.past_work import source_of
from services.sites.profiles import active_profiles

_KEY = "entry"


@dataclass(frozen=True, kw_only=True)
class TypedEntry:
    """A time entry as far as it is typed; `entry_id` once it was saved, so that it is not held against itself."""

    matter_id: int
    timekeeper_id: int
    worked_on: date
    hours: Decimal
    narrative: str
    task_code: str = ""
    activity_code: str = ""
    started_at: time | None = None
    ended_at: time | None = None
    entry_id: int | None = None


def check_entry(session: Session, actor: Actor, entry: TypedEntry) -> list[GuidelineFinding]:
    """Return what the matter's carrier would find, in a handful of statements; nothing is stored.

    The timekeeper's own drafts count, for the person who types can still mend them. Work on matters that the actor may
    not see is told as 'another matter'.

    Raises:
        DeniedError: it is somebody else's time, and the actor does not see all matters.
        NotFoundError: there is no such matter or timekeeper.
        InvalidInputError: nobody pays the matter on that day.
    """
    matter: Matter = lifecycle.get(session, Matter, entry.matter_id)
    who: Timekeeper = lifecycle.get(session, Timekeeper, entry.timekeeper_id)
    if not sees_all_matters(actor) and timekeeper_of(session, actor) != who.id:
        raise DeniedError("You can check your own time only. Nothing was saved.", timekeeper_id=who.id)
    bill = _bill(session, matter, who, entry)
    found = check_bills(session, [bill], drafts_of=who.code)[bill.key].findings
    sentences = named_for(session, actor, [finding.sentence for finding in found])
    return [replace(finding, sentence=sentence) for finding, sentence in zip(found, sentences, strict=True)]


def _bill(session: Session, matter: Matter, who: Timekeeper, entry: TypedEntry) -> BillToCheck:
    matter_id = row_id(matter)
    payors = in_force(load_shares(session, [matter_id]).get(matter_id, []), entry.worked_on)
    active = active_profiles(session, [payors[0].carrier_id]).get(payors[0].carrier_id) if payors else None
    if active is None:
        message = "Nobody with guidelines pays this matter on that day. The entry can be saved; tell an administrator."
        raise InvalidInputError(message, matter_id=matter_id)
    payor = payors[0]
    rates = load_rates(session, [payor.carrier_id])
    hour = RatedHour(payor.carrier_id, row_id(who), who.classification, entry.worked_on)
    line = _line(who, entry, rate=rates.find(hour), approval=rates.approval(hour))
    return BillToCheck(0, payor.carrier_id, payor.client_code, active.profile, matter_id, matter.number, (line,))


def _line(who: Timekeeper, entry: TypedEntry, *, rate: Decimal | None, approval: ApprovedRate) -> GuidelineLine:
    return GuidelineLine(
        key=_KEY,
        kind="F",
        worked_on=entry.worked_on,
        timekeeper_id=who.code,
        units=entry.hours,
        unit_cost=ZERO if rate is None else rate,
        task_code=entry.task_code,
        activity_code=entry.activity_code,
        expense_code="",
        narrative=entry.narrative,
        source=source_of(EntryKind.FEE, entry.entry_id) if entry.entry_id is not None else "",
        classification=who.classification,
        is_approved=approval.hourly_amount is not None,
        started_at=entry.started_at,
        ended_at=entry.ended_at,
        **approval.facts(),
    )
