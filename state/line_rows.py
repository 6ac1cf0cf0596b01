"""A proforma's lines as its page shows them: as worked, as entered, as billed; frozen rows of text."""

from dataclasses import dataclass, field

from core.money import as_dollars, as_text, line_amount
from models.enums import EntryKind, LineTreatment
from services.proforma_queries import FindingRow, LineRow
from state.word_diff import DiffPart, word_diff
from state.words import day, units

_FIXES = {"rate_cap": "Cut to the approved rate", "non_billable_expense": "Write off"}
_TREATMENTS = {LineTreatment.BILL: "", LineTreatment.WRITE_OFF: "Written off", LineTreatment.HOLD: "Held"}


@dataclass(frozen=True)
class FindingView:
    """What a guideline says about a line; `fix` says what one click would do, '' where none mends it."""

    id: str
    action: str
    message: str
    fix: str


@dataclass(frozen=True)
class LineView:
    """One line in the list. `units` are billed; `was_units` and `was_amount` are '' unless an edit changed them."""

    id: str
    number: str
    kind: str
    worked_on: str
    who: str
    who_code: str
    codes: str
    narrative: str
    units: str
    was_units: str
    rate: str
    amount: str
    was_amount: str
    treatment: str
    treatment_word: str
    note: str
    is_flagged: bool
    is_changed: bool
    findings: list[FindingView] = field(default_factory=list)
    diff: list[DiffPart] = field(default_factory=list)


@dataclass(frozen=True)
class LinePanel:
    """One line opened beside the list: its three values and what its form starts with."""

    id: str = ""
    form_key: str = ""
    number: str = ""
    title: str = ""
    is_expense: bool = False
    treatment: str = ""
    worked_units: str = ""
    entered_units: str = ""
    billed_units: str = ""
    worked_narrative: str = ""
    entered_narrative: str = ""
    narrative: str = ""
    worked_amount: str = ""
    entered_amount: str = ""
    amount: str = ""
    task_code: str = ""
    activity_code: str = ""
    expense_code: str = ""
    rate: str = ""
    note: str = ""
    is_text_changed: bool = False
    findings: list[FindingView] = field(default_factory=list)
    diff: list[DiffPart] = field(default_factory=list)


def line_view(line: LineRow) -> LineView:
    """Return a line as text."""
    entered = line_amount(line.entered_units, line.unit_cost)
    bills = line.treatment is LineTreatment.BILL
    is_cut = line.billed_amount != entered or not bills
    return LineView(
        id=str(line.id),
        number=str(line.line_number),
        kind=line.kind.value,
        worked_on=f"{line.worked_on.day} {line.worked_on:%b}",
        who=line.timekeeper_name,
        who_code=line.timekeeper_code,
        codes=codes_of(line),
        narrative=line.billed_narrative,
        units=units(line.billed_units),
        was_units=units(line.entered_units) if line.billed_units != line.entered_units else "",
        rate=as_text(line.unit_cost),
        amount=as_dollars(line.billed_amount) if bills else "$0.00",
        was_amount=as_dollars(entered) if is_cut else "",
        treatment=line.treatment.value,
        treatment_word=_TREATMENTS[line.treatment],
        note=line.note,
        is_flagged=bool(line.findings),
        is_changed=is_changed(line),
        findings=[finding_view(finding) for finding in line.findings],
        diff=word_diff(line.entered_narrative, line.billed_narrative) if line.is_narrative_changed else [],
    )


def line_panel(line: LineRow, *, form_key: str) -> LinePanel:
    """Return a line opened; a new `form_key` makes its form start afresh."""
    kind = "Expense" if line.kind is EntryKind.EXPENSE else "Fee"
    who = f" · {line.timekeeper_name}" if line.timekeeper_name else ""
    return LinePanel(
        id=str(line.id),
        form_key=form_key,
        number=str(line.line_number),
        title=f"{kind} · {day(line.worked_on)}{who}",
        is_expense=line.kind is EntryKind.EXPENSE,
        treatment=line.treatment.value,
        worked_units=units(line.worked_units),
        entered_units=units(line.entered_units),
        billed_units=units(line.billed_units),
        worked_narrative=line.worked_narrative,
        entered_narrative=line.entered_narrative,
        narrative=line.billed_narrative,
        worked_amount=as_dollars(line_amount(line.worked_units, line.unit_cost)),
        entered_amount=as_dollars(line_amount(line.entered_units, line.unit_cost)),
        amount=as_dollars(line.billed_amount) if line.treatment is LineTreatment.BILL else "$0.00",
        task_code=line.task_code,
        activity_code=line.activity_code,
        expense_code=line.expense_code,
        rate=as_text(line.unit_cost),
        note=line.note,
        is_text_changed=line.is_narrative_changed,
        findings=[finding_view(finding) for finding in line.findings],
        diff=word_diff(line.entered_narrative, line.billed_narrative) if line.is_narrative_changed else [],
    )


def is_changed(line: LineRow) -> bool:
    """Whether the bill says anything else of a line than its timekeeper entered."""
    return (
        line.is_narrative_changed
        or line.billed_units != line.entered_units
        or line.adjustment_amount != 0
        or line.treatment is not LineTreatment.BILL
    )


def codes_of(line: LineRow) -> str:
    """Return the codes of a line: 'L120 A104' or 'E110'."""
    return " ".join(filter(None, (line.task_code, line.activity_code, line.expense_code)))


def finding_view(finding: FindingRow) -> FindingView:
    """Return a finding as text."""
    return FindingView(
        id=str(finding.id),
        action=finding.action.value,
        message=finding.message,
        fix=fix_words(finding.rule) if finding.has_fix else "",
    )


def fix_words(rule: str) -> str:
    """Return what the ready fix of a rule does, as its button says it."""
    return _FIXES.get(rule, "Cut as the rule says")
