"""Result reports: a table that a person exported from a carrier's site, tried dry first, then recorded once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from adapters.object_store import ObjectStore, object_store
from carriers.profile import CarrierProfile, load_profile
from carriers.result_outcomes import ToldResult
from carriers.result_report import guess_columns, read_report
from carriers.result_table import Rows, read_table
from core.clock import now
from core.errors import InvalidInputError, WrongStateError
from core.ids import sha256_hex
from core.money import ZERO, as_dollars
from core.settings import get_settings
from models import Carrier, CarrierProfileVersion, ResultReport
from models.enums import ResultStanding, Role
from services import audit, lifecycle
from services.access import person_id, require
from services.actor import Actor, system_actor
from services.ledes_desk.ledes_files import plain_name
from services.responses.result_inbox import ResultRow, outcome_called, result_row
from services.responses.told_results import Judged, Source, judge_result, record_results
from services.row_ids import row_id
from services.sites.profile_versions import activate_profile, active_number, list_profile_versions, save_profile

_DESK = (Role.BILLER, Role.ADMIN)
_WHAT = "A result report"


@dataclass(frozen=True)
class ReportPreview:
    """What a report would do. `headings` and `guesses` help to map its columns while `is_mapped` is not so.

    `applied_at` is when these very bytes were recorded before and there is nothing new in them, else None.
    """

    headings: tuple[str, ...]
    guesses: Mapping[str, str]
    words: tuple[str, ...]
    is_mapped: bool
    summary: str = ""
    rows: tuple[ResultRow, ...] = ()
    unclear: tuple[str, ...] = ()
    applied_at: datetime | None = None


def preview_report(session: Session, actor: Actor, *, carrier_id: int, content: bytes) -> ReportPreview:
    """Read a report and say what it would do; nothing is written.

    Raises:
        DeniedError: the actor is neither biller nor admin.
        InvalidInputError: it is no table, or lacks a column that the profile names.
    """
    require(actor, *_DESK, what=_WHAT)
    rows = read_table(content)
    rules = _profile(session, carrier_id).result_channel.report
    headings = tuple(rows[0])
    guesses = rules.columns.model_dump() if rules else guess_columns(headings)
    words = _words(rows, guesses.get("decision", ""))
    if rules is None or any(word.lower() not in {known.lower() for known in rules.decisions} for word in words):
        return ReportPreview(headings, guesses, words, is_mapped=False)
    reading = read_report(rules, rows)
    judged = [judge_result(session, _source(session, carrier_id), told) for told in reading.results]
    earlier = None if _has_news(judged) else _earlier(session, carrier_id, content)
    return ReportPreview(
        headings,
        guesses,
        words,
        is_mapped=True,
        summary=summary_of(judged),
        rows=tuple(_row(one) for one in judged),
        unclear=reading.unclear,
        applied_at=earlier.applied_at if earlier else None,
    )


def remember_columns(
    session: Session,
    actor: Actor,
    *,
    carrier_id: int,
    columns: Mapping[str, str],
    decisions: Mapping[str, str],
) -> int:
    """Keep how a carrier's reports look in its profile, as a new version in force; return its number.

    Raises:
        DeniedError: the actor is no admin.
        InvalidProfileError, InvalidInputError: the mapping is not whole, or nothing differs.
    """
    require(actor, Role.ADMIN, what="Mapping the columns of a carrier's reports")
    document = _document(session, carrier_id)
    channel = dict(document["result_channel"])
    known = (channel.get("report") or {}).get("decisions", {})
    words = {**known, **{word: outcome_called(outcome).value for word, outcome in decisions.items()}}
    report = {"columns": dict(columns), "decisions": words}
    changed = {**document, "result_channel": {**channel, "report": report}}
    load_profile(changed)
    newest = list_profile_versions(session, actor, carrier_id=carrier_id)[0].number
    before, note = active_number(session, carrier_id), "How its result reports look"
    number = save_profile(session, actor, carrier_id=carrier_id, expected_newest=newest, document=changed, note=note)
    activate_profile(session, actor, carrier_id=carrier_id, number=number, expected_active=before, note=note)
    return number


def apply_report(
    session: Session, actor: Actor, *, carrier_id: int, name: str, content: bytes, store: ObjectStore | None = None
) -> tuple[str, list[ResultRow]]:
    """Record what a report says, the same way as what a site shows; return a summary and every result.

    Raises:
        DeniedError: the actor is neither biller nor admin.
        InvalidInputError: it is no table, or its columns are not mapped yet.
        WrongStateError: these very bytes were recorded before and there is nothing new in them.
    """
    require(actor, *_DESK, what=_WHAT)
    lifecycle.get(session, Carrier, carrier_id)
    rules = _profile(session, carrier_id).result_channel.report
    if rules is None:
        raise InvalidInputError("Nobody has said how this carrier's reports look. Nothing was recorded; map them.")
    reading = read_report(rules, read_table(content))
    judged = [judge_result(session, _source(session, carrier_id), told) for told in reading.results]
    row = _earlier(session, carrier_id, content)
    if row is not None and not _has_news(judged):
        raise WrongStateError(f"This very file was recorded on {row.applied_at:%d %b %Y}, and nothing in it is new.")
    if row is None:
        row = _keep(session, actor, carrier_id, name, content, store)
    source = _source(session, carrier_id, row_id(row))
    done = record_results(session, system_actor(person_id(actor)), source, reading.results)
    summary = summary_of(judged)
    audit.record(session, actor, "result_report:recorded", "result_report", row_id(row), note=summary, name=row.name)
    return summary, [result_row(result) for result in done]


def _keep(
    session: Session, actor: Actor, carrier_id: int, name: str, content: bytes, store: ObjectStore | None
) -> ResultReport:
    sha256 = hold_report(content, store=store)
    row = ResultReport(
        carrier_id=carrier_id,
        name=plain_name(name),
        sha256=sha256,
        size_bytes=len(content),
        object_key=_key(sha256),
        applied_by_id=person_id(actor),
        applied_at=now(),
    )
    session.add(row)
    session.flush()
    return row


def hold_report(content: bytes, *, store: ObjectStore | None = None) -> str:
    """Put a report's bytes into the store, so that they need not be sent again; return their SHA-256."""
    sha256 = sha256_hex(content)
    (store or object_store(get_settings())).put(_key(sha256), content, "application/octet-stream")
    return sha256


