"""`python -m services.lifecycle_doc [--check]`: write docs/lifecycle.md from the transition table, or check it."""

import sys
from collections.abc import Iterator
from pathlib import Path

from services.transitions import MACHINES, Lease, Machine, Transition

PATH = Path("docs/lifecycle.md")
_HEAD = """\
# Lifecycle

Every status change there is. This page is made from `services/transitions.py` by `python -m services.lifecycle_doc`;
change the table there, not this page. `apply` carries out a verb on one record, `apply_many` on a set, `apply_fenced`
on a row of the submission ledger under its fence and lease; nothing else writes a status.
"""


def render() -> str:
    """Return the whole page."""
    return "\n".join([_HEAD, *(line for machine in MACHINES for line in _machine(machine))])


def _machine(machine: Machine) -> Iterator[str]:
    yield f"## {machine.name.replace('_', ' ').capitalize()}"
    yield ""
    yield f"`{machine.model.__tablename__}.{machine.column}`: {', '.join(f'`{word}`' for word in machine.vocabulary)}"
    yield ""
    yield from _diagram(machine)
    yield ""
    yield "| verb | from | to | who | asks for | button |"
    yield "|---|---|---|---|---|---|"
    yield from (_row(transition) for transition in machine.transitions.values())
    yield ""


def _diagram(machine: Machine) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for transition in machine.transitions.values():
        for source in sorted(transition.sources):
            yield f"    {source} --> {transition.target}: {transition.verb}"
    yield "```"


def _row(transition: Transition) -> str:
    sources = ", ".join(sorted(transition.sources))
    who = ", ".join(sorted(transition.roles))
    cells = (transition.verb, sources, transition.target, who, _asks_for(transition), transition.label)
    return f"| {' | '.join(cells)} |"


def _asks_for(transition: Transition) -> str:
    asks = []
    if transition.needs_note:
        asks.append("a reason")
    if transition.guard is not None:
        asks.append(transition.guard.__name__.strip("_").replace("_", " "))
    if transition.lease is not Lease.NONE:
        asks.append(f"{transition.lease.value}s the lease")
    return "; ".join(asks)


def main(arguments: list[str]) -> int:
    """Write the page, or with --check return 1 when it is not what the table says."""
    if "--check" not in arguments:
        PATH.parent.mkdir(exist_ok=True)
        PATH.write_text(render(), encoding="utf-8")
        return 0
    if PATH.exists() and PATH.read_text(encoding="utf-8") == render():
        return 0
    sys.stderr.write(f"{PATH} is not what the transition table says; run python -m services.lifecycle_doc\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
