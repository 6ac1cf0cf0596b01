"""A carrier's profile in the editor: a draft of its own, changed step by step, with the way back."""

import asyncio
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from core.errors import InvalidInputError
from models.enums import Role
from services.sites import profile_codes, profile_drafts, profile_forms, profile_mails, profile_traffic
from services.sites.profile_codes import CodeLists
from services.sites.profile_drafts import Document, Problem
from services.sites.profile_forms import Terms
from services.sites.profile_traffic import Traffic
from services.sites.profile_versions import ProfileVersion
from state.acting import ActingState
from state.addresses import number_before
from state.guard import guarded
from state.sites import profile_work
from state.sites.profile_rows import (
    DecisionRow,
    LayoutRow,
    ListTab,
    OutcomeRow,
    PageRow,
    Said,
    StepForm,
    StepItem,
    VersionItem,
    decision_rows,
    layout_rows,
    outcome_row,
    step_form,
    step_item,
    version_item,
)
from state.words import whole_number

_STEPS_BACK = 50
_NO_FORM = StepForm()


class ProfileEditor(ActingState, rx.State):
    """The profile of the carrier that the address names; what is changed stays here until it is saved or dropped."""

    carrier_name: str = ""
    site_line: str = ""
    permission: str = ""
    in_force: str = ""
    draft_of: str = ""
    is_changed: bool = False
    is_loading: bool = True
    can_undo: bool = False
    lists: list[ListTab] = []
    list_name: str = "login"
    steps: list[StepItem] = []
    form: StepForm = _NO_FORM
    form_round: int = 0
    verbs: list[list[str]] = [[verb, title] for verb, (title, _) in profile_drafts.VERBS.items()]
    problems: list[Said] = []
    versions: list[VersionItem] = []
    others: list[list[str]] = []
    parts: list[str] = list(profile_drafts.part_names())
    part_name: str = "pages"
    part_text: str = ""
    site_title: str = ""
    site_hosts: str = ""
    settle: str = ""
    page_rows: list[PageRow] = []
    outcome_rows: list[OutcomeRow] = []
    decisions: list[DecisionRow] = []
    terms: Terms = Terms()
    traffic: Traffic = Traffic()
    codes: CodeLists = CodeLists()
    people: str = ""
    people_count: int = 0
    mail_sender: str = ""
    mail_domain: str = ""
    mail_words: list[list[str]] = []
    layouts: list[LayoutRow] = []
    lane_is_asked: bool = False
    lane_consent: str = ""

    _roles = frozenset({Role.ADMIN})
    _carrier_id: int = 0
    _site_id: int = 0
    _document: Document = {}
    _saved: Document = {}
    _past: list[Document] = []
    _newest: int = 0
    _active: int | None = None
    _hits: dict[str, list[str]] = {}

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Open the carrier of the address; a draft of it that was begun before goes on."""
        found = number_before(self.router.url.path, "profile") or 0
        is_other = found != self._carrier_id
        opened = await self._try(lambda: profile_work.read_carrier(found))
        self.is_loading = False
        if opened is None:
            self.carrier_name = ""
            return
        self._carrier_id = found
        self._show_carrier(opened)
        if is_other:
            self.form, self._hits = _NO_FORM, {}
            await self._begin(opened.versions)
        self._show()

    @rx.event
    @guarded(Role.ADMIN)
    async def choose_list(self, name: str) -> None:
        """Show another step list."""
        if name in dict(profile_drafts.step_lists()):
            self.list_name, self.form = name, _NO_FORM
            self._show()

    @rx.event
    @guarded(Role.ADMIN)
    async def open_step(self, position: str) -> None:
        """Open the form of a step."""
        at = self._at(position)
        self.form, self.problem = step_form(at, self._steps()[at]), ""
        self.form_round += 1

    @rx.event
    @guarded(Role.ADMIN)
    async def close_step(self) -> None:
        """Close the form without a change."""
        self.form, self.problem = _NO_FORM, ""

    @rx.event
    @guarded(Role.ADMIN)
    async def keep_step(self, form: dict[str, str]) -> None:
        """Take over what was typed into the open form."""
        if not self.form.position:
            return
        at, steps = self._at(self.form.position), self._steps()
        changed = await self._try(lambda: profile_drafts.changed_step(steps[at], form))
        if changed is not None:
            self.form = _NO_FORM
            self._put([*steps[:at], changed, *steps[at + 1 :]])

    @rx.event
    @guarded(Role.ADMIN)
    async def add_step(self, form: dict[str, str]) -> None:
        """Add a step at the end and open it."""
        self._require_no_open_step()
        verb = form.get("verb", "")
        made = await self._try(lambda: profile_drafts.new_step(verb))
        if made is not None:
            self._put([*self._steps(), made])
            self.form = step_form(len(self._steps()) - 1, made)
            self.form_round += 1

    @rx.event
    @guarded(Role.ADMIN)
    async def move_step(self, position: str, is_up: bool) -> None:  # noqa: FBT001 -- what the button sends
        """Move a step one place."""
        self._require_no_open_step()
        at, steps = self._at(position), self._steps()
        to = at - 1 if is_up else at + 1
        if 0 <= to < len(steps):
            steps[at], steps[to] = steps[to], steps[at]
            self._put(steps)

    @rx.event
    @guarded(Role.ADMIN)
    async def duplicate_step(self, position: str) -> None:
        """Put a copy of a step right behind it."""
        self._require_no_open_step()
        at, steps = self._at(position), self._steps()
        self._put([*steps[: at + 1], dict(steps[at]), *steps[at + 1 :]])

    @rx.event
    @guarded(Role.ADMIN)
    async def remove_step(self, position: str) -> None:
        """Take a step out; undo brings it back."""
        self._require_no_open_step()
        at, steps = self._at(position), self._steps()
        self._put([*steps[:at], *steps[at + 1 :]])

    @rx.event
    @guarded(Role.ADMIN)
    async def undo(self) -> None:
        """Take the last change back."""
        if self._past:
            self._document, self.form = self._past.pop(), _NO_FORM
            self._show()

    @rx.event
    @guarded(Role.ADMIN)
    async def keep_site(self, form: dict[str, str]) -> None:
        """Take over the facts of the site."""
        typed = {"title": form.get("title", ""), "hosts": form.get("hosts", ""), "settle": form.get("settle", "")}
        changed = await self._try(lambda: profile_drafts.with_site_facts(self._document, **typed))
        if changed is not None:
            self._change(changed)

    @rx.event
    @guarded(Role.ADMIN)
    async def choose_part(self, name: str) -> None:
        """Show another part as text."""
        if name in profile_drafts.part_names():
            self.part_name = name
            self._show()

    @rx.event
    @guarded(Role.ADMIN)
    async def keep_part(self, form: dict[str, str]) -> None:
        """Take over a part that was edited as text."""
        name, text = self.part_name, form.get("text", "")
        changed = await self._try(lambda: profile_drafts.with_part(self._document, name, text))
        if changed is not None:
            self._change(changed)

    @rx.event
    @guarded(Role.ADMIN)
    async def open_version(self, number: str) -> None:
        """Edit another version; undo brings the draft back."""
        wanted, carrier_id = whole_number(number), self._carrier_id
        document = await self._try(lambda: profile_work.read_version(carrier_id, wanted))
        if document is not None:
            self._take(document, f"version {wanted}")

    @rx.event
    @guarded(Role.ADMIN)
    async def copy_from(self, form: dict[str, str]) -> EventSpec | None:
        """Copy the profile in force of another carrier as a new version, and open it."""
        source, carrier_id = whole_number(form.get("carrier", "")), self._carrier_id
        number = await self._try(lambda: profile_work.clone(source, carrier_id))
        if number is None:
            return None
        document = await asyncio.to_thread(profile_work.read_version, carrier_id, number)
        await self._refresh()
        self._take(document, f"version {number}")
        return rx.toast.success(f"Copied as version {number}. It is not in force yet.")

    async def _refresh(self) -> None:
        """Read again what stands beside the draft."""
        carrier_id = self._carrier_id
        opened = await asyncio.to_thread(profile_work.read_carrier, carrier_id)
        self._show_carrier(opened)
        self._show()

    async def _begin(self, versions: list[ProfileVersion]) -> None:
        """Start a draft from the version in force, else the newest one, else from nothing."""
        chosen = self._active or self._newest
        document = profile_forms.started()
        if versions:
            document = await asyncio.to_thread(profile_work.read_version, self._carrier_id, chosen)
        self._document, self._saved, self._past = document, document, []
        self.draft_of = f"version {chosen}" if versions else "a new profile"

    def _take(self, document: Document, name: str, *, is_saved: bool = True) -> None:
        self.form, self.draft_of = _NO_FORM, name
        self._change(document)
        if is_saved:
            self._saved = document
            self._show()

    def _show_carrier(self, opened: profile_work.Opened) -> None:
        head = opened.head
        self._site_id = head.site_id
        self.carrier_name, self.permission = head.name, head.permission
        self.lane_consent = head.form_lane_consent
        self.site_line = f"{head.site_name} · {head.origin} · account {head.account_label} · client {head.client_code}"
        self._newest = opened.versions[0].number if opened.versions else 0
        self._active = next((one.number for one in opened.versions if one.is_active), None)
        self.in_force = f"Version {self._active} is in force" if self._active else "No version is in force yet"
        self.versions = [version_item(version, self._active) for version in opened.versions]
        self.others = [[str(carrier_id), name] for carrier_id, name in opened.others]

    def _put(self, steps: list[dict[str, Any]]) -> None:
        try:
            self._change(profile_drafts.with_steps(self._document, self.list_name, steps))
        except InvalidInputError as refused:
            self.problem = refused.user_message

    def _change(self, document: Document) -> None:
        self._past = [*self._past, self._document][-_STEPS_BACK:]
        self._document, self.problem = document, ""
        self._show()

    def _show(self) -> None:
        lists = profile_drafts.step_lists()
        counts = {name: len(profile_drafts.steps_of(self._document, name)) for name, _ in lists}
        self.lists = [ListTab(name, title, str(counts[name])) for name, title in lists]
        self.steps = self._items()
        self.problems = [_said(one) for one in profile_drafts.problems_of(self._document)]
        self.is_changed, self.can_undo = self._document != self._saved, bool(self._past)
        self.part_text = profile_drafts.part_text(self._document, self.part_name)
        self.site_title, self.site_hosts, self.settle = profile_drafts.site_facts(self._document)
        self._show_parts()

    def _show_parts(self) -> None:
        pages = profile_forms.pages_of(self._document)
        self.page_rows = [PageRow(name, "\n".join(selectors)) for name, selectors in pages]
        self.outcome_rows = [outcome_row(at, one) for at, one in enumerate(profile_forms.outcomes_of(self._document))]
        self.decisions = decision_rows(profile_forms.decision_words(self._document))
        self.terms = profile_forms.terms_of(self._document)
        self.traffic = profile_traffic.traffic_of(self._document)
        self.lane_is_asked = profile_traffic.asks_for_forms(self._document)
        self.codes = profile_codes.code_lists(self._document)
        self.people = profile_codes.people_text(self._document)
        self.people_count = len(self.people.splitlines())
        head = profile_mails.mail_head(self._document)
        self.mail_sender, self.mail_domain = head.sender, head.dkim_domain
        self.mail_words = [list(words) for words in head.words]
        self.layouts = layout_rows(profile_mails.layouts_of(self._document))

    def _show_hits(self, hits: dict[str, list[str]]) -> None:
        """Show the counts of a dry run beside the steps; forms that are open are left alone."""
        self._hits = hits
        self.steps = self._items()

    def _require_no_open_step(self) -> None:
        # The form names its step by place: over another step it would write into that one.
        if self.form.position:
            raise InvalidInputError("Keep or cancel the open step first. Nothing was changed.")

    def _items(self) -> list[StepItem]:
        hits = self._hits.get(self.list_name, [])
        return [step_item(at, step, hits[at] if at < len(hits) else "") for at, step in enumerate(self._steps())]

    def _steps(self) -> list[dict[str, Any]]:
        return profile_drafts.steps_of(self._document, self.list_name)

    def _at(self, position: str) -> int:
        at = whole_number(position)
        if at >= len(self._steps()):
            raise InvalidInputError("There is no such step any more. Nothing was changed; reload the page.")
        return at


def _said(problem: Problem) -> Said:
    return Said(problem.where, problem.what)
