"""Plays the step lists of a profile on a page. It waits, looks and touches; it never guesses."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import assert_never

from carriers.errors import BrowserLostError, PageChangedError, SiteError
from carriers.evidence import Recorder
from carriers.hosts import NEUTRAL, AllowedHosts
from carriers.lookout import Lookout, filled
from carriers.page import Match, NotClickedError, Page, Target, ViewLostError
from carriers.placeholders import fill_in, fill_in_path
from carriers.plays import Patience, Play, Watcher
from carriers.profile import SiteRules, StepListName
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
    UploadStep,
    WaitForStep,
    selectors_of,
)
from core.errors import UnavailableError


class Player:
    """Plays steps on one page of one site; a list stops at the first outcome that the profile declares."""

    def __init__(
        self, page: Page, site: SiteRules, base_url: str, recorder: Recorder, one_time_code: Callable[[], str]
    ) -> None:
        self._page = page
        self._site = site
        self._base_url = base_url.rstrip("/")
        self._hosts = AllowedHosts(site.title, site.allowed_hosts, base_url)
        self._recorder = recorder
        self._one_time_code = one_time_code
        self._lookout = Lookout(page, site, self._hosts, recorder)
        self._is_fresh = False

    @property
    def watcher(self) -> Watcher | None:
        """Who hears of every look and every table."""
        return self._lookout.watcher

    @watcher.setter
    def watcher(self, watcher: Watcher | None) -> None:
        self._lookout.watcher = watcher

    def play(self, name: StepListName, play: Play) -> None:
        """Play one list to its end. After a list that failed, the next starts from a blank page, without old messages.

        Raises:
            SiteError: what the site said instead, after its page was captured.
        """
        self._recorder.about(play.values.get("invoice_number", ""))
        label: str = name
        self._begin(name)
        steps = self._site.steps.named(name)
        try:
            for place, step in enumerate(steps):
                label = step.label
                self._lookout.begin_step(steps, place, play)
                self._watched(step, play)
                self._lookout.end_step(step)
            self._lookout.end(label, play)
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
        sought = filled(selectors, play)
        if patiently and sought:
            self._lookout.wait(Target(sought, hidden_too=True), step, play)
        seen = self._page.look([Target((selector,), hidden_too=True) for selector in sought])
        return tuple(match.count if match else 0 for match in seen.matches)

    def _watched(self, step: Step, play: Play) -> None:
        if play.watch is None:
            self._do(step, play)
            return
        play.watch.before(step)
        self._do(step, play)
        play.watch.after(step)

    def _begin(self, name: StepListName) -> None:
        """Start in the main window alone; `submit` goes on wherever the list before it ended well."""
        self._lookout.begin(name)
        if not self._is_fresh or name != "submit":
            self._page.close_other_windows()
            self._lookout.strayed = False
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
                self._lookout.find(step, self._site.pages[step.page].is_here, play)
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
        self._lookout.strayed = False
        try:
            self._page.open(url)
        except ViewLostError:  # a window that closed itself: the page is in its main window now
            self._page.open(url)

    def _touch(self, step: StepBase, play: Play, act: Callable[[Match], None]) -> None:
        """Act on an element; one that was drawn anew or covered in between is looked for again."""
        patience = Patience(step)
        while True:
            found = self._lookout.find(step, selectors_of(step), play)
            try:
                act(found)
            except NotClickedError as untouched:
                if not patience.waits():
                    raise self._lookout.changed(step, found.selector) from untouched
            except ViewLostError:
                self._lookout.strayed = True
                return
            else:
                return

    def _choose(self, step: ChooseStep, play: Play) -> None:
        found = self._lookout.find(step, step.selectors, play)
        value = fill_in(step.value, play.values)
        if not self._page.choose(found.element, value):
            raise self._lookout.changed(step, f"{found.selector} option {value}")

    def _attach(self, step: UploadStep, play: Play) -> None:
        name = fill_in(step.value, play.values)
        found = self._lookout.find(step, step.selectors, play, hidden_too=True)
        try:
            self._page.attach(found.element, name, play.files[step.value])
        except NotClickedError as untouched:
            raise self._lookout.changed(step, found.selector) from untouched

    def _commit(self, step: ClickStep, play: Play) -> None:
        """Click what cannot be taken back: one element, captured, permitted by the caller, and clicked at once.

        Where the page was drawn anew at that very moment surely nothing was clicked, and all of it is done again.
        """
        for is_last in (False, False, True):
            found = self._lookout.find(step, step.selectors, play)
            if found.count != 1:
                raise self._lookout.changed(step, f"{found.selector} ({found.count} matches)")
            self._recorder.capture("before", step.label)
            self._page.forbid_resend()
            if play.before_commit is not None:
                play.before_commit(step.label)
            try:
                self._click_once(found, play)
                break
            except NotClickedError as untouched:
                if is_last:
                    raise self._lookout.changed(step, found.selector) from untouched
        play.unseen_commit = step.label

    def _click_once(self, found: Match, play: Play) -> None:
        play.commits += 1
        try:
            self._page.click(found.element)
        except NotClickedError:
            play.commits -= 1
            raise
        except ViewLostError:
            self._lookout.strayed = True

    def _wait_for(self, step: WaitForStep, play: Play) -> None:
        if not step.gone:
            self._lookout.find(step, step.selectors, play)
            return
        target = Target(filled(step.selectors, play))
        patience = Patience(step)
        while self._lookout.look_for(target, play) is not None:
            if not patience.waits():
                raise self._lookout.changed(step, f"{' | '.join(step.selectors)} (still there)")

    def _read(self, step: ReadStep, play: Play) -> None:
        target = Target(filled(step.selectors, play))
        found = (
            self._lookout.look_for(target, play) if step.optional else self._lookout.find(step, step.selectors, play)
        )
        if found is None:
            return
        kept = re.search(step.pattern, found.text) if step.pattern else None
        text = kept[1] if kept else "" if step.pattern else found.text
        if not text and not step.optional:
            raise self._lookout.changed(step, f"{found.selector} (empty or not as expected)")
        play.read[step.into] = text

    def _read_table(self, step: ReadTableStep, play: Play) -> None:
        rows = filled(step.table.selectors, play)
        if step.empty is not None:
            self._lookout.find(step, (*step.table.selectors, *step.empty), play)
        play.tables[step.into] = self._page.rows(rows, step.table.columns)
        if self.watcher is not None:
            asked = step.table.model_copy(update={"selectors": rows})
            self.watcher.read(asked, play.tables[step.into])

    def _enter_frame(self, step: FrameStep, play: Play) -> None:
        if step.selectors:
            self._touch(step, play, lambda found: self._page.enter_frame(found.element))
        else:
            self._page.enter_frame(None)
            self._lookout.strayed = False

    def _switch_window(self, step: SwitchWindowStep) -> None:
        patience = Patience(step)
        while not self._page.switch_window(step.value):
            if not patience.waits():
                raise self._lookout.changed(step, "a new window")
        self._lookout.strayed = False

    def _dismiss(self, step: DismissStep, play: Play) -> None:
        if step.selectors is None:
            self._page.answer_dialog(accept=step.accept)
        elif found := self._lookout.look_for(Target(filled(step.selectors, play)), play):
            self._page.click(found.element)

    def _capture_failure(self, label: str) -> None:
        with suppress(BrowserLostError, ViewLostError, UnavailableError):  # the first failure is the one to tell
            self._recorder.capture("failure", label)
