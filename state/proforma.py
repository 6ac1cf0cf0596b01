"""One proforma under review: its lines, the line opened beside them, the verbs, and what happened so far."""

import asyncio
from functools import partial

import reflex as rx

from core.errors import BillingError, InvalidInputError, NotFoundError, StaleVersionError
from models.enums import ProformaStatus, Role
from services.billing import proforma_edits
from services.billing.proforma_fixes import apply_fix
from services.billing.proforma_lines import LineRow
from services.billing.proformas import ProformaDetail
from state.addresses import number_in
from state.guard import guarded
from state.history import EventView, event_view
from state.line_rows import (
    FindingView,
    LinePanel,
    LineView,
    finding_view,
    is_changed,
    is_flagged,
    line_panel,
    line_view,
)
from state.live import changes
from state.proforma_dialogs import QUESTIONS, DialogView, question_of
from state.proforma_head import HeadView, VerbView, head_view, verb_views
from state.proforma_work import Change, carry_out, edit_change, line_change, read, verb_change
from state.words import counted, units, whole_number

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

    @rx.event
    @guarded(*_STAFF)
    async def load(self) -> None:
        """Read the proforma that the address names; runs when the page opens."""
        self._id, self._shown, self._chose_view, self.done = 0, _LINES, False, ""
        self._close_line()
        self.dialog = DialogView()
        self._id = number_in(self.router.url.path) or 0
        if not self._id:
            self.failure, self.is_loading = "There is no such proforma. Go back to the list and open one.", False
            return
        await self._refresh()

    @rx.event(background=True)
    @guarded(*_STAFF)
    async def watch(self) -> None:
        """Keep the page up to date while the tab shows it; an open form is left alone."""
        async for _ in changes(self, "proforma"):
            async with self:
                await self._refresh()

    @rx.event
    @guarded(*_STAFF)
    async def choose(self, show: str) -> None:
        """Show all lines, the flagged or the changed ones."""
        self.show = show if show in {"all", "flagged", "changed"} else "all"
        self._chose_view, self._shown = True, _LINES
        await self._refresh()

    @rx.event
    @guarded(*_STAFF)
    async def show_more(self) -> None:
        """Show the next lines too."""
        self._shown = min(self._shown + 2 * _LINES, _MOST_LINES)
        await self._refresh()

    @rx.event
    @guarded(*_STAFF)
    async def open_line(self, line_id: str) -> None:
        """Open a line beside the list."""
        self._selected = whole_number(line_id)
        self._opened = None
        self.panel_problem, self.panel_theirs = "", []
        await self._refresh()

    @rx.event
    @guarded(*_STAFF)
    async def close_line(self) -> None:
        """Close the line; what was typed and not saved is gone."""
        self._close_line()
        await self._refresh()

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
        await self._after_line(f"Line {self.panel.number} saved. What was worked and entered is kept beside it.")

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
    @guarded(*_EDITORS)
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
    @guarded(Role.ATTORNEY)
    async def ask_line(self, verb: str, version: str) -> None:
        """Ask for the reason of a line's verb; the line is the one opened."""
        if verb in QUESTIONS:
            self.dialog, self.dialog_problem, self._asked_version = QUESTIONS[verb], "", whole_number(version)

    @rx.event
    @guarded(*_STAFF)
    async def close_dialog(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the question; nothing is done."""
        if not is_open:
            self.dialog = DialogView()

    @rx.event
    @guarded(*_EDITORS)
    async def answer(self, form: dict[str, str]) -> None:
        """Do what the open question asked about; what is refused is said in the dialog, which keeps the text."""
        verb, version = self.dialog.verb, self._asked_version
        try:
            change = line_change(verb, line_id=self._selected, version=version, form=form) or verb_change(
                verb, proforma_id=self._id, version=version, note=form.get("note", "")
            )
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
        self.done = ""

    async def _do(self, change: Change, done: str) -> None:
        try:
            await asyncio.to_thread(carry_out, change)
        except BillingError:
            await self._refresh()
            raise
        await self._after_line(done)

    async def _after_line(self, done: str) -> None:
        self.done, self._opened, self.panel_problem, self.panel_theirs = done, None, "", []
        await self._refresh()

    async def _check_unchanged(self, version: int) -> None:
        # Making an invoice takes many proformas at once and asks for no version, so the page looks itself.
        if (await asyncio.to_thread(read, self._id)).row.version != version:
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

    async def _refresh(self) -> ProformaDetail | None:
        if not self._id:
            return None
        try:
            detail = await asyncio.to_thread(read, self._id)
        except BillingError as error:
            self.failure, self.is_loading = error.user_message, False
            if isinstance(error, NotFoundError):
                self.head, self.lines, self.verbs = HeadView(), [], []
            return None
        self.head, self.verbs = head_view(detail), verb_views(detail)
        self.events = [event_view(event) for event in detail.history]
        self.may_edit, self.may_edit_codes = detail.may_edit, detail.may_edit_codes
        self.may_allow = detail.may_allow
        self.bill_findings = [finding_view(found, None, {}) for found in detail.findings]
        self._show_lines(detail)
        self._show_panel(detail)
        self.failure, self.is_loading = "", False
        return detail

    def _show_lines(self, detail: ProformaDetail) -> None:
        flagged = [line for line in detail.lines if is_flagged(line)]
        changed = [line for line in detail.lines if is_changed(line)]
        self.all_count, self.flagged_count = str(len(detail.lines)), str(len(flagged))
        self.changed_count = str(len(changed))
        if not self._chose_view:
            is_review = detail.row.status is ProformaStatus.IN_REVIEW
            self.show = "flagged" if flagged and is_review else "all"
            self._chose_view = True
        wanted = {"flagged": flagged, "changed": changed}.get(self.show, list(detail.lines))
        hidden = len(wanted) - self._shown
        ids = _ids(detail)
        shown = [line_view(line, ids) for line in wanted[: self._shown]]
        if shown != list(self.lines):
            # Hundreds of lines travel only when one differs; opening a line changes none.
            self.lines = shown
        self.more_lines = f"Show {counted(hidden, 'more line')}" if hidden > 0 else ""

    def _show_panel(self, detail: ProformaDetail) -> None:
        # A form in use is never redrawn by somebody else's change: the save finds out and says so.
        if not self._selected or self._opened is not None:
            return
        if (line := _find(detail, self._selected)) is None:
            self._close_line()
            return
        self._opened, self._opened_version, self._forms = line, detail.row.version, self._forms + 1
        self.panel = line_panel(line, _ids(detail), form_key=f"form-{line.id}-{self._forms}")

    def _close_line(self) -> None:
        self._selected, self._opened, self.panel = 0, None, LinePanel()
        self.panel_problem, self.panel_theirs = "", []


def _ids(detail: ProformaDetail) -> dict[int, int]:
    return {line.line_number: line.id for line in detail.lines}


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
