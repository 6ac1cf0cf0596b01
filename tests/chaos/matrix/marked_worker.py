"""`python -m tests.chaos.matrix.marked_worker PLAN`: a worker with a fate at each point that PLAN names.

PLAN/<account id>/<point> holds the fate: kill_job, kill_worker, freeze, or wait. It is met once: the file moves to
PLAN/met/. A worker that waits goes on when its file there is gone.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from carriers.browser import Browser
from carriers.player import Player
from carriers.plays import Play
from carriers.steps import ClickStep, ExpectStep, Step, UploadStep
from jobs import uploads, worker
from services.uploads import delivery, drain, leases, visit_orders

_GIVE_UP_SECONDS = 60.0


class Plan:
    """What is to happen in this process; a horse works for one account."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.account = 0
        self.list_name = ""
        self.step = 0

    def meet(self, point: str) -> None:
        """Carry out what is planned at a point of this account, if anything is."""
        planned = self._folder / str(self.account) / point
        met = self._folder / "met" / f"{self.account}.{point}"
        try:
            fate = planned.read_text()
            planned.rename(met)
        except FileNotFoundError:
            return
        if fate == "freeze":
            (self._folder / "frozen" / str(os.getpid())).touch()
            os.kill(os.getpid(), signal.SIGSTOP)
        elif fate == "wait":
            self._wait(met)
        else:
            if fate == "kill_worker":
                with suppress(ProcessLookupError):
                    os.kill(os.getppid(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

    @staticmethod
    def _wait(met: Path) -> None:
        until = time.monotonic() + _GIVE_UP_SECONDS
        while met.exists() and time.monotonic() < until:
            time.sleep(0.02)


def mark(plan: Plan) -> None:
    """Put the plan's points around the product's own functions."""
    _around(uploads, "drain_account", before=lambda _tools, account: setattr(plan, "account", account))
    _around(visit_orders, "make_order", before=lambda *_a, **_k: plan.meet("account_taken"))
    drain.make_order = visit_orders.make_order
    _around(Browser, "start", after="browser_started", plan=plan)
    _around(drain, "handle", before=lambda *_a: plan.meet("claimed"), after="delivered", plan=plan)
    _around(drain, "poll_decision", before=lambda *_a: plan.meet("decision_due"), after="decision_written", plan=plan)
    _around(delivery, "delivered", before=lambda *_a: plan.meet("receipt_read"))
    _around(leases, "release_account", before=lambda *_a: plan.meet("releasing"))
    _mark_player(plan)
    _mark_intent(plan)


def _mark_player(plan: Plan) -> None:
    play_list, do_step, commit = Player.play, Player._do, Player._commit

    def play(self: Player, name: Any, play: Play) -> None:
        plan.list_name, plan.step = name, 0
        play_list(self, name, play)
        ended = {"login": "signed_in", "find_invoice": "looked", "read_result": "result_read", "logout": "signed_out"}
        if name in ended:
            plan.meet(ended[name])

    def do(self: Player, step: Step, play: Play) -> None:
        if plan.list_name == "login" and isinstance(step, ClickStep):
            plan.meet("login_typed")
        do_step(self, step, play)
        plan.step += 1
        for point in _after(plan, step, play):
            plan.meet(point)

    def click(self: Player, step: ClickStep, play: Play) -> None:
        commit(self, step, play)
        plan.meet("clicked" if play.commits == 1 else "clicked_2")

    Player.play, Player._do, Player._commit = play, do, click  # type: ignore[method-assign]


def _after(plan: Plan, step: Step, play: Play) -> list[str]:
    """Return the points right behind a step."""
    opened = {"login": "login_opened", "find_invoice": "look_opened", "upload": "upload_opened",
              "submit": "submit_opened", "read_result": "result_opened"}  # fmt: skip
    points = [opened[plan.list_name]] if plan.step == 1 and plan.list_name in opened else []
    if plan.list_name == "login" and isinstance(step, ClickStep):
        points.append("login_clicked")
    if isinstance(step, UploadStep):
        points.append("file_chosen")
    if isinstance(step, ExpectStep) and play.commits:
        points.append("answered" if play.commits == 1 else "answered_2")
    return points


def _mark_intent(plan: Plan) -> None:
    declare = delivery._CommitGuard.__call__

    def declare_intent(self: Any, step: str) -> None:
        again = "_2" if self.declared else ""
        plan.meet(f"before_intent{again}")
        declare(self, step)
        plan.meet(f"intent_written{again}")

    delivery._CommitGuard.__call__ = declare_intent  # type: ignore[method-assign]


def _around(owner: Any, name: str, *, before: Any = None, after: str = "", plan: Plan | None = None) -> None:
    plain = getattr(owner, name)

    def marked(*arguments: Any, **named: Any) -> Any:
        if before is not None:
            before(*arguments, **named)
        result = plain(*arguments, **named)
        if after and plan is not None:
            plan.meet(after)
        return result

    setattr(owner, name, marked)


def main() -> int:
    """Run the worker."""
    folder = Path(sys.argv[1])
    sys.argv = sys.argv[:1]
    mark(Plan(folder))
    return worker.main()


if __name__ == "__main__":
    sys.exit(main())
