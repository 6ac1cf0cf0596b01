"""A health walk: sign in behind the wall, look at every page that uploads and results need, and sign out.

It gives no file and clicks nothing final. What the pages would send by themselves is stopped in the browser.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from carriers.errors import PageChangedError, SiteError, SiteUnavailableError
from carriers.evidence import Recorder
from carriers.exchange import Credentials, LoginJournal
from carriers.hosts import NEUTRAL
from carriers.login import StoredLogin, written_down
from carriers.page import ViewLostError
from carriers.page_sheet import PageSheet, RawSurvey, reliance, sheet_parts
from carriers.placeholders import FILE_PLACEHOLDERS, fill_in_selector
from carriers.player import Player
from carriers.plays import Play
from carriers.profile import CarrierProfile, StepListName
from carriers.profile_checks import EVERY_LIST
from carriers.rehearsal import is_final, may_be_absent
from carriers.steps import (
    ClickStep,
    ExpectStep,
    FrameStep,
    GotoStep,
    ReadTableStep,
    Step,
    SwitchWindowStep,
    UploadStep,
    selectors_of,
)
from carriers.wall import StoppedRequest, WalledPage

ListEnd = Literal["walked", "changed", "would_send", "not_asked"]
_STAND_IN = "HEALTH-WALK"
_WALKED: tuple[StepListName, ...] = ("upload", "find_invoice", "read_result")
_LEAVING = (GotoStep, ClickStep, FrameStep, SwitchWindowStep)
_SETTLES, _SETTLE_SECONDS = 12, 0.15


@dataclass(frozen=True)
class PageLook:
    """One page as the walk saw it.

    `page` is its name in the profile, numbered where a list comes there again; '' where no step expects one.
    """

    list_name: StepListName
    page: str
    sheet: PageSheet
    png: bytes


class WalkAudience(Protocol):
    """Who is told of each page, and may end the walk between two lists."""

    def tell(self, look: PageLook) -> None:
        """Take in one page."""

    def check(self) -> None:
        """Raise what ends the walk, as when files of the account are ready."""


class _StopError(Exception):
    """The walk has come as far as it may."""


class HealthWalk:
    """One walk on one walled page."""

    def __init__(
        self,
        page: WalledPage,
        profile: CarrierProfile,
        base_url: str,
        credentials: Credentials,
        one_time_code: Callable[[], str],
        audience: WalkAudience,
        journal: LoginJournal | None = None,
    ) -> None:
        self._page = page
        self._site = profile.site
        self._audience = audience
        self._journal = journal
        self._login = StoredLogin.of(profile.site, credentials)
        self._recorder = Recorder(page, self, profile.site, self._login.hidden)
        self._player = Player(page, profile.site, base_url, self._recorder, one_time_code)
        self._data_rows = tuple(_data_rows(profile))
        self._name: StepListName = "login"
        self._at = 0
        self._section: int | None = None
        self._last: PageLook | None = None
        self._values: Mapping[str, str] = {}
        self._png = b""
        self._seen: Counter[str] = Counter()

    def walk(self, known: Mapping[str, str]) -> dict[StepListName, ListEnd]:
        """Sign in, look at the pages and sign out; return how far each list came.

        `known` are values of placeholders that the site may look up; with an invoice number of an invoice that is
        there, its result is walked to as well.

        Raises:
            SiteError: what the site said instead of letting us in, or of going on.
            WallError: the browser could not be kept from sending.
        """
        self._log_in()
        self._values = {**dict.fromkeys(FILE_PLACEHOLDERS, _STAND_IN), **self._login.plain, **known}
        try:
            return {name: self._walk_list(name, known) for name in _WALKED}
        finally:
            with suppress(SiteError):
                self._log_out()

    def before(self, step: Step) -> None:
        """Look at the page before a step leaves it; stop before the file and before anything final."""
        is_stop = self._name != "login" and (isinstance(step, UploadStep) or is_final(step))
        if self._section is not None and (is_stop or isinstance(step, _LEAVING)):
            self._last = self._look(self._section)
        if is_stop:
            self._tell_last()
            raise _StopError

    def after(self, step: Step) -> None:
        """Tell of the page that the step left; note where a page begins that has a name."""
        self._tell_last()
        if isinstance(step, ExpectStep):
            self._section = self._at
        self._at += 1

    def capture(self, kind: str, label: str, png: bytes, html: str) -> None:  # noqa: ARG002 -- as every sink
        """Take a picture in; the page's HTML is not kept."""
        self._png = png

    def _log_in(self) -> None:
        with written_down(self._journal) as begin:
            play = Play(self._login.typing(begin), watch=self)
            self._values = self._login.plain
            self._page.lower_wall()
            try:
                self._play("login", play)
            except PageChangedError as changed:
                self._tell_changed(changed)
                raise
            finally:
                self._page.raise_wall()

    def _log_out(self) -> None:
        """Sign out; forms are let through only where the log-out opens its own page, so that none but it sends one."""
        opens_its_page = isinstance(self._site.steps.logout[0], GotoStep)
        if opens_its_page:
            self._page.close_other_windows()
            self._page.open(NEUTRAL)
            self._page.lower_wall()
        try:
            self._player.play("logout", Play(self._login.plain))
        finally:
            self._page.raise_wall()

    def _walk_list(self, name: StepListName, known: Mapping[str, str]) -> ListEnd:
        if name == "read_result" and "invoice_number" not in known:
            return "not_asked"
        self._audience.check()
        ran_before = len(self._page.stopped())
        try:
            with suppress(_StopError):
                self._play(name, Play(self._values, watch=self))
        except (PageChangedError, SiteUnavailableError) as said:
            if self._led_over_a_form(self._page.stopped()[ran_before:]):
                return "would_send"
            if not isinstance(said, PageChangedError):
                raise
            self._tell_changed(said)
            return "changed"
        return "walked"

    def _play(self, name: StepListName, play: Play) -> None:
        """Play a list; its last page is looked at too."""
        self._name, self._at, self._section, self._last = name, 0, None, None
        self._seen.clear()
        self._player.play(name, play)
        if name != "login" or self._section is not None:
            self._last = self._look(self._section)
            self._tell_last()

    def _look(self, begin: int | None) -> PageLook:
        """Look at the page that is open, and that a step at `begin` names; None where it has no name."""
        steps = self._site.steps.named(self._name)
        named = steps[begin] if begin is not None else None
        page = named.page if isinstance(named, ExpectStep) else ""
        relied = list(self._relied(begin if begin is not None else self._at))
        filled = [tuple(fill_in_selector(one, self._values) for one in self._selectors(step)) for step in relied]
        raw = self._settled([selector for group in filled for selector in group])
        met = iter(raw.met)
        reliances = tuple(
            reliance(self._name, step, self._selectors(step), [next(met) for _ in group], is_final=is_final(step))
            for step, group in zip(relied, filled, strict=True)
        )
        self._png = b""
        with suppress(ViewLostError):  # a window that closes itself leaves no picture
            self._recorder.capture("page", page)
        self._section = None
        self._seen[page] += 1
        again = f" {self._seen[page]}" if self._seen[page] > 1 else ""
        return PageLook(
            self._name, f"{page}{again}", PageSheet(parts=sheet_parts(raw.parts), reliances=reliances), self._png
        )

    def _tell_last(self) -> None:
        if self._last is not None:
            self._audience.tell(self._last)
        self._last = None

    def _tell_changed(self, changed: PageChangedError) -> None:
        """Tell of the page where a step found nothing: the one that it expected, or the one that it works on."""
        steps = self._site.steps.named(self._name)
        failed = steps[self._at] if self._at < len(steps) else None
        begin = self._at if isinstance(failed, ExpectStep) else self._section
        look = self._last or self._look(begin)
        label = failed.label if failed else changed.evidence
        missing = {"missing_step": label, "missing": changed.selector}
        self._last = replace(look, sheet=look.sheet.model_copy(update=missing))
        self._tell_last()

    def _relied(self, begin: int) -> "list[Step]":
        """Return the steps that work on one page: to the next page or address, and to the first final click."""
        found: list[Step] = []
        for step in self._site.steps.named(self._name)[begin:]:
            if found and isinstance(step, ExpectStep | GotoStep):
                break
            if self._selectors(step) and not may_be_absent(step):
                found.append(step)
            if isinstance(step, ClickStep) and step.commit:
                break
        return found

    def _led_over_a_form(self, stopped: tuple[StoppedRequest, ...]) -> bool:
        """Whether the way on is a form: of the window, or of a frame where the steps work in frames."""
        in_frames = any(isinstance(step, FrameStep) for step in self._site.steps.named(self._name))
        return any(one.kind == "main_frame" or (in_frames and one.kind == "sub_frame") for one in stopped)

    def _selectors(self, step: Step) -> tuple[str, ...]:
        return self._site.pages[step.page].is_here if isinstance(step, ExpectStep) else selectors_of(step)

    def _settled(self, selectors: list[str]) -> RawSurvey:
        """Return what the page is made of once it stands still for a moment."""
        seen = self._page.survey(self._data_rows, selectors)
        for _ in range(_SETTLES):
            time.sleep(_SETTLE_SECONDS)
            before, seen = seen, self._page.survey(self._data_rows, selectors)
            if seen.traits == before.traits:
                break
        return seen


def _data_rows(profile: CarrierProfile) -> set[str]:
    steps = [step for name in EVERY_LIST for step in profile.site.steps.named(name)]
    return {one for step in steps if isinstance(step, ReadTableStep) for one in step.table.selectors if "{" not in one}
