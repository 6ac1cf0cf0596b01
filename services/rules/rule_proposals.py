"""Rules proposed from repeated cuts: which kind of rule would have met the lines that a carrier cuts again and again.

Every kind of rule is tried, with its usual values and with words of the cut lines, on the bills of their months.
Proposed is what meets the most of them and the fewest others; what meets less than half of them is not.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now
from core.money import total
from guidelines.catalog import catalog, kind_of_rule
from guidelines.engine import RuleBook
from guidelines.rules import Rule, dump_rules
from guidelines.sentences import sentence_of
from models import Carrier, Invoice, InvoiceLine, InvoiceRevision
from models.enums import DecisionStatus, DocumentStatus, EntryKind, Role
from services.access import require
from services.actor import Actor
from services.responses.cuts import Cut, load_cuts
from services.row_ids import row_id
from services.rules.guideline_versions import GuidelineVersion, active_guidelines, read_rules, save_guidelines
from services.rules.trial_bills import TrialMonth, load_trial_month

MANY = 3
_LOOK_BACK = timedelta(days=180)
_MONTHS = 3
_EXAMPLES = 8
_PHRASES = 6
_LEAST_SHARE = 2
_DIGITS = re.compile(r"\d+(\.\d+)?")
_WORD = re.compile(r"[a-z][a-z-]{3,}")


@dataclass(frozen=True)
class CutLine:
    """One line that was cut, as evidence."""

    invoice_id: int
    reference: str
    line_number: int
    narrative: str
    cut_amount: Decimal


@dataclass(frozen=True)
class RepeatedCut:
    """The same reason of the same carrier, on several lines."""

    key: str
    carrier_id: int
    carrier_name: str
    reason: str
    lines: tuple[CutLine, ...]

    @property
    def cut_amount(self) -> Decimal:
        """What it cost."""
        return total(line.cut_amount for line in self.lines)


@dataclass(frozen=True)
class RuleProposal:
    """A rule that would have met `met` of the `of` lines; `is_in_force` when the carrier has the same one already."""

    repeated: RepeatedCut
    rule: Rule
    met: int
    of: int
    others: int
    is_in_force: bool

    @property
    def title(self) -> str:
        """Return what its kind is called."""
        return kind_of_rule(self.rule.kind).title

    @property
    def data(self) -> dict[str, Any]:
        """Return it as plain data, to be adopted."""
        return dump_rules((self.rule,))[0]

    @property
    def sentence(self) -> str:
        """Return the rule for people."""
        return sentence_of(self.rule)

    @property
    def result(self) -> str:
        """Return what it would have done: 'Would have flagged 12 of 14 lines and 3 others.'."""
        others = f" and {self.others} {'other' if self.others == 1 else 'others'}" if self.others else " and no others"
        return f"Would have flagged {self.met} of {self.of} lines{others}."


def list_repeated_cuts(session: Session, actor: Actor, *, many: int = MANY) -> list[RepeatedCut]:
    """Return what carriers cut for the same reason on at least `many` lines in half a year, the dearest first.

    Raises:
        DeniedError: the actor does not see every matter.
    """
    require(actor, Role.ADMIN, Role.BILLER, what="Proposing rules")
    found = session.execute(
        select(Invoice, col(Carrier.name))
        .join(Carrier, col(Carrier.id) == col(Invoice.carrier_id))
        .where(
            col(Invoice.decision_status).in_((DecisionStatus.REDUCED, DecisionStatus.DISPUTED)),
            col(Invoice.document_status) == DocumentStatus.DELIVERED,
            col(Invoice.decided_at) >= now() - _LOOK_BACK,
        )
    ).all()
    cuts = load_cuts(session, [row[0] for row in found])
    narratives = _narratives(session, [row_id(row[0]) for row in found])
    groups: dict[tuple[int, str, str], list[CutLine]] = defaultdict(list)
    for invoice, carrier_name in found:
        for cut in cuts[row_id(invoice)]:
            if cut.line_number is not None:
                line = CutLine(
                    row_id(invoice),
                    f"invoice {invoice.number}",
                    cut.line_number,
                    narratives.get((row_id(invoice), cut.line_number), ""),
                    cut.cut_amount,
                )
                groups[invoice.carrier_id, carrier_name, pattern_of(cut)].append(line)
    repeated = [
        RepeatedCut(f"{carrier_id}:{reason}", carrier_id, name, reason, tuple(lines))
        for (carrier_id, name, reason), lines in groups.items()
        if len(lines) >= many
    ]
    return sorted(repeated, key=lambda one: (-one.cut_amount, one.key))


def pattern_of(cut: Cut) -> str:
    """Return what makes two cuts the same: the site's code, or its words with the numbers left out."""
    return cut.code.strip() or _DIGITS.sub("…", cut.message.strip().rstrip("."))[:120]


