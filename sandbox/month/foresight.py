"""What the product found before it sent anything, held against what was planted: recall and precision by kind."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlmodel import col

from core.db import read_only
from models import ProformaFinding, ProformaLine
from models.enums import FindingAction

Mark = tuple[str, str]
"""An entry, 'time:17' or 'expense:5', and the kind of a rule."""


@dataclass(frozen=True)
class Foresight:
    """Marks that were planted, and marks that the product's findings made of the same kinds."""

    planted: frozenset[Mark]
    found: frozenset[Mark]

    @classmethod
    def of(cls, planted: Iterable[Mark], found: Iterable[Mark]) -> "Foresight":
        """Leave out findings of kinds of which nothing was planted."""
        marks = frozenset(planted)
        kinds = {kind for _, kind in marks}
        return cls(marks, frozenset(mark for mark in found if mark[1] in kinds))

    @property
    def kinds(self) -> list[str]:
        """The kinds that were planted, by name."""
        return sorted({kind for _, kind in self.planted})

    @property
    def missed(self) -> frozenset[Mark]:
        """Planted lines without a finding of their kind."""
        return self.planted - self.found

    @property
    def alarms(self) -> frozenset[Mark]:
        """Findings on lines where nothing of their kind was planted."""
        return self.found - self.planted

    @property
    def recall(self) -> float:
        """Planted lines that were found, of all planted; 1 when nothing was."""
        return _share(len(self.planted - self.missed), len(self.planted))

    @property
    def precision(self) -> float:
        """Findings that were planted, of all found; 1 when nothing was."""
        return _share(len(self.found - self.alarms), len(self.found))

    def of_kind(self, kind: str) -> "Foresight":
        """Return what belongs to one kind."""
        return Foresight(
            *(frozenset(mark for mark in marks if mark[1] == kind) for marks in (self.planted, self.found))
        )


def planted_marks(path: Path) -> frozenset[Mark]:
    """Read `planted.json`."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return frozenset((row["entry"], kind) for row in rows for kind in row["kinds"])


def found_marks() -> frozenset[Mark]:
    """Read the findings that stand on the proformas now, those that a carrier allowed left out."""
    statement = (
        select(col(ProformaFinding.rule), col(ProformaLine.time_entry_id), col(ProformaLine.expense_id))
        .join(ProformaLine, col(ProformaLine.id) == col(ProformaFinding.proforma_line_id))
        .where(col(ProformaFinding.action) != FindingAction.ALLOWED)
    )
    with read_only() as session:
        rows = session.execute(statement).all()
    return frozenset((f"time:{entry}" if entry else f"expense:{expense}", rule) for rule, entry, expense in rows)


def show(console: Console, seen: Foresight) -> None:
    """Print a row a kind, and the two figures."""
    table = Table(title="Planted lines and what was found before sending", title_justify="left")
    table.add_column("kind of rule")
    for heading in ("planted", "found", "missed", "false alarms"):
        table.add_column(heading, justify="right")
    for kind in seen.kinds:
        one = seen.of_kind(kind)
        counts = (len(one.planted), len(one.planted & one.found), len(one.missed), len(one.alarms))
        table.add_row(kind, *map(str, counts))
    console.print(table)
    console.print(f"Recall {seen.recall:.3f}, precision {seen.precision:.3f} over {len(seen.planted)} planted marks.")


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