def held_report(sha256: str, *, store: ObjectStore | None = None) -> bytes:
    """Return the bytes of a report that was put into the store.

    Raises:
        NotFoundError: there are none.
    """
    return (store or object_store(get_settings())).get(_key(sha256))


def _key(sha256: str) -> str:
    return f"results/report/{sha256}"


def summary_of(judged: list[Judged]) -> str:
    """Return what results come to: '12 approved, 3 reduced by $410.00, 1 unknown number'."""
    news = [one for one in judged if one.standing is ResultStanding.RECORDED]
    kinds = Counter(one.fit.decision.kind.value if one.fit.decision else "payment noted" for one in news)
    cut = sum((_cut(one) for one in news), start=ZERO)
    parts = [
        f"{count} {kind}{f' by {as_dollars(cut)}' if kind == 'reduced' else ''}"
        for kind, count in sorted(kinds.items())
    ]
    others: Counter[ResultStanding] = Counter(
        one.standing for one in judged if one.standing is not ResultStanding.RECORDED
    )
    words: dict[ResultStanding, str] = {
        ResultStanding.KNOWN: "known before",
        ResultStanding.WAITING: "not delivered yet",
        ResultStanding.MISFIT: "not fitting",
        ResultStanding.UNKNOWN: "unknown number" if others[ResultStanding.UNKNOWN] == 1 else "unknown numbers",
    }
    parts += [f"{others[standing]} {word}" for standing, word in words.items() if others[standing]]
    return ", ".join(parts) or "Nothing in it"


def _has_news(judged: list[Judged]) -> bool:
    return any(one.standing is ResultStanding.RECORDED for one in judged)


def _cut(one: Judged) -> Decimal:
    decision = one.fit.decision
    if decision is None or decision.kind.value != "reduced" or decision.approved_amount is None or one.invoice is None:
        return ZERO
    return one.invoice.total_amount - decision.approved_amount


def _row(one: Judged) -> ResultRow:
    decision = one.fit.decision
    outcome = decision.kind.value if decision else one.told.outcome.value
    amount = decision.approved_amount if decision else _shown(one.told)
    return ResultRow(
        one.invoice.id if one.invoice else None, one.told.invoice_number, outcome, amount, one.standing, one.note
    )


def _shown(told: ToldResult) -> Decimal | None:
    return told.approved_amount if told.approved_amount is not None else told.paid_amount


def _words(rows: Rows, heading: str) -> tuple[str, ...]:
    return tuple(sorted({row[heading] for row in rows if row.get(heading)})) if heading else ()


def _source(session: Session, carrier_id: int, report_id: int | None = None) -> Source:
    return Source(carrier_id, _profile(session, carrier_id).result_channel, now(), report_id=report_id)


def _earlier(session: Session, carrier_id: int, content: bytes) -> ResultReport | None:
    same = (col(ResultReport.carrier_id) == carrier_id) & (col(ResultReport.sha256) == sha256_hex(content))
    return session.scalars(select(ResultReport).where(same)).first()


def _profile(session: Session, carrier_id: int) -> CarrierProfile:
    return load_profile(_document(session, carrier_id))


def _document(session: Session, carrier_id: int) -> dict[str, Any]:
    mine = (col(CarrierProfileVersion.carrier_id) == carrier_id) & col(CarrierProfileVersion.is_active)
    found = session.scalars(select(col(CarrierProfileVersion.document)).where(mine)).first()
    if found is None:
        raise WrongStateError("The carrier has no active profile. Nothing was read; activate one first.")
    document: dict[str, Any] = dict(found)
    return document
