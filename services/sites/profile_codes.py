"""Codes and people of a profile's draft: which codes the carrier takes, and whose rates it approved."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError
from sqlalchemy import delete, select
from sqlmodel import Session, col

from carriers.people import ApprovedRate
from core.errors import InvalidInputError
from ledes.utbms import CustomCode, codes, is_kind
from models import Rate, Timekeeper
from models.enums import Role
from services import audit
from services.access import require
from services.actor import Actor
from services.sites.pasted_tables import PastedRow, as_pasted, pasted_rows
from services.sites.profile_drafts import Document

KINDS: Mapping[str, str] = {"task": "Task codes", "activity": "Activity codes", "expense": "Expense codes"}
CODE_COLUMNS: Mapping[str, str] = {
    "code": "Code", "kind": "Kind", "label": "Label", "effective_from": "From", "effective_to": "To",
    "replaces": "In place of",
}  # fmt: skip
PEOPLE_COLUMNS: Mapping[str, str] = {
    "timekeeper": "Timekeeper", "rate": "Rate", "effective_from": "From", "effective_to": "To",
    "notified_on": "Told on", "name": "Name",
}  # fmt: skip
_NONE = "none"


@dataclass(frozen=True)
class CodeLists:
    """The lists as typed: '' the whole standard list, 'none' no code of the kind; own codes as a table."""

    task: str = ""
    activity: str = ""
    expense: str = ""
    own: str = ""


def code_lists(document: Document) -> CodeLists:
    """Return the codes of a draft."""
    found = _codes(document)
    own = [
        [str(one.get(column) or "") for column in CODE_COLUMNS]
        for one in found.get("extra") or ()
        if isinstance(one, dict)
    ]
    task, activity, expense = (_listed(found.get(kind)) for kind in KINDS)
    return CodeLists(task, activity, expense, as_pasted(own))


def with_code_lists(document: Document, form: Mapping[str, str]) -> Document:
    """Return the draft with other codes.

    Raises:
        InvalidInputError: a code is not known, or a row of the carrier's own is not understood; it is named.
    """
    own = [_own_code(row) for row in pasted_rows(form.get("own", ""), CODE_COLUMNS)]
    lists = {kind: _typed(kind, title, form.get(kind, ""), own) for kind, title in KINDS.items()}
    return {**document, "codes": {**_codes(document), **lists, "extra": own}}


def people_text(document: Document) -> str:
    """Return the approved people and rates of a draft as a table."""
    found = document.get("people")
    rows = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return as_pasted([[str(one.get(column) or "") for column in PEOPLE_COLUMNS if column != "name"] for one in rows])


def with_people(session: Session, actor: Actor, *, document: Document, text: str) -> Document:
    """Return the draft with other approved people and rates; the names are for people and are not kept.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: a row is not understood, or names nobody of the firm; line and column are named.
    """
    require(actor, Role.ADMIN, what="Approved people and rates")
    rows = pasted_rows(text, PEOPLE_COLUMNS)
    known = set(session.scalars(select(col(Timekeeper.code))))
    made: list[dict[str, Any]] = []
    seen: dict[tuple[str, Any], int] = {}
    for row in rows:
        one = _approved(row, known)
        if (first := seen.setdefault((one["timekeeper"], one["effective_from"]), row.line)) != row.line:
            raise row.fault("effective_from", f"line {first} begins on the same day for {one['timekeeper']}")
        made.append(one)
    return {**document, "people": made}


def rates_in_force(session: Session, actor: Actor, *, carrier_id: int) -> str:
    """Return what the portal bills this carrier by person today, as a table to begin with.

    Raises:
        DeniedError: the actor is no admin.
    """
    require(actor, Role.ADMIN, what="Approved people and rates")
    statement = (
        select(Rate, Timekeeper)
        .join(Timekeeper, col(Timekeeper.id) == col(Rate.timekeeper_id))
        .where(col(Rate.carrier_id) == carrier_id)
        .order_by(col(Timekeeper.code), col(Rate.effective_from))
    )
    return as_pasted([
        [person.code, _rate_text(rate.hourly_amount), str(rate.effective_from), str(rate.effective_to or ""),
         str(rate.notified_on or ""), person.ledes_name]
        for rate, person in session.execute(statement)
    ])  # fmt: skip


def put_rates_in_force(session: Session, actor: Actor, *, carrier_id: int, people: tuple[ApprovedRate, ...]) -> None:
    """Make a profile's approved rates the ones that are billed; without any, the rates stay as they are.

    Rates by class and bills that were made stay as they are.

    Raises:
        InvalidInputError: somebody is not a timekeeper of the firm any more.
    """
    if not people:
        return
    ids = {person.code: person.id for person in session.scalars(select(Timekeeper))}
    if unknown := sorted({one.timekeeper for one in people} - set(ids)):
        message = f"The firm has no timekeeper {', '.join(unknown[:5])}. Nothing was changed; correct the profile."
        raise InvalidInputError(message)
    by_person = (col(Rate.carrier_id) == carrier_id) & col(Rate.timekeeper_id).is_not(None)
    before = len(session.scalars(select(col(Rate.id)).where(by_person)).all())
    session.execute(delete(Rate).where(by_person))
    session.add_all(
        Rate(
            carrier_id=carrier_id,
            timekeeper_id=ids[one.timekeeper],
            hourly_amount=one.rate,
            effective_from=one.effective_from,
            effective_to=one.effective_to,
            notified_on=one.notified_on,
        )
        for one in people
    )
    session.flush()
    audit.record(session, actor, "carrier:rates_in_force", "carrier", carrier_id, before=before, after=len(people))


def _own_code(row: PastedRow) -> dict[str, Any]:
    kind = row.needed("kind").lower()
    if kind not in KINDS:
        raise row.fault("kind", f"“{kind[:30]}” is none of {', '.join(KINDS)}")
    typed = {
        "code": row.needed("code").upper(),
        "kind": kind,
        "label": row.needed("label"),
        "effective_from": row.day("effective_from"),
        "effective_to": row.day("effective_to"),
        "replaces": row.text("replaces").upper() or None,
    }
    try:
        return CustomCode.model_validate(typed).model_dump(mode="json")
    except ValidationError as wrong:
        first = wrong.errors()[0]
        column = str(first["loc"][0]) if first["loc"] else "code"
        what = first["msg"].removeprefix("Value error, ")
        said = (
            "letters, digits, dots and dashes only, at most 20" if first["type"] == "string_pattern_mismatch" else what
        )
        raise row.fault(column, said) from wrong


def _typed(kind: str, title: str, text: str, own: list[dict[str, Any]]) -> list[str] | None:
    typed = list(dict.fromkeys(code.upper() for code in re.split(r"[\s,;]+", text) if code))
    if not typed:
        return None
    if typed == [_NONE.upper()]:
        return []
    mine = {one["code"] for one in own if one["kind"] == kind}
    known = codes()
    for code in typed:
        if code not in mine and not (code in known and is_kind(code, kind)):  # type: ignore[arg-type]  # one of KINDS
            message = (
                f"{title}: {code[:20]} is no standard code of this kind. Nothing was changed; name it among the own."
            )
            raise InvalidInputError(message)
    return sorted(typed)


def _approved(row: PastedRow, known: set[str]) -> dict[str, Any]:
    person = row.needed("timekeeper")
    if person not in known:
        raise row.fault("timekeeper", f"the firm has no timekeeper “{person[:30]}”")
    if row.day("effective_from") is None:
        raise row.fault("effective_from", "is missing")
    typed = {
        "timekeeper": person,
        "rate": row.dollars("rate"),
        "effective_from": row.day("effective_from"),
        "effective_to": row.day("effective_to"),
        "notified_on": row.day("notified_on"),
    }
    try:
        return ApprovedRate.model_validate(typed).model_dump(mode="json")
    except ValidationError as wrong:
        raise row.fault("effective_to", wrong.errors()[0]["msg"].removeprefix("Value error, ")) from wrong


def _rate_text(amount: Decimal) -> str:
    """Return a rate with its cents, and with more decimals only where it has more."""
    whole = f"{amount:.2f}"
    return whole if Decimal(whole) == amount else f"{amount.normalize():f}"


def _listed(found: object) -> str:
    if found is None or not isinstance(found, list | tuple):
        return ""
    return " ".join(map(str, found)) or _NONE


def _codes(document: Document) -> dict[str, Any]:
    found = document.get("codes")
    return found if isinstance(found, dict) else {}
