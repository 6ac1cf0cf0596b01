"""Looks at the page for the player: for what a step needs, and always for what the site may have said instead."""

from collections.abc import Sequence

from carriers.errors import PageChangedError, SiteUnavailableError
from carriers.evidence import Recorder
from carriers.foresight import Foresight, observes
from carriers.hosts import NEUTRAL, AllowedHosts
from carriers.outcomes import error_of, outcomes_for, target_of
from carriers.page import Match, Page, Target, ViewLostError
from carriers.placeholders import fill_in_selector
from carriers.plays import Patience, Play, Watcher
from carriers.profile import Outcome, SiteRules, StepListName
from carriers.steps import ExpectStep, Step, StepBase, UploadStep, selectors_of

_SERVER_ERROR = 500


class Lookout:
    """One player's eyes.

    Attributes:
        watcher: who hears of every look.
        strayed: the frame or window that the steps worked in has gone: outcomes are looked for, nothing is found.
    """

    watcher: Watcher | None = None

    def __init__(self, page: Page, site: SiteRules, hosts: AllowedHosts, recorder: Recorder) -> None:
        self._page = page
        self._site = site
        self._hosts = hosts
        self._recorder = recorder
        self._outcomes: list[Outcome] = []
        self._foresight = Foresight()
        self.strayed = False

    def begin(self, name: StepListName) -> None:
        """Look for what the site may say in a list of steps."""
        self._outcomes = outcomes_for(self._site, name)
        self._foresight.forget()

    def begin_step(self, steps: Sequence[Step], place: int, play: Play) -> None:
        """Plan what the looks of a step ask along; whoever watches wants every step's own look."""
        if self.watcher is None and play.watch is None:
            self._foresight.plan(steps, place, lambda step: self._target(step, play))

    def end_step(self, step: Step) -> None:
        """Make an end of what was seen when the step may have changed the page."""
        if not observes(step):
            self._foresight.forget()

    def end(self, label: str, play: Play) -> None:
        """Look at the page once more, unless it was looked at since it was touched last."""
        self.strayed = False
        if not self._foresight.is_fresh:
            self.wait(Target(("html",)), StepBase(label=label), play)

    def find(self, step: StepBase, selectors: tuple[str, ...], play: Play, *, hidden_too: bool = False) -> Match:
        """Return what a step needs, once it is there.

        Raises:
            PageChangedError: it did not come in the step's time.
            SiteError: the site said something else.
        """
        target = Target(filled(selectors, play), hidden_too=hidden_too)
        found = self._foresight.take(target) or self.wait(target, step, play)
        if found is None:
            raise self.changed(step, " | ".join(selectors))
        return found

    def wait(self, target: Target, step: StepBase, play: Play) -> Match | None:
        """Return what is looked for, None when it did not come in the step's time."""
        patience = Patience(step)
        while (found := self.look_for(target, play)) is None and patience.waits():
            pass
        return found

    def look_for(self, target: Target, play: Play) -> Match | None:
        """Look once; a declared outcome, a foreign host or a dead page is raised, whatever was looked for."""
        targets = [target, *map(target_of, self._outcomes), *self._foresight.asked]
        try:
            seen = self._page.look(targets)
        except ViewLostError:
            self.strayed = True
            return None
        if self.watcher is not None:
            self.watcher.looked(targets, seen)
        if seen.failed_to_load:
            raise SiteUnavailableError(self._site.title)
        if seen.url == NEUTRAL:
            return None
        self._hosts.check(seen.url)
        found, *others = seen.matches
        self._raise_what_is_said(others[: len(self._outcomes)])
        if seen.status >= _SERVER_ERROR:
            raise SiteUnavailableError(self._site.title, http_status=seen.status)
        if self.strayed:
            return None
        self._foresight.keep(others[len(self._outcomes) :])
        if play.unseen_commit and found is not None:
            self._recorder.capture("after", play.unseen_commit)
            play.unseen_commit = ""
        return found

    def changed(self, step: StepBase, selector: str) -> PageChangedError:
        """Return the error of a page that is not as described."""
        return PageChangedError(self._site.title, selector, evidence=step.label)

    def _raise_what_is_said(self, answers: Sequence[Match | None]) -> None:
        for outcome, answer in zip(self._outcomes, answers, strict=True):
            if answer is not None:
                raise error_of(outcome, self._site.title, answer.text, self._finding_rows(outcome))

    def _finding_rows(self, outcome: Outcome) -> list[dict[str, str]]:
        if outcome.findings is None:
            return []
        return self._page.rows(outcome.findings.selectors, outcome.findings.columns)

    def _target(self, step: Step, play: Play) -> Target:
        """Return what a step looks for before it does anything."""
        selectors = self._site.pages[step.page].is_here if isinstance(step, ExpectStep) else selectors_of(step)
        return Target(filled(selectors, play), hidden_too=isinstance(step, UploadStep))


def filled(selectors: tuple[str, ...], play: Play) -> tuple[str, ...]:
    """Return selectors with the play's values for their placeholders."""
    return tuple(fill_in_selector(selector, play.values) for selector in selectors)
