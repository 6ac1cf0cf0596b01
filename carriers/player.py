"""Plays the step lists of a profile on a page. It waits, looks and touches; it never guesses."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol, assert_never

from carriers.errors import BrowserLostError, PageChangedError, SiteError, SiteUnavailableError
from carriers.evidence import Recorder
from carriers.foresight import Foresight, observes
from carriers.hosts import NEUTRAL, AllowedHosts
from carriers.outcomes import error_of, outcomes_for, target_of
from carriers.page import Look, Match, NotClickedError, Page, Target, ViewLostError
from carriers.placeholders import fill_in, fill_in_path, fill_in_selector
from carriers.profile import Outcome, SiteRules, StepListName
from carriers.steps import (
    CheckStep,
    ChooseStep,
    ClickStep,
    DismissStep,
    ExpectStep,
    FillStep,
    FrameStep,
    GotoStep,
    OtpStep,
    ReadStep,
    ReadTableStep,
    Step,
    StepBase,
    SwitchWindowStep,
    Table,
    UploadStep,
    WaitForStep,
    selectors_of,
)
from core.errors import UnavailableError

_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.12
_SERVER_ERROR = 500


class Watch(Protocol):
    """Somebody who looks on while a list is played."""

    def before(self, step: Step) -> None:
        """Called before a step; what it raises ends the list, and nothing of the step is done."""

    def after(self, step: Step) -> None:
        """Called when a step is done."""


@dataclass
class Play:
    """What one attempt knows and has done: values for placeholders, what was read, how many commit clicks were made.

    `files` are the bytes that an upload step may give, by placeholder.
    """

    values: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)
    before_commit: Callable[[str], None] | None = None
    watch: Watch | None = None
    read: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    commits: int = 0
    unseen_commit: str = ""

    @property
    def committed(self) -> bool:
        """Whether a click was made that cannot be taken back."""
        return self.commits > 0


class Watcher(Protocol):
    """Whoever wants to know what a player saw."""

    def looked(self, targets: Sequence[Target], seen: Look) -> None:
        """Hear of one look."""

    def read(self, table: Table, rows: list[dict[str, str]]) -> None:
        """Hear of one table."""


class _Patience:
    """Waits for a step, a little longer each time, until its time is up."""

    def __init__(self, step: StepBase) -> None:
        self._until = time.monotonic() + step.timeout_seconds
        self._pause = _FIRST_PAUSE

    def waits(self) -> bool:
        """Wait once; False, at once, when the time is up."""
        if time.monotonic() > self._until:
            return False
        time.sleep(self._pause)
        self._pause = min(1.5 * self._pause, _LONGEST_PAUSE)
        return True


class Player:
    """Plays steps on one page of one site; a list stops at the first outcome that the profile declares.

    Attributes:
        watcher: who hears of every look and every table.
    """

    watcher: Watcher | None = None

    def __init__(
        self, page: Page, site: SiteRules, base_url: str, recorder: Recorder, one_time_code: Callable[[], str]
    ) -> None:
        self._page = page
        self._site = site
        self._base_url = base_url.rstrip("/")
        self._hosts = AllowedHosts(site.title, site.allowed_hosts, base_url)
        self._recorder = recorder
        self._one_time_code = one_time_code
        self._outcomes: list[Outcome] = []
        self._foresight = Foresight()
        self._is_fresh = False
        self._strayed = False
        """The frame or window that the steps worked in has gone: outcomes are looked for, nothing is touched."""

    def play(self, name: StepListName, play: Play) -> None:
        """Play one list to its end. After a list that failed, the next starts from a blank page, without old messages.

        Raises:
            SiteError: what the site said instead, after its page was captured.
        """
        self._recorder.about(play.values.get("invoice_number", ""))
        self._outcomes = outcomes_for(self._site, name)
        label: str = name
        self._begin(name)
        steps = self._site.steps.named(name)
        try:
            for place, step in enumerate(steps):
                label = step.label
                self._foresee(steps, place, play)
                self._watched(step, play)
                if not observes(step):
                    self._foresight.forget()
            self._strayed = False
            if not self._foresight.is_fresh:
                self._wait(Target(("html",)), StepBase(label=label), play)
            self._is_fresh = True
        except SiteError:
            self._capture_failure(label)
            raise
        except ViewLostError as lost:
            self._capture_failure(label)
            raise PageChangedError(self._site.title, "the frame or window", evidence=label) from lost

    def meet(
        self, step: StepBase, selectors: tuple[str, ...], play: Play, *, patiently: bool = True
    ) -> tuple[int, ...]:
        """Return how many elements each selector meets, seen or not, once one of them is there; nothing is touched."""
        filled = self._selectors(selectors, play)
        if patiently and filled:
            self._wait(Target(filled, hidden_too=True), step, play)
        seen = self._page.look([Target((selector,), hidden_too=True) for selector in filled])
        return tuple(match.count if match else 0 for match in seen.matches)

    def _foresee(self, steps: Sequence[Step], place: int, play: Play) -> None:
        """Plan what the looks of a step ask along; whoever watches wants every step's own look."""
        if self.watcher is None and play.watch is None:
            self._foresight.plan(steps, place, lambda step: self._target(step, play))

    def _target(self, step: Step, play: Play) -> Target:
        """Return what a step looks for before it does anything."""
        selectors = self._site.pages[step.page].is_here if isinstance(step, ExpectStep) else selectors_of(step)
        return Target(self._selectors(selectors, play), hidden_too=isinstance(step, UploadStep))

    def _watched(self, step: Step, play: Play) -> None:
        if play.watch is None:
            self._do(step, play)
            return
        play.watch.before(step)
        self._do(step, play)
        play.watch.after(step)

    def _begin(self, name: StepListName) -> None:
        """Start in the main window alone; `submit` goes on wherever the list before it ended well."""
        self._foresight.forget()
        if not self._is_fresh or name != "submit":
            self._page.close_other_windows()
            self._strayed = False
        if not self._is_fresh:
            self._page.open(NEUTRAL)
        self._is_fresh = False

    def _do(self, step: Step, play: Play) -> None:
        match step:
            case GotoStep():
                self._goto(step, play)
            case FillStep():
                self._touch(step, play, lambda found: self._page.fill(found.element, fill_in(step.value, play.values)))
            case ChooseStep():
                self._choose(step, play)
            case CheckStep():
                self._touch(step, play, lambda found: self._page.check(found.element, on=step.on))
            case ClickStep(commit=True):
                self._commit(step, play)
            case ClickStep():
                self._touch(step, play, lambda found: self._page.click(found.element))
            case UploadStep():
                self._attach(step, play)
            case OtpStep():
                self._touch(step, play, lambda found: self._page.fill(found.element, self._one_time_code()))
            case _:
                self._observe(step, play)

    def _observe(
        self,
        step: ExpectStep | WaitForStep | ReadStep | ReadTableStep | FrameStep | SwitchWindowStep | DismissStep,
        play: Play,
    ) -> None:
        match step:
            case ExpectStep():
                self._find(step, self._site.pages[step.page].is_here, play)
            case WaitForStep():
                self._wait_for(step, play)
            case ReadStep():
                self._read(step, play)
            case ReadTableStep():
                self._read_table(step, play)
            case FrameStep():
                self._enter_frame(step, play)
            case SwitchWindowStep():
                self._switch_window(step)
            case DismissStep():
                self._dismiss(step, play)
            case _:
                assert_never(step)

    def _goto(self, step: GotoStep, play: Play) -> None:
        url = self._base_url + fill_in_path(step.value, play.values)
        self._hosts.check(url)
        self._strayed = False
        try:
            self._page.open(url)
        except ViewLostError:  # a window that closed itself: the page is in its main window now
            self._page.open(url)

    def _touch(self, step: StepBase, play: Play, act: Callable[[Match], None]) -> None:
        """Act on an element; one that was drawn anew or covered in between is looked for again."""
        patience = _Patience(step)
        while True:
            found = self._find(step, selectors_of(step), play)
            try:
                act(found)
            except NotClickedError as untouched:
                if not patience.waits():
                    raise self._changed(step, found.selector) from untouched
            except ViewLostError:
                self._strayed = True
                return
            else:
                return

    def _choose(self, step: ChooseStep, play: Play) -> None:
        found = self._find(step, step.selectors, play)
        value = fill_in(step.value, play.values)
        if not self._page.choose(found.element, value):
            raise self._changed(step, f"{found.selector} option {value}")

    def _attach(self, step: UploadStep, play: Play) -> None:
        name = fill_in(step.value, play.values)
        found = self._find(step, step.selectors, play, hidden_too=True)
        try:
            self._page.attach(found.element, name, play.files[step.value])
        except NotClickedError as untouched:
            raise self._changed(step, found.selector) from untouched

    def _commit(self, step: ClickStep, play: Play) -> None:
        """Click what cannot be taken back: one element, captured, permitted by the caller, and clicked at once."""
        found = self._find(step, step.selectors, play)
        if found.count != 1:
            raise self._changed(step, f"{found.selector} ({found.count} matches)")
        self._recorder.capture("before", step.label)
        self._page.forbid_resend()
        if play.before_commit is not None:
            play.before_commit(step.label)
        play.commits += 1
        try:
            self._page.click(found.element)
        except NotClickedError as untouched:
            play.commits -= 1
            raise self._changed(step, found.selector) from untouched
        except ViewLostError:
            self._strayed = True
        play.unseen_commit = step.label

    def _wait_for(self, step: WaitForStep, play: Play) -> None:
        if not step.gone:
            self._find(step, step.selectors, play)
            return
        target = Target(self._selectors(step.selectors, play))
        patience = _Patience(step)
        while self._look_for(target, play) is not None:
            if not patience.waits():
                raise self._changed(step, f"{' | '.join(step.selectors)} (still there)")

    def _read(self, step: ReadStep, play: Play) -> None:
        target = Target(self._selectors(step.selectors, play))
        found = self._look_for(target, play) if step.optional else self._find(step, step.selectors, play)
        if found is None:
            return
        kept = re.search(step.pattern, found.text) if step.pattern else None
        text = kept[1] if kept else "" if step.pattern else found.text
        if not text and not step.optional:
            raise self._changed(step, f"{found.selector} (empty or not as expected)")
        play.read[step.into] = text

    def _read_table(self, step: ReadTableStep, play: Play) -> None:
        rows = self._selectors(step.table.selectors, play)
        if step.empty is not None:
            self._find(step, (*step.table.selectors, *step.empty), play)
        play.tables[step.into] = self._page.rows(rows, step.table.columns)
        if self.watcher is not None:
            filled = step.table.model_copy(update={"selectors": rows})
            self.watcher.read(filled, play.tables[step.into])

    def _enter_frame(self, step: FrameStep, play: Play) -> None:
        if step.selectors:
            self._touch(step, play, lambda found: self._page.enter_frame(found.element))
        else:
            self._page.enter_frame(None)
            self._strayed = False

    def _switch_window(self, step: SwitchWindowStep) -> None:
        patience = _Patience(step)
        while not self._page.switch_window(step.value):
            if not patience.waits():
                raise self._changed(step, "a new window")
        self._strayed = False

    def _dismiss(self, step: DismissStep, play: Play) -> None:
        if step.selectors is None:
            self._page.answer_dialog(accept=step.accept)
        elif found := self._look_for(Target(self._selectors(step.selectors, play)), play):
            self._page.click(found.element)

    def _find(self, step: StepBase, selectors: tuple[str, ...], play: Play, *, hidden_too: bool = False) -> Match:
        target = Target(self._selectors(selectors, play), hidden_too=hidden_too)
        found = self._foresight.take(target) or self._wait(target, step, play)
        if found is None:
            raise self._changed(step, " | ".join(selectors))
        return found

    def _wait(self, target: Target, step: StepBase, play: Play) -> Match | None:
        patience = _Patience(step)
        while (found := self._look_for(target, play)) is None and patience.waits():
            pass
        return found

    def _look_for(self, target: Target, play: Play) -> Match | None:
        """Look once; a declared outcome, a foreign host or a dead page is raised, whatever was looked for."""
        targets = [target, *map(target_of, self._outcomes), *self._foresight.asked]
        try:
            seen = self._page.look(targets)
        except ViewLostError:
            self._strayed = True
            return None
        if self.watcher is not None:
            self.watcher.looked(targets, seen)
        if seen.failed_to_load:
            raise SiteUnavailableError(self._site.title)
        if seen.url == NEUTRAL:
            return None
        self._hosts.check(seen.url)
        found, *others = seen.matches
        answers, ahead = others[: len(self._outcomes)], others[len(self._outcomes) :]
        for outcome, answer in zip(self._outcomes, answers, strict=True):
            if answer is not None:
                raise error_of(outcome, self._site.title, answer.text, self._finding_rows(outcome))
        if seen.status >= _SERVER_ERROR:
            raise SiteUnavailableError(self._site.title, http_status=seen.status)
        if self._strayed:
            return None
        self._foresight.keep(ahead)
        if play.unseen_commit and found is not None:
            self._recorder.capture("after", play.unseen_commit)
            play.unseen_commit = ""
        return found

    def _finding_rows(self, outcome: Outcome) -> list[dict[str, str]]:
        if outcome.findings is None:
            return []
        return self._page.rows(outcome.findings.selectors, outcome.findings.columns)

    def _selectors(self, selectors: tuple[str, ...], play: Play) -> tuple[str, ...]:
        return tuple(fill_in_selector(selector, play.values) for selector in selectors)

    def _changed(self, step: StepBase, selector: str) -> PageChangedError:
        return PageChangedError(self._site.title, selector, evidence=step.label)

    def _capture_failure(self, label: str) -> None:
        with suppress(BrowserLostError, ViewLostError, UnavailableError):  # the first failure is the one to tell
            self._recorder.capture("failure", label)
