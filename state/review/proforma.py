"""One proforma under review: its lines, the line opened beside them, the verbs, and what happened so far."""

import asyncio
from functools import partial

import reflex as rx

from core.errors import BillingError, InvalidInputError, NotFoundError, StaleVersionError
from models.enums import Role
from services.review import proforma_edits
from services.review.combined_expenses import take_apart
from services.review.proforma_fixes import apply_fix
from services.review.proforma_lines import LineRow
from services.review.proformas import ProformaDetail
from services.review.proposals import withdraw_change
from services.review.undoing import undo_edit
from state.addresses import number_in
from state.guard import guarded
from state.history import EventView
from state.reading import read_together
from state.responses.assigning import assign
from state.review.line_rows import FindingView, LinePanel, LineView, line_panel
from state.review.proforma_dialogs import DialogView, question_of
from state.review.proforma_head import HeadView, VerbView
from state.review.proforma_shown import LinesShown, ProformaShown, ids_of, lines_shown, proforma_shown
from state.review.proforma_work import Change, carry_out, edit_change, read, read_pulse, verb_change
from state.review.step_rows import StepView
from state.words import units, whole_number

_PROPOSED = (
    "Saved. Your text waits for the timekeeper, at “Waiting for me”; until it is attested the line is billed as it is."
)
_LINES = 100
_MOST_LINES = 5000
_STAFF = frozenset({Role.ATTORNEY, Role.BILLER, Role.ADMIN})
_EDITORS = frozenset({Role.ATTORNEY, Role.BILLER})