def propose_rule(session: Session, actor: Actor, *, repeated: RepeatedCut) -> RuleProposal | None:
    """Return the rule that would have met most of the lines and fewest others; None when none meets half of them.

    Raises:
        DeniedError: the actor does not see every matter.
    """
    months = _months(session, actor, repeated)
    wanted = {(line.reference, str(line.line_number)) for line in repeated.lines}
    known = {(bill.reference, line.key) for month in months for bill in month.bills for line in bill.lines}
    wanted &= known
    if not wanted:
        return None
    active = active_guidelines(session, actor, carrier_id=repeated.carrier_id)
    best: tuple[Decimal, int, Rule, int, int] | None = None
    for order, rule in enumerate(_candidates(repeated)):
        met = _met(rule, months)
        hits, others = len(met & wanted), len(met - wanted)
        if hits * _LEAST_SHARE < len(wanted):
            continue
        # How well the two sets agree: 1 when the rule meets these lines and no others.
        score = Decimal(2 * hits) / (len(wanted) + hits + others)
        if best is None or (score, -order) > best[:2]:
            best = (score, -order, rule, hits, others)
    if best is None:
        return None
    _, _, rule, hits, others = best
    is_in_force = any(is_same_rule(rule, one) for one in active.rules)
    return RuleProposal(repeated, rule, hits, len(wanted), others, is_in_force)


def adopt_rule(
    session: Session, actor: Actor, *, carrier_id: int, rule: Mapping[str, Any], expected_number: int, note: str
) -> GuidelineVersion:
    """Put a proposed rule into force behind the carrier's others, as a new version.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError, InvalidRulesError, StaleVersionError: nothing was saved.
    """
    active = active_guidelines(session, actor, carrier_id=carrier_id)
    rules = dump_rules(active.rules)
    names = {one.name for one in active.rules}
    (read,) = read_rules([dict(rule)])
    data = dict(dump_rules((read,))[0])
    if read.name in names:
        data["id"] = next(name for at in range(2, 200) if (name := f"{read.kind}-{at}") not in names)
    return save_guidelines(
        session, actor, carrier_id=carrier_id, expected_number=expected_number, rules=[*rules, data], note=note
    )


def is_same_rule(proposed: Rule, standing: Rule) -> bool:
    """Whether a rule of the list asks the same, whatever it does with the line."""
    kept = {"id", "action", "citation", "effective_from", "effective_to", "scope"}
    first, second = (dump_rules((rule,))[0] for rule in (proposed, standing))
    return {k: v for k, v in first.items() if k not in kept} == {k: v for k, v in second.items() if k not in kept}


def _narratives(session: Session, invoice_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    statement = (
        select(col(InvoiceRevision.invoice_id), col(InvoiceLine.line_number), col(InvoiceLine.narrative))
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(InvoiceLine.invoice_revision_id))
        .join(Invoice, col(Invoice.id) == col(InvoiceRevision.invoice_id))
        .where(
            col(Invoice.id).in_(invoice_ids),
            col(InvoiceRevision.number) == col(Invoice.revision_number),
            col(InvoiceLine.kind).in_((EntryKind.FEE, EntryKind.EXPENSE)),
        )
    )
    return {(invoice_id, number): narrative for invoice_id, number, narrative in session.execute(statement)}


def _months(session: Session, actor: Actor, repeated: RepeatedCut) -> list[TrialMonth]:
    """Read the newest months in which the cut lines were billed."""
    ends = session.scalars(
        select(col(InvoiceRevision.period_end))
        .join(Invoice, col(Invoice.id) == col(InvoiceRevision.invoice_id))
        .where(col(Invoice.id).in_({line.invoice_id for line in repeated.lines}))
    )
    months = sorted({end.replace(day=1) for end in ends}, reverse=True)[:_MONTHS]
    return [load_trial_month(session, actor, carrier_id=repeated.carrier_id, month=month) for month in months]


def _candidates(repeated: RepeatedCut) -> Iterator[Rule]:
    """Return every kind with its usual values, then barred words that the cut lines share."""
    for entry in catalog():
        yield from read_rules([{"kind": entry.kind, "action": "warn"}])
    phrases = _shared_words(line.narrative for line in repeated.lines)
    if phrases and any(entry.kind == "barred_keyword" for entry in catalog()):
        name = next(one.name for entry in catalog() if entry.kind == "barred_keyword" for one in entry.parameters)
        for count in range(1, len(phrases) + 1):
            yield from read_rules([{"kind": "barred_keyword", "action": "warn", name: list(phrases[:count])}])


def _shared_words(narratives: Iterable[str]) -> tuple[str, ...]:
    texts = [set(_WORD.findall(text.casefold())) for text in narratives]
    counts = Counter(word for words in texts for word in words)
    shared = [(word, count) for word, count in counts.items() if count * _LEAST_SHARE >= len(texts)]
    return tuple(word for word, _ in sorted(shared, key=lambda one: (-one[1], one[0]))[:_PHRASES])


def _met(rule: Rule, months: Sequence[TrialMonth]) -> set[tuple[str, str]]:
    book = RuleBook([rule])
    return {
        (bill.reference, found.line_key)
        for month in months
        for bill in month.bills
        for found in book.check(bill.lines, bill=bill.bill, history=month.history)
        if any(line.key == found.line_key for line in bill.lines)
    }
