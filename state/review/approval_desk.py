"""Who approves besides the responsible attorneys: the firm's rules, and steps that wait, for an administrator."""

import asyncio
from dataclasses import dataclass
from functools import partial

import reflex as rx

from core.db import read_only, unit_of_work
from core.errors import InvalidInputError
from core.money import as_dollars
from models.enums import ApproverKind, Role, StageMode
from services.review.approval_desk import StepRow, pass_on_step, waiting_steps
from services.review.approval_rules import RuleRow, add_rule, end_rule, list_rules
from services.review.people import list_people
from state.acting import ActingState
from state.addresses import as_choice
from state.guard import actor, guarded
from state.live import changes
from state.responses.assigning import assign
from state.words import day, number_typed, whole_number

_KINDS = {ApproverKind.TEAM_LEAD: "The lead of the attorney's team", ApproverKind.ADMIN: "Any administrator"}


@dataclass(frozen=True)
class RuleView:
    """One rule as text."""

    id: str
    version: str
    stage: str
    who: str
    what: str
    mode: str


@dataclass(frozen=True)
class StepView:
    """One step that waits, as text."""

    id: str
    version: str
    matter: str
    href: str
    amount: str
    stage: str
    who: str
    since: str


class ApprovalDesk(ActingState, rx.State):
    """The rules with the form of a new one, and the steps that wait with the form that asks somebody else."""

    rules: list[RuleView] = []
    steps: list[StepView] = []
    people: list[list[str]] = []
    kind: str = ApproverKind.TEAM_LEAD.value
    is_open: bool = False
    passing: str = ""
    passing_title: str = ""
    passing_problem: str = ""
    done: str = ""

    _passing_version: int = 0

    @rx.event
    @guarded(Role.ADMIN)
    async def load(self) -> None:
        """Read both; runs when the page opens."""
        self.is_open, self.passing, self.problem, self.done = False, "", "", ""
        await self._refresh()

    @rx.event(background=True)
    @guarded(Role.ADMIN)
    async def watch(self) -> None:
        """Keep the page up to date while the tab shows it."""
        async for _ in changes(self, "proforma_approval", "approval_rule"):
            async with self:
                await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def ask(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Open or close the form of a new rule."""
        self.is_open, self.problem, self.kind = is_open, "", ApproverKind.TEAM_LEAD.value

    @rx.event
    @guarded(Role.ADMIN)
    async def choose_kind(self, kind: str) -> None:
        """Say what kind of approver the new rule names."""
        self.kind = (as_choice(ApproverKind, kind) or ApproverKind.TEAM_LEAD).value

    @rx.event
    @guarded(Role.ADMIN)
    async def add(self, form: dict[str, str]) -> None:
        """Make the rule; what is wrong is said in the form, which keeps what was typed."""
        kind = self.kind
        if await self._try(lambda: _add(kind, form)):
            self.is_open, self.done = False, "Saved. It holds for what is sent to review or approved from now on."
        await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def end(self, rule_id: str, version: str) -> None:
        """Ask for an approval no longer."""
        chosen, seen = whole_number(rule_id), whole_number(version)
        if await self._try(lambda: _end(chosen, seen)):
            self.done = "Ended. Steps that wait already are asked for still."
        await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def ask_passing(self, step_id: str) -> None:
        """Open whom else to ask for a step."""
        found = next((step for step in self.steps if step.id == step_id), None)
        if found is None:
            raise InvalidInputError("This step does not wait any more. Nothing was changed; reload the page.")
        self.passing, self.passing_title, self.passing_problem = found.id, f"{found.matter}, {found.stage}", ""
        self._passing_version = whole_number(found.version)

    @rx.event
    @guarded(Role.ADMIN)
    async def close_passing(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close it; nobody else is asked."""
        self.passing = self.passing if is_open else ""

    @rx.event
    @guarded(Role.ADMIN)
    async def pass_on(self, form: dict[str, str]) -> None:
        """Ask somebody else for the step."""
        step_id, seen, to = whole_number(self.passing), self._passing_version, form.get("to", "")
        before, self.problem = self.problem, ""
        passed = await self._try(lambda: _pass_on(step_id, seen, to, form.get("note", "")))
        self.passing_problem, self.problem = self.problem, before
        if passed:
            self.passing, self.done = "", "Asked. The former approver is not asked any more."
        await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def dismiss(self) -> None:
        """Put the last result away."""
        self.done = ""

    async def _refresh(self) -> None:
        rules, steps, people = await asyncio.to_thread(_read)
        assign(self, rules=rules, steps=steps, people=people)


def _read() -> tuple[list[RuleView], list[StepView], list[list[str]]]:
    with read_only() as session:
        rules = [_rule(row) for row in list_rules(session, actor())]
        steps = [_step(row) for row in waiting_steps(session, actor())]
        return rules, steps, [[str(key), name] for key, name in list_people(session, Role.ATTORNEY, Role.ADMIN)]


def _add(kind: str, form: dict[str, str]) -> bool:
    person = form.get("approver", "")
    with unit_of_work() as session:
        add_rule(
            session,
            actor(),
            stage=whole_number(form.get("stage", "")),
            from_amount=number_typed(form.get("amount", "") or "0", "the amount"),
            kind=as_choice(ApproverKind, kind) or ApproverKind.TEAM_LEAD,
            approver_id=whole_number(person) if person else None,
            mode=as_choice(StageMode, form.get("mode", "")) or StageMode.ALL,
            matter_number=form.get("matter", ""),
        )
    return True


def _end(rule_id: int, version: int) -> bool:
    with unit_of_work() as session:
        end_rule(session, actor(), rule_id=rule_id, expected_version=version)
    return True


def _pass_on(step_id: int, version: int, to: str, note: str) -> bool:
    if not to:
        raise InvalidInputError("Say who should be asked instead. Nothing was changed; choose a person.")
    pass_on = partial(pass_on_step, step_id=step_id, expected_version=version, to_id=whole_number(to), note=note)
    with unit_of_work() as session:
        pass_on(session, actor())
    return True


def _rule(row: RuleRow) -> RuleView:
    matter = f"Matter {row.matter_number}" if row.matter_number else "All matters"
    return RuleView(
        id=str(row.id),
        version=str(row.version),
        stage=f"Stage {row.stage}",
        who=row.approver_name if row.kind is ApproverKind.PERSON else _KINDS[row.kind],
        what=f"{matter}, from {as_dollars(row.from_amount)}" if row.from_amount else f"{matter}, every bill",
        mode="One of this stage suffices" if row.mode is StageMode.ANY else "Must approve",
    )


def _step(row: StepRow) -> StepView:
    return StepView(
        id=str(row.id),
        version=str(row.version),
        matter=row.matter_number,
        href=f"/proforma/{row.proforma_id}",
        amount=as_dollars(row.amount),
        stage=f"stage {row.stage}",
        who=row.approver_name or _KINDS[ApproverKind.ADMIN],
        since=f"since {day(row.asked_at.date())}" if row.asked_at else "",
    )
