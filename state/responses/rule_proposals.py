"""Rules proposed from repeated cuts: what carriers cut again and again, and the rule that would have met it."""

import asyncio
from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from core.errors import BillingError, NotFoundError
from core.money import as_dollars
from models.enums import Role
from services.rules.guideline_versions import active_guidelines
from services.rules.rule_proposals import MANY, RepeatedCut, RuleProposal, adopt_rule, list_repeated_cuts, propose_rule
from state.acting import ActingState
from state.addresses import query
from state.guard import actor, guarded
from state.responses.rejections import STAFF
from state.words import counted

_EXAMPLES = 6
_NOTE = 400


@dataclass(frozen=True)
class CutExample:
    """One line that was cut."""

    place: str
    href: str
    narrative: str
    cut: str


@dataclass(frozen=True)
class RepeatedItem:
    """One reason that comes again and again."""

    key: str
    carrier: str
    reason: str
    count: str
    amount: str
    examples: list[CutExample]


@dataclass(frozen=True)
class ProposalItem:
    """The rule proposed for one reason; `key` is the reason's, '' = none was looked for yet."""

    key: str = ""
    title: str = ""
    sentence: str = ""
    result: str = ""
    editor_href: str = ""
    is_in_force: bool = False
    is_nothing: bool = False


class RuleProposals(ActingState, rx.State):
    """The reasons that come again and again, and the proposal that is open."""

    items: list[RepeatedItem] = []
    proposal: ProposalItem = ProposalItem()
    may_see: bool = False
    may_save: bool = False
    is_loading: bool = False

    _roles = STAFF
    _rule: dict[str, object] = {}
    _number: int = 0

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Read what repeats, where the address asks for it."""
        if self.router.url.query_parameters.get("view") != "rules":
            return
        who = actor()
        self.may_see, self.may_save = who.has(Role.BILLER, Role.ADMIN), who.has(Role.ADMIN)
        self.problem, self.proposal = "", ProposalItem()
        if self.may_see:
            self.is_loading = not self.items
            found = await self._try(_read)
            self.items, self.is_loading = [_item(one) for one in found or []], False

    @rx.event
    @guarded(Role.BILLER, Role.ADMIN)
    async def propose(self, key: str) -> None:
        """Look for the rule that would have met the lines of one reason."""
        found = await self._try(lambda: find_proposal(key))
        if found is None:
            return
        proposal, self._number = found
        self._rule = proposal.data if proposal else {}
        self.proposal = _proposal(key, proposal)

    @rx.event
    @guarded(Role.ADMIN)
    async def adopt(self, form: dict[str, str]) -> EventSpec | None:
        """Put the proposed rule into force as a new version of the carrier's guidelines."""
        rule, number, note = dict(self._rule), self._number, form.get("note", "")[:_NOTE]
        key = self.proposal.key
        carrier_id = int(key.partition(":")[0] or 0)
        done = await self._try(lambda: _adopt(carrier_id, rule, number, note), typed=note)
        if done is None:
            return None
        try:
            proposal, self._number = await asyncio.to_thread(find_proposal, key)
        except BillingError as error:
            self.problem = error.user_message
            return None
        self.proposal = _proposal(key, proposal)
        return rx.toast.success(f"Version {done} of the guidelines is in force.")


def _read() -> list[RepeatedCut]:
    with read_only() as session:
        return list_repeated_cuts(session, actor())


def find_proposal(key: str) -> tuple[RuleProposal | None, int]:
    """Return the rule proposed for one reason, None where no kind fits, and the number of the guidelines in force."""
    with read_only() as session:
        found = next((one for one in list_repeated_cuts(session, actor()) if one.key == key), None)
        if found is None:
            raise NotFoundError(f"This is not cut on {MANY} lines any more. Nothing was proposed; reload the page.")
        active = active_guidelines(session, actor(), carrier_id=found.carrier_id)
        return propose_rule(session, actor(), repeated=found), active.number


def _adopt(carrier_id: int, rule: dict[str, object], number: int, note: str) -> int:
    with unit_of_work() as session:
        made = adopt_rule(session, actor(), carrier_id=carrier_id, rule=rule, expected_number=number, note=note)
        return made.number


def _item(one: RepeatedCut) -> RepeatedItem:
    return RepeatedItem(
        key=one.key,
        carrier=one.carrier_name,
        reason=one.reason,
        count=counted(len(one.lines), "line"),
        amount=as_dollars(one.cut_amount),
        examples=examples_of(one),
    )


def examples_of(one: RepeatedCut) -> list[CutExample]:
    """Return the first of the lines that were cut, as evidence."""
    return [
        CutExample(
            f"{line.reference.capitalize()}, line {line.line_number}",
            f"/invoices/{line.invoice_id}",
            line.narrative,
            as_dollars(line.cut_amount),
        )
        for line in one.lines[:_EXAMPLES]
    ]


def _proposal(key: str, found: RuleProposal | None) -> ProposalItem:
    if found is None:
        return ProposalItem(key=key, is_nothing=True)
    return ProposalItem(
        key=key,
        title=found.title,
        sentence=found.sentence,
        result=found.result,
        editor_href=f"/carriers/{found.repeated.carrier_id}/guidelines{query({'proposal': found.repeated.reason})}",
        is_in_force=found.is_in_force,
    )
