"""A file's lines held against a carrier's guidelines, as far as a file tells: no history, no approvals, no receipts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from carriers.profile import CarrierProfile
from guidelines.bill import Bill
from guidelines.lines import GuidelineLine
from ledes.document import LedesInvoice, LedesLine, LineType
from ledes.file_format import FileFormat
from services.ledes_desk.ledes_bench import Bench
from services.ledes_desk.ledes_examinations import invoices_of
from services.rules.findings import CarrierBook

# What these rules ask is not in a file: approvals and rates, receipts and documents, other bills.
NOT_IN_A_FILE: Final = frozenset(
    {"unapproved_timekeeper", "rate_cap", "rate_increase_notice", "receipt_required", "work_product", "budget"}
    | {"billing_frequency", "max_invoice_age"}
)
_MOST_LISTED: Final = 2_000
_KINDS: Final[Mapping[LineType, Literal["F", "E"]]] = {LineType.FEE: "F", LineType.EXPENSE: "E"}


@dataclass(frozen=True)
class FileGuidelineFinding:
    """One broken rule; `line` is '' where it is about the invoice as a whole."""

    invoice: str
    line: str
    rule: str
    action: str
    sentence: str
    narrative: str


@dataclass(frozen=True)
class GuidelineReport:
    """What the carrier's rules find.

    Attributes:
        findings: by invoice and line, at most 2,000 of `total`.
        counts: by what the rule asks for: block, reduce, warn.
        lines: how many were looked at.
        left_out: kinds of the carrier's rules that a file cannot answer.
    """

    findings: tuple[FileGuidelineFinding, ...]
    counts: Mapping[str, int]
    lines: int
    rules: int
    left_out: tuple[str, ...]

    @property
    def total(self) -> int:
        """Return how many findings there are."""
        return sum(self.counts.values())


def guideline_report(bench: Bench) -> GuidelineReport | None:
    """Return what the chosen carrier's guidelines find; None while no carrier is chosen."""
    if bench.carrier is None or bench.carrier.profile is None:
        return None
    # Of the profile only what is hashable goes into the key of what was worked out: its JSON.
    return bench.worked_out(reported, bench.carrier.profile.model_dump_json(), bench.carrier.client_code)


def reported(content: bytes, file_format: FileFormat, profile_json: str, client_code: str) -> GuidelineReport:
    """Hold every invoice of a file against a profile's rules."""
    profile = CarrierProfile.model_validate_json(profile_json)
    rules = tuple(rule for rule in profile.guidelines if rule.kind not in NOT_IN_A_FILE)
    book = CarrierBook(profile.model_copy(update={"guidelines": rules}))
    counts: Counter[str] = Counter()
    listed: list[FileGuidelineFinding] = []
    looked_at = 0
    for invoice in invoices_of(content, file_format):
        narratives = {str(place): line.description for place, line in enumerate(invoice.lines)}
        numbers = {str(place): line.line_item_number for place, line in enumerate(invoice.lines)}
        lines = guideline_lines(invoice)
        looked_at += len(lines)
        for one in book.findings(lines, bill=_bill(invoice, client_code)):
            counts[one.action.value] += 1
            if len(listed) < _MOST_LISTED:
                number, narrative = numbers.get(one.line_key, ""), narratives.get(one.line_key, "")
                listed.append(
                    FileGuidelineFinding(
                        invoice.invoice_number, number, one.rule, one.action.value, one.sentence, narrative
                    )
                )
    left_out = tuple(sorted({rule.kind for rule in profile.guidelines} & NOT_IN_A_FILE))
    return GuidelineReport(tuple(listed), dict(counts), looked_at, len(rules), left_out)


def guideline_lines(invoice: LedesInvoice) -> list[GuidelineLine]:
    """Return the fees and expenses of an invoice as the rules see them; keys are places from 0."""
    return [
        _line(str(place), _KINDS[line.exp_fee_inv_adj_type], line)
        for place, line in enumerate(invoice.lines)
        if line.exp_fee_inv_adj_type in _KINDS and line.units is not None and line.unit_cost is not None
    ]


def _line(key: str, kind: Literal["F", "E"], line: LedesLine) -> GuidelineLine:
    return GuidelineLine(
        key=key,
        kind=kind,
        worked_on=line.date,
        timekeeper_id=line.timekeeper_id,
        units=line.units or line.total * 0,
        unit_cost=line.unit_cost or line.total * 0,
        approved_rate=None,
        task_code=line.task_code,
        activity_code=line.activity_code,
        expense_code=line.expense_code,
        narrative=line.description,
        classification=line.timekeeper_classification,
        adjustment=line.adjustment_amount,
    )


def _bill(invoice: LedesInvoice, client_code: str) -> Bill:
    return Bill(
        invoice_date=invoice.invoice_date,
        client=client_code,
        matter=invoice.law_firm_matter_id,
        period_start=invoice.billing_start_date,
        period_end=invoice.billing_end_date,
    )
