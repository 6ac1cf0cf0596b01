"""A proforma's lines as its page shows them: as worked, as entered, as billed; frozen rows of text."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.money import ZERO, as_dollars, as_text, line_amount
from models.enums import EntryKind, FindingAction, LineTreatment, ProposalKind
from services.review.line_edits import REPLACED as _REPLACED
from services.review.line_values import DISCOUNTS as _DISCOUNTS
from services.review.proforma_lines import FindingRow, LineRow, WaitingChange
from services.review.proforma_permissions import NOT_TO_ALLOW
from state.fix_words import fix_words
from state.review.word_diff import DiffPart, word_diff
from state.words import day, units

_TREATMENTS = {
    LineTreatment.BILL: "",
    LineTreatment.WRITE_OFF: "Written off",
    LineTreatment.HOLD: "Held",
    LineTreatment.SPLIT: "Split",
    LineTreatment.COMBINED: "Combined",
    LineTreatment.TRANSFER: "Transferred",
}
_KINDS = {
    EntryKind.FEE: "Fee",
    EntryKind.EXPENSE: "Expense",
    EntryKind.FEE_DISCOUNT: "Discount on fees",
    EntryKind.EXPENSE_DISCOUNT: "Discount on expenses",
}
_WAITING = {
    ProposalKind.TEXT: "A text",
    ProposalKind.HOURS: "{hours} h",
    ProposalKind.DATE: "The day {day}",
    ProposalKind.PERFORMER: "Whose work it was",
}
_FOR_BILLING = frozenset({"set_code", "split"})


@dataclass(frozen=True)
class OtherLine:
    """Another line that a finding speaks of."""

    id: str
    number: str


@dataclass(frozen=True)
class FindingView:
    """What a guideline says about a line.

    `fix` says what one click would do, '' where none mends it, and `fix_why` why a code is proposed; billing may press
    it too when `is_for_billing`. `line_id` is '' for the bill as a whole. `may_be_allowed` while a permission can lift
    it; `is_allowed` when one does, which `has_permission` says can be taken back. `rule_name` is the rule's name in the
    carrier's list, '' where the file or the site itself asks for it.
    """

    id: str
    line_id: str
    action: str
    message: str
    fix: str = ""
    fix_why: str = ""
    is_split: bool = False
    is_for_billing: bool = False
    is_allowed: bool = False
    may_be_allowed: bool = False
    has_permission: bool = False
    related: list[OtherLine] = field(default_factory=list)
    rule_name: str = ""


@dataclass(frozen=True)
class WaitingView:
    """A question that waits for the line's timekeeper, with the text where one is proposed."""

    id: str
    words: str
    text: str = ""


@dataclass(frozen=True)
class LineView:
    """One line in the list. `units` are billed; `was_units` and `was_amount` are '' unless an edit changed them.

    `origin` says what bills the line, or what it bills; `may_be_chosen` when one thing can be done to many.
    """

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
    origin: str = ""
    is_part: bool = False
    may_be_chosen: bool = False
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
    origin: str = ""
    stands: bool = True
    is_discount: bool = False
    is_combined: bool = False
    is_others_text: bool = False
    adjusted: str = ""
    may_split: bool = False
    may_transfer: bool = False
    waiting_split: str = ""
    waiting: list[WaitingView] = field(default_factory=list)
    findings: list[FindingView] = field(default_factory=list)
    diff: list[DiffPart] = field(default_factory=list)


def line_view(line: LineRow, ids: Mapping[int, int]) -> LineView:
    """Return a line as text; `ids` are the ids of all lines by their numbers."""
    entered = line_amount(line.entered_units, line.unit_cost)
    bills = line.treatment is LineTreatment.BILL
    is_cut = line.billed_amount != entered or not bills
    return LineView(
        id=str(line.id),
        number=str(line.line_number),
        kind=line.kind.value,
        worked_on=f"{line.worked_on.day} {line.worked_on:%b}",
        who=line.timekeeper_name or _KINDS[line.kind],
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
        is_flagged=is_flagged(line),
        is_changed=is_changed(line),
        origin=origin_words(line),
        is_part=line.split_from is not None,
        may_be_chosen=line.treatment not in _REPLACED and line.kind not in _DISCOUNTS,
        findings=finding_views(line, ids),
        diff=word_diff(line.entered_narrative, line.billed_narrative) if line.is_narrative_changed else [],
    )


def line_panel(line: LineRow, ids: Mapping[int, int], *, form_key: str) -> LinePanel:
    """Return a line opened; a new `form_key` makes its form start afresh."""
    kind = _KINDS[line.kind]
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
        origin=origin_words(line),
        stands=line.treatment not in _REPLACED,
        is_discount=line.kind in _DISCOUNTS,
        is_combined=bool(line.combined_from),
        is_others_text=line.kind is EntryKind.FEE and not line.is_own,
        adjusted=_adjusted(line),
        may_split=_may_split(line),
        may_transfer=_may_transfer(line),
        waiting_split=str(line.waiting_split.id) if line.waiting_split else "",
        waiting=[_waiting(one) for one in line.waiting_changes],
        findings=finding_views(line, ids),
        diff=word_diff(line.entered_narrative, line.billed_narrative) if line.is_narrative_changed else [],
    )


