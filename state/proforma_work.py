"""What a proforma's page does in a thread: one transaction each, through the services."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlmodel import Session

from core.db import read_only, unit_of_work
from services.actor import Actor
from services.billing import proforma_edits, proformas
from services.billing.proforma_lines import LineRow
from services.billing.proformas import ProformaDetail
from services.invoicing.invoices import finalize_proformas
from state.guard import actor
from state.words import number_typed, units

Change = Callable[[Session, Actor], object]
_VERBS: Mapping[str, Callable[..., object]] = {
    "approve": proformas.approve_proforma,
    "return_to_billing": proformas.return_proforma,
    "hold": proformas.hold_proforma,
    "void": proformas.void_proforma,
    "send_to_review": proformas.send_to_review,
    "reopen": proformas.reopen_proforma,
    "resume": proformas.resume_proforma,
}
_WITH_NOTE = frozenset({"approve", "return_to_billing", "hold", "void"})
_LINE_VERBS: Mapping[str, Callable[..., object]] = {
    "write_off": proforma_edits.write_off,
    "write_down": proforma_edits.write_down,
    "hold_line": proforma_edits.hold_line,
}
_CODES = ("task_code", "activity_code", "expense_code")


def read(proforma_id: int) -> ProformaDetail:
    """Return the proforma as the actor may see it."""
    with read_only() as session:
        return proformas.get_proforma(session, actor(), proforma_id=proforma_id)


def carry_out(change: Change) -> None:
    """Run one change in a transaction of its own."""
    with unit_of_work() as session:
        change(session, actor())


def verb_change(verb: str, *, proforma_id: int, version: int, note: str) -> Change | None:
    """Return the change that a verb of the proforma stands for; None for a verb there is not."""
    if verb == "finalize":
        return partial(finalize_proformas, proforma_ids=[proforma_id])
    if verb not in _VERBS:
        return None
    noted = {"note": note} if verb in _WITH_NOTE else {}
    return partial(_VERBS[verb], proforma_id=proforma_id, expected_version=version, **noted)


def line_change(verb: str, *, line_id: int, version: int, form: Mapping[str, str]) -> Change | None:
    """Return the change that a verb of a line stands for; None for a verb there is not."""
    if verb not in _LINE_VERBS:
        return None
    extra = {"amount": number_typed(form.get("amount", ""), "the amount")} if verb == "write_down" else {}
    note = form.get("note", "")
    return partial(_LINE_VERBS[verb], line_id=line_id, expected_version=version, note=note, **extra)


def edit_change(line: LineRow, form: Mapping[str, str], *, version: int) -> Change | None:
    """Return the change from a line as it was opened to what its form holds; None when nothing differs."""
    values: dict[str, Any] = {
        name: form[name].strip().upper()
        for name in _CODES
        if form.get(name, getattr(line, name)) != getattr(line, name)
    }
    if "narrative" in form and _one_spaced(form["narrative"]) != _one_spaced(line.billed_narrative):
        values["narrative"] = form["narrative"]
    if "units" in form and form["units"].strip() != units(line.billed_units):
        values["billed_units"] = number_typed(form["units"], "the hours or count")
    if not values:
        return None
    note = form.get("note", "").strip()
    return partial(proforma_edits.edit_line, line_id=line.id, expected_version=version, note=note, **values)


def _one_spaced(text: str) -> str:
    # A browser sends line ends in its own way; they are no change of the text.
    return " ".join(text.split())
