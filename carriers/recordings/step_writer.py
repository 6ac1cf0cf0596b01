"""Writes one step list from recorded actions, following them through frames and windows."""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import ValidationError

from carriers.recordings.recording import MAIN, Action, Alternatives, LeftOut
from carriers.recordings.step_maker import NotCarriedError, StepMaker
from carriers.steps import FrameStep, Step, SwitchWindowStep


@dataclass
class StepWriter:
    """One list in the making; what `maker` cannot make is left out with its reason."""

    maker: StepMaker
    steps: list[Step] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    _committed: bool = False
    _frame: tuple[Alternatives, ...] | None = ()
    _window: str = MAIN
    _newest: str = MAIN

    def write(self, action: Action) -> None:
        """Add the step of an action, or say why there is none."""
        try:
            moves = self._moves(action)
            step = self.maker.make(action, is_after_commit=self._committed)
        except NotCarriedError as why:
            self.left_out.append(LeftOut(action.number, action.word, str(why)))
        except ValidationError:
            self.left_out.append(LeftOut(action.number, action.word, "it is longer than a step may be"))
        else:
            self.steps.extend((*moves, step))
            self._follow(action)

    def finish(self) -> None:
        """Come back to the whole page of the main window, so that the next list starts there."""
        if self._window != MAIN:
            self.steps.append(SwitchWindowStep(verb="switch_window", label="Back to the main window", value="main"))
        elif self._frame != ():
            self.steps.append(FrameStep(verb="frame", label="Back to the whole page"))

    def _follow(self, action: Action) -> None:
        self._window, self._frame = action.window, action.frame
        if action.window != MAIN:
            self._newest = action.window
        if action.kind == "goto":
            self._frame = ()
        elif action.landed_on and action.frame:
            self._frame = None
        self._committed = self._committed or action.number in self.maker.commits_at

    def _moves(self, action: Action) -> list[Step]:
        if action.window not in {MAIN, self._window} and self._newest not in {MAIN, action.window}:
            raise NotCarriedError("it works in a third window; a step can go to the newest and the main one only")
        moves: list[Step] = []
        here = self._frame
        if action.window != self._window:
            moves.append(_into_window("main" if action.window == MAIN else "newest"))
            here = ()
        if action.kind in {"goto", "dialog"} or here == action.frame:
            return moves
        if here is None or action.frame[: len(here)] != here:
            moves.append(FrameStep(verb="frame", label="Back to the whole page"))
            here = ()
        return [*moves, *(_into_frame(self.maker.found(frame)) for frame in action.frame[len(here) :])]


def _into_frame(selectors: Alternatives) -> Step:
    return FrameStep(verb="frame", label="Go into the frame", selectors=selectors)


def _into_window(which: Literal["main", "newest"]) -> Step:
    return SwitchWindowStep(verb="switch_window", label=f"Go to the {which} window", value=which)
