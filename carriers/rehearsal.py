"""A dry run: sign in, walk to where the file is given, look at what lies behind, and send nothing."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, Protocol

from carriers.errors import SiteError
from carriers.evidence import Recorder
from carriers.exchange import Credentials, LoginJournal
from carriers.login import StoredLogin, written_down
from carriers.page import Page, ViewLostError
from carriers.placeholders import FILE_PLACEHOLDERS, names_in
from carriers.player import Player
from carriers.plays import Play
from carriers.profile import CarrierProfile, StepListName
from carriers.steps import (
    CheckStep,
    ClickStep,
    DismissStep,
    ExpectStep,
    FillStep,
    OtpStep,
    ReadStep,
    Step,
    UploadStep,
    WaitForStep,
    selectors_of,
)

StepResult = Literal["done", "failed", "seen", "not_seen"]
_SAMPLE = "DRY-RUN"


@dataclass(frozen=True)
class StepReport:
    """What came of one step, with the page it left behind.

    `seen` and `not_seen` are of steps behind the stop, which are looked for only. `counts` is how many elements each
    selector met.
    """

    list_name: StepListName
    position: int
    label: str
    result: StepResult
    milliseconds: int
    counts: tuple[int, ...]
    png: bytes
    html: str


class Audience(Protocol):
    """Who is told of each step."""

    def tell(self, report: StepReport) -> None:
        """Take in one step."""


class _StopError(Exception):
    """The walk has come as far as it may."""


class Rehearsal:
    """One dry run on one page. It gives no file, clicks nothing that is final and uses nobody's authority."""

    def __init__(
        self,
        page: Page,
        profile: CarrierProfile,
        base_url: str,
        credentials: Credentials,
        one_time_code: Callable[[], str],
        audience: Audience,
        journal: LoginJournal | None = None,
    ) -> None:
        self._journal = journal
        self._site = profile.site
        self._audience = audience
        self._name: StepListName = "login"
        self._at = 0
        self._began = time.monotonic()
        self._counts: tuple[int, ...] = ()
        self._png, self._html = b"", ""
        self._login = StoredLogin.of(profile.site, credentials)
        self._recorder = Recorder(page, self, profile.site, self._login.hidden)
        self._player = Player(page, profile.site, base_url, self._recorder, one_time_code)
        self._play = Play(self._login.plain, watch=self)

    def walk(self, known: Mapping[str, str]) -> None:
        """Sign in, walk to the file, look behind it and sign out.

        `known` are values of placeholders that the site may look up, as a matter that it lists; the others get a
        stand-in.

        Raises:
            SiteError: what the site said instead; the step where it did so was told before.
        """
        is_judged = _shows_the_inside(self._site.steps.login, self._login.secret)
        with written_down(self._journal, is_judged=is_judged) as begin:
            login = self._login.typing(begin)
            self._play = Play(login, watch=self)
            self._player.play("login", self._play)
        file = {**dict.fromkeys(FILE_PLACEHOLDERS, _SAMPLE), **self._login.plain, **known}
        try:
            self._name, self._at = "upload", 0
            self._play = Play(file, watch=self)
            with suppress(_StopError):
                self._player.play("upload", self._play)
            is_at_the_file = self._look_behind()
            if is_at_the_file and login.was_typed and not is_judged and self._journal is not None:
                self._journal.accepted()
        finally:
            with suppress(SiteError):
                self._player.play("logout", Play(self._login.plain))

    def before(self, step: Step) -> None:
        """Stop before the file and before anything final; else count what the step will meet."""
        self._began = time.monotonic()
        if isinstance(step, UploadStep) or is_final(step):
            raise _StopError
        self._counts = ()
        self._counts = self._player.meet(step, self._selectors(step), self._play, patiently=not may_be_absent(step))

    def after(self, step: Step) -> None:
        """Tell of a step that is done, with the page it led to."""
        taken = self._taken()
        self._recorder.capture("step", step.label)
        self._tell(step, "done", taken)

    def capture(self, kind: str, label: str, png: bytes, html: str) -> None:
        """Take a capture; one of a failure is told of at once."""
        self._png, self._html = png, html
        steps = self._site.steps.named(self._name)
        if kind == "failure" and self._at < len(steps) and steps[self._at].label == label:
            self._tell(steps[self._at], "failed", self._taken())

    def _look_behind(self) -> bool:
        """Count what the steps behind the stop would meet on the page of now; whether the first of them is there."""
        self._recorder.capture("stop", "")
        found = []
        for step in self._site.steps.upload[self._at :]:
            selectors = self._selectors(step)
            self._counts = ()
            with suppress(ViewLostError):
                self._counts = self._player.meet(step, selectors, self._play, patiently=False)
            found.append(any(self._counts))
            self._tell(step, "seen" if found[-1] else "not_seen", 0)
        return found[:1] == [True]

    def _tell(self, step: Step, result: StepResult, milliseconds: int) -> None:
        report = StepReport(self._name, self._at, step.label, result, milliseconds, self._counts, self._png, self._html)
        self._png, self._html = b"", ""
        self._at += 1
        self._audience.tell(report)

    def _taken(self) -> int:
        return round((time.monotonic() - self._began) * 1000)

    def _selectors(self, step: Step) -> tuple[str, ...]:
        return self._site.pages[step.page].is_here if isinstance(step, ExpectStep) else selectors_of(step)


def is_final(step: Step) -> bool:
    """Whether a step cannot be taken back, or uses a person's authority."""
    return isinstance(step, ClickStep | CheckStep) and (step.certify or (isinstance(step, ClickStep) and step.commit))


def _shows_the_inside(login: Sequence[Step], secret: frozenset[str]) -> bool:
    """Whether the log-in looks for something after its last secret, so that its end tells that the site took it."""
    typed = [at for at, step in enumerate(login) if _types_secret(step, secret)]
    return any(_looks(step) for step in login[typed[-1] + 1 :]) if typed else False


def _types_secret(step: Step, secret: frozenset[str]) -> bool:
    return isinstance(step, OtpStep) or (isinstance(step, FillStep) and not secret.isdisjoint(names_in(step.value)))


def _looks(step: Step) -> bool:
    return isinstance(step, ExpectStep) or (isinstance(step, WaitForStep) and not step.gone)


def may_be_absent(step: Step) -> bool:
    """Whether a step goes on where its element is not there."""
    is_gone = isinstance(step, WaitForStep) and step.gone
    return is_gone or isinstance(step, DismissStep) or (isinstance(step, ReadStep) and step.optional)