class ProformaPage(rx.State):
    """The proforma that the address names."""

    head: HeadView = HeadView()
    verbs: list[VerbView] = []
    lines: list[LineView] = []
    show: str = "all"
    all_count: str = ""
    flagged_count: str = ""
    changed_count: str = ""
    more_lines: str = ""
    may_edit: bool = False
    may_edit_codes: bool = False
    may_allow: bool = False
    bill_findings: list[FindingView] = []
    events: list[EventView] = []
    panel: LinePanel = LinePanel()
    panel_problem: str = ""
    panel_theirs: list[str] = []
    dialog: DialogView = DialogView()
    dialog_problem: str = ""
    done: str = ""
    undo_id: str = ""
    steps: list[StepView] = []
    is_loading: bool = True
    failure: str = ""

    _id: int = 0
    _shown: int = _LINES
    _selected: int = 0
    _opened: LineRow | None = None
    _opened_version: int = 0
    _asked_version: int = 0
    _forms: int = 0
    _chose_view: bool = False
    # In a tuple, which the framework hands out as it is; anything else it wraps, value by value.
    _known: tuple[ProformaDetail, ...] = ()

    @rx.event
    @guarded(*_STAFF)
    async def load(self) -> None:
        """Read the proforma that the address names; runs when the page opens."""
        self._id, self._shown, self._chose_view, self.done, self._known = 0, _LINES, False, "", ()
        self._close_line()
        self.dialog = DialogView()
        self._id = number_in(self.router.url.path) or 0
        if not self._id:
            self.failure, self.is_loading = "There is no such proforma. Go back to the list and open one.", False
            return
        await self._refresh()

    @rx.event
    @guarded(*_STAFF)
    async def choose(self, show: str) -> None:
        """Show all lines, the flagged or the changed ones."""
        self.show = show if show in {"all", "flagged", "changed"} else "all"
        self._chose_view, self._shown = True, _LINES
        await self._show_lines(await self._current())

    @rx.event
    @guarded(*_STAFF)
    async def show_more(self) -> None:
        """Show the next lines too."""
        self._shown = min(self._shown + 2 * _LINES, _MOST_LINES)
        await self._show_lines(await self._current())

    @rx.event
    @guarded(*_STAFF)
    async def open_line(self, line_id: str) -> None:
        """Open a line beside the list."""
        self._selected = whole_number(line_id)
        self._opened = None
        self.panel_problem, self.panel_theirs = "", []
        self._show_panel(await self._current())

    @rx.event
    @guarded(*_STAFF)
    async def close_line(self) -> None:
        """Close the line; what was typed and not saved is gone."""
        self._close_line()

    @rx.event
    @guarded(*_EDITORS)
    async def save_line(self, form: dict[str, str]) -> None:
        """Save what the line's form holds; whatever is refused stays in the form."""
        if self._opened is None:
            return
        try:
            change = edit_change(self._opened, form, version=self._opened_version)
            if change is None:
                self.panel_problem = "Nothing differs from what is stored, so nothing was saved."
                return
            await asyncio.to_thread(carry_out, change)
        except StaleVersionError:
            await self._meet_conflict()
            return
        except BillingError as refused:
            self.panel_problem = refused.user_message
            return
        said = f"Line {self.panel.number} saved. What was worked and entered is kept beside it."
        await self._after_line(said if change.text is None else _PROPOSED)

    @rx.event
    @guarded(*_EDITORS)
    async def take_theirs(self) -> None:
        """Drop what was typed and show the line as it is stored now."""
        self._opened, self.panel_problem, self.panel_theirs = None, "", []
        await self._refresh()

    @rx.event
    @guarded(*_EDITORS)
    async def fix(self, finding_id: str, version: str) -> None:
        """Carry out the fix that a finding offers."""
        seen = whole_number(version)
        chosen = whole_number(finding_id)
        change = partial(apply_fix, finding_id=chosen, expected_version=seen)
        await self._do(change, "Fixed. What was worked and entered is kept beside it.")

    @rx.event
    @guarded(Role.ATTORNEY)
    async def restore(self, line_id: str, version: str) -> None:
        """Bill a line as entered again."""
        seen, chosen = whole_number(version), whole_number(line_id)
        change = partial(proforma_edits.restore_line, line_id=chosen, expected_version=seen)
        await self._do(change, "The line is billed as entered again.")

    @rx.event
    @guarded(*_STAFF)
    async def act(self, verb: str, version: str) -> None:
        """Carry out a verb of the proforma, or ask first where a reason is wanted or nothing leads back."""
        seen = whole_number(version)
        if (question := question_of(verb, self.head)) is not None:
            self.dialog, self.dialog_problem, self._asked_version = question, "", seen
            return
        change = verb_change(verb, proforma_id=self._id, version=seen, note="")
        if change is None:
            raise InvalidInputError("There is no such step. Nothing was changed; reload the page.")
        await self._do(change, "")

    @rx.event
    @guarded(*_EDITORS)
    async def undo(self, edit_id: str, version: str) -> None:
        """Take a step back."""
        seen, chosen = whole_number(version), whole_number(edit_id)
        await self._do(partial(undo_edit, edit_id=chosen, expected_version=seen), "Taken back.")

    @rx.event
    @guarded(*_EDITORS)
    async def take_apart(self, line_id: str, version: str) -> None:
        """Bill combined expenses one by one again."""
        seen, chosen = whole_number(version), whole_number(line_id)
        change = partial(take_apart, line_id=chosen, proforma_id=self._id, expected_version=seen)
        await self._do(change, "The expenses are billed one by one again.")

    @rx.event
    @guarded(*_EDITORS)
    async def withdraw_change(self, proposal_id: str) -> None:
        """Take a question to a timekeeper back."""
        await self._do(partial(withdraw_change, proposal_id=whole_number(proposal_id)), "The question was taken back.")

    @rx.event
    @guarded(*_STAFF)
    async def close_dialog(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the question; nothing is done."""
        if not is_open:
            self.dialog = DialogView()

    @rx.event
    @guarded(*_STAFF)
    async def answer(self, form: dict[str, str]) -> None:
        """Do what the open question asked about; what is refused is said in the dialog, which keeps the text."""
        verb, version = self.dialog.verb, self._asked_version
        given = {"note": form.get("note", ""), "until": form.get("until", "")}
        try:
            change = verb_change(verb, proforma_id=self._id, version=version, **given)
            if change is None:
                return
            if verb == "finalize":
                await self._check_unchanged(version)
            await asyncio.to_thread(carry_out, change)
        except BillingError as refused:
            await self._refresh()
            self._asked_version = whole_number(self.head.version)
            self.dialog_problem = _still_there(refused)
            return
        self.dialog, self._opened = DialogView(), None
        await self._refresh()

    @rx.event
    @guarded(*_STAFF)
    async def dismiss(self) -> None:
        """Put the last result away."""
        self.done, self.undo_id = "", ""

    async def _do(self, change: Change, done: str) -> None:
        try:
            await asyncio.to_thread(carry_out, change)
        except BillingError:
            await self._refresh()
            raise
        await self._after_line(done)

    async def _after_line(self, done: str) -> None:
        """Say what was done, with the bill's sum before and after, and offer the way back."""
        before, last = self.head.amount, self.steps[0].id if self.steps else ""
        self._opened, self.panel_problem, self.panel_theirs = None, "", []
        await self._refresh()
        sums = f" {before} → {self.head.amount}." if self.head.amount != before else ""
        self.done = f"{done}{sums}" if done else ""
        self.undo_id = self.steps[0].id if done and self.steps and self.steps[0].id != last else ""

    async def _check_unchanged(self, version: int) -> None:
        # Making an invoice takes many proformas at once and asks for no version, so the page looks itself.
        if (await read_together(read, self._id)).row.version != version:
            raise StaleVersionError("Somebody changed this since you opened it. No invoice was made; look again first.")

    async def _meet_conflict(self) -> None:
        """Keep the form as typed, show what is stored now, and let the next save go over it knowingly."""
        before = self._opened
        detail = await self._refresh()
        now = _find(detail, self._selected)
        if now is None or before is None:
            self.panel_problem = "The line is gone from this proforma. What you typed is still here to copy."
            return
        self.panel_theirs = _differences(before, now) or ["This line is unchanged; another one was changed."]
        self.panel_problem = (
            "Somebody changed this proforma while you were typing. Nothing was saved and what you typed is still here: "
            "save again to put what you changed over it, or take the stored values instead."
        )
        # Still measured against the line as it was opened: fields left alone keep what somebody else stored.
        self._opened_version = whole_number(self.head.version)

    async def _current(self) -> ProformaDetail | None:
        """Return the proforma as it is; it is read again only when something was done to it."""
        for known in self._known:
            if await read_together(read_pulse, self._id) == known.pulse:
                return known
        return await self._refresh()

    async def _refresh(self) -> ProformaDetail | None:
        if not self._id:
            return None
        try:
            detail, shown, lines = await read_together(_read, self._id, self._view(), self._shown)
        except BillingError as error:
            self._known = ()
            self.failure, self.is_loading = error.user_message, False
            if isinstance(error, NotFoundError):
                self.head, self.lines, self.verbs = HeadView(), [], []
            return None
        self._known = (detail,)
        assign(self, head=shown.head, verbs=shown.verbs, events=shown.events, steps=shown.steps)
        assign(self, may_edit=detail.may_edit, may_edit_codes=detail.may_edit_codes, may_allow=detail.may_allow)
        assign(self, bill_findings=shown.bill_findings)
        self._put_lines(lines)
        self._show_panel(detail)
        self.failure, self.is_loading = "", False
        return detail

    async def _show_lines(self, detail: ProformaDetail | None) -> None:
        if detail is not None:
            self._put_lines(await asyncio.to_thread(lines_shown, detail, self._view(), self._shown))

    def _view(self) -> str:
        return self.show if self._chose_view else ""

    def _put_lines(self, shown: LinesShown) -> None:
        self._chose_view = True
        # Hundreds of lines travel only when one differs; opening a line changes none.
        assign(self, show=shown.show, lines=shown.lines, more_lines=shown.more_lines)
        counts = {"all_count": shown.all_count, "flagged_count": shown.flagged_count}
        assign(self, **counts, changed_count=shown.changed_count)

    def _show_panel(self, detail: ProformaDetail | None) -> None:
        # A form in use is never redrawn by somebody else's change: the save finds out and says so.
        if detail is None or not self._selected or self._opened is not None:
            return
        if (line := _find(detail, self._selected)) is None:
            self._close_line()
            return
        self._opened, self._opened_version, self._forms = line, detail.row.version, self._forms + 1
        self.panel = line_panel(line, ids_of(detail), form_key=f"form-{line.id}-{self._forms}")

    def _close_line(self) -> None:
        self._selected, self._opened, self.panel = 0, None, LinePanel()
        self.panel_problem, self.panel_theirs = "", []


def _read(proforma_id: int, view: str, most: int) -> tuple[ProformaDetail, ProformaShown, LinesShown]:
    detail = read(proforma_id)
    return detail, proforma_shown(detail), lines_shown(detail, view, most)


def _find(detail: ProformaDetail | None, line_id: int) -> LineRow | None:
    return next((line for line in detail.lines if line.id == line_id), None) if detail else None


def _still_there(refused: BillingError) -> str:
    kept = "What you typed is still here."
    if isinstance(refused, StaleVersionError):
        return f"{refused.user_message} The page behind shows it; confirm again if it still holds. {kept}"
    return f"{refused.user_message} {kept}"


def _differences(before: LineRow, now: LineRow) -> list[str]:
    found = []
    if before.billed_narrative != now.billed_narrative:
        found.append(f"Narrative now: {now.billed_narrative}")
    if before.billed_units != now.billed_units:
        found.append(f"Units now: {units(now.billed_units)} (were {units(before.billed_units)})")
    found += [
        f"{name.replace('_', ' ').capitalize()} now: {getattr(now, name) or 'none'}"
        for name in ("task_code", "activity_code", "expense_code")
        if getattr(before, name) != getattr(now, name)
    ]
    if before.treatment != now.treatment or before.billed_amount != now.billed_amount:
        found.append(f"Amount now: {now.billed_amount} ({now.treatment.value.replace('_', ' ')})")
    return found
