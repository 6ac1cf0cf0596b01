"""What a proforma's page does in a thread: one transaction each, through the services."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlmodel import Session

from core.db import read_only, unit_of_work
from core.money import as_text
from models.enums import EntryKind
from services.actor import Actor
from services.invoicing.invoices import finalize_proformas
from services.review import proforma_edits, proformas
from services.review.proforma_lines import LineRow
from services.review.proforma_queries import pulse_of
from services.review.proformas import ProformaDetail
from services.review.proposals import Proposed, propose_change
from state.guard import actor
from state.words import day_typed, number_typed, units

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
_CODES = ("task_code", "activity_code", "expense_code")


def read(proforma_id: int) -> ProformaDetail:
    """Return the proforma as the actor may see it."""
    with read_only() as session:
        return proformas.get_proforma(session, actor(), proforma_id=proforma_id)


def read_pulse(proforma_id: int) -> tuple[int, int]:
    """Return what is another after each change of the proforma."""
    with read_only() as session:
        return pulse_of(session, proforma_id)


def carry_out(change: Change) -> None:
    """Run one change in a transaction of its own."""
    with unit_of_work() as session:
        change(session, actor())


def verb_change(verb: str, *, proforma_id: int, version: int, note: str, until: str = "") -> Change | None:
    """Return the change that a verb of the proforma stands for; None for a verb there is not.

    Raises:
        InvalidInputError: `until` is no day.
    """
    if verb == "finalize":
        return partial(finalize_proformas, proforma_ids=[proforma_id])
    if verb not in _VERBS:
        return None
    noted: dict[str, Any] = {"note": note} if verb in _WITH_NOTE else {}
    if verb == "hold" and until.strip():
        noted["until"] = day_typed(until)
    return partial(_VERBS[verb], proforma_id=proforma_id, expected_version=version, **noted)


@dataclass(frozen=True)
class LineSave:
    """What saving a line's form does: values that change at once, a text that its timekeeper has to attest."""

    line_id: int
    version: int
    values: Mapping[str, Any]
    text: str | None
    note: str

    def __call__(self, session: Session, who: Actor) -> None:
        """Do both in one transaction."""
        if self.text is not None:
            proposed = Proposed(narrative=self.text)
            seen = {"line_id": self.line_id, "expected_version": self.version}
            propose_change(session, who, proposed=proposed, reason=self.note, **seen)
        if self.values:
            proforma_edits.edit_line(
                session, who, line_id=self.line_id, expected_version=self.version, note=self.note, **self.values
            )


def edit_change(line: LineRow, form: Mapping[str, str], *, version: int) -> LineSave | None:
    """Return the change from a line as it was opened to what its form holds; None when nothing differs.

    The text of somebody else's time is proposed to that person.
    """
    values: dict[str, Any] = {
        name: form[name].strip().upper()
        for name in _CODES
        if form.get(name, getattr(line, name)) != getattr(line, name)
    }
    text = None
    if "narrative" in form and _one_spaced(form["narrative"]) != _one_spaced(line.billed_narrative):
        if line.kind is EntryKind.FEE and not line.is_own:
            text = form["narrative"]
        else:
            values["narrative"] = form["narrative"]
    if "units" in form and form["units"].strip() != units(line.billed_units):
        values["billed_units"] = number_typed(form["units"], "the hours or count")
    if "unit_cost" in form and form["unit_cost"].strip() != as_text(line.unit_cost):
        values["unit_cost"] = number_typed(form["unit_cost"], "the rate")
    if not values and text is None:
        return None
    return LineSave(line.id, version, values, text, form.get("note", "").strip())


def _one_spaced(text: str) -> str:
    # A browser sends line ends in its own way; they are no change of the text.
    return " ".join(text.split())