def is_changed(line: LineRow) -> bool:
    """Whether the bill says anything else of a line than its timekeeper entered."""
    return (
        line.is_narrative_changed
        or line.billed_units != line.entered_units
        or line.adjustment_amount != 0
        or not line.is_printed
        or line.treatment is not LineTreatment.BILL
    )


def codes_of(line: LineRow) -> str:
    """Return the codes of a line: 'L120 A104' or 'E110'."""
    return " ".join(filter(None, (line.task_code, line.activity_code, line.expense_code)))


def is_flagged(line: LineRow) -> bool:
    """Whether a finding asks for something; what the carrier allowed asks for nothing."""
    return any(found.action is not FindingAction.ALLOWED for found in line.findings)


def origin_words(line: LineRow) -> str:
    """Return what bills the line, what it bills, where it went, or whom a split waits for."""
    went = f", the rest went to {line.transferred_to}" if line.transferred_to else ""
    said = {
        f"Split into {_numbers(line.split_into)}{went}": line.split_into,
        f"Went to {line.transferred_to}": line.transferred_to,
        f"Billed in line {line.combined_into}": line.combined_into,
        f"Combines {_numbers(line.combined_from)}": line.combined_from,
        f"Part of line {line.split_from}": line.split_from,
        f"A split waits for {line.timekeeper_name}": line.waiting_split,
        f"A question waits for {_asked(line)}": line.waiting_changes,
        f"Waits until {day(line.held_until)}" if line.held_until else "": line.held_until,
    }
    return next((words for words, holds in said.items() if holds), "")


def _asked(line: LineRow) -> str:
    return " and ".join(dict.fromkeys(one.asked for one in line.waiting_changes))


def _numbers(lines: tuple[int, ...]) -> str:
    return ", ".join(map(str, lines))


def _waiting(one: WaitingChange) -> WaitingView:
    said = _WAITING[one.kind].format(
        hours=units(one.hours) if one.hours is not None else "", day=day(one.worked_on) if one.worked_on else ""
    )
    return WaitingView(str(one.id), f"{said} waits for {one.asked}", one.narrative or "")


def _adjusted(line: LineRow) -> str:
    parts = []
    if line.is_free:
        return "No charge"
    if not line.is_printed:
        parts.append("Not itemized on paper")
    if line.write_down_amount:
        parts.append(f"{as_dollars(line.write_down_amount)} written down")
    if line.discount_amount:
        share = f" ({line.discount_percent.normalize():f} %)" if line.discount_percent is not None else ""
        parts.append(f"{as_dollars(line.discount_amount)} discount{share}")
    return ", ".join(parts)


def finding_views(line: LineRow, ids: Mapping[int, int]) -> list[FindingView]:
    """Return the findings beside a line, what asks for something first."""
    views = [finding_view(found, line, ids) for found in line.findings]
    return sorted(views, key=lambda view: view.is_allowed)


def finding_view(finding: FindingRow, line: LineRow | None, ids: Mapping[int, int]) -> FindingView:
    """Return a finding as text; without a line it is about the whole bill."""
    fix = finding.fix if line else None
    whole = line.billed_amount - line.adjustment_amount if line else ZERO
    is_allowed = finding.action is FindingAction.ALLOWED
    return FindingView(
        id=str(finding.id),
        line_id=str(line.id) if line else "",
        action=finding.action.value,
        message=finding.message,
        fix=fix_words(fix, kind=line.kind if line else None, whole_amount=whole),
        fix_why=fix.reason if fix else "",
        is_split=fix is not None and not fix.is_one_click,
        is_for_billing=fix is not None and fix.kind in _FOR_BILLING,
        is_allowed=is_allowed,
        may_be_allowed=not is_allowed and finding.rule not in NOT_TO_ALLOW,
        has_permission=finding.exception_id is not None,
        rule_name="" if finding.rule in NOT_TO_ALLOW else finding.rule_id or finding.rule,
        related=[OtherLine(str(ids[number]), str(number)) for number in finding.related if number in ids],
    )


def _may_transfer(line: LineRow) -> bool:
    is_whole = line.split_from is None and not line.combined_from and line.waiting_split is None
    return is_whole and line.treatment is LineTreatment.BILL and line.kind not in _DISCOUNTS


def _may_split(line: LineRow) -> bool:
    is_whole = line.kind is EntryKind.FEE and line.treatment is LineTreatment.BILL and line.split_from is None
    return is_whole and line.waiting_split is None and not line.adjustment_amount
