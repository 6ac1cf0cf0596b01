"""The numbers of reports once more, by plain SQL text on either database: nothing here knows how a report is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from core.db import Database

LIVE = "i.document_status NOT IN ('voided', 'superseded')"
DECIDED = "i.decision_status IN ('approved', 'reduced', 'rejected')"


@dataclass(frozen=True)
class Raw:
    """A database asked in its own words; `where` narrows by invoice, matter and month as a reader's question does."""

    database: Database
    first: date
    last: date
    attorney_id: int | None = None
    carrier_id: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def whose(self) -> str:
        """The condition on matters `m`."""
        return "1 = 1" if self.attorney_id is None else f"m.responsible_attorney_id = {self.attorney_id}"

    @property
    def where(self) -> str:
        """The condition on invoices `i` of matters `m`."""
        return self.whose if self.carrier_id is None else f"{self.whose} AND i.carrier_id = {self.carrier_id}"

    @property
    def months(self) -> str:
        """The condition on proformas `p`."""
        return f"p.period_end BETWEEN '{self.first}' AND '{self.last}'"

    @property
    def pays(self) -> str:
        """The condition that the carrier asked for pays a share of the matter of proforma `p`."""
        if self.carrier_id is None:
            return "1 = 1"
        return (
            f"p.matter_id IN (SELECT mp.matter_id FROM matter_payor mp WHERE mp.carrier_id = {self.carrier_id} "
            "AND mp.effective_from <= p.period_end AND (mp.effective_to IS NULL OR mp.effective_to >= p.period_end))"
        )

    def rows(self, statement: str) -> list[tuple]:
        """Return the rows of a statement."""
        with self.database.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def one(self, statement: str) -> Any:
        """Return the only value of a statement."""
        [[value]] = self.rows(statement)
        return value

    @property
    def closes(self) -> date:
        """The day by which the billing calendar lets the last month's bills leave."""
        found = self.one(f"SELECT send_by_on FROM billing_period WHERE ends_on = '{self.last}'")
        return found if isinstance(found, date) else date.fromisoformat(found)

    def money(self, stored: Any) -> Decimal:
        """Return dollars of what a money column holds: cents on SQLite, dollars on MariaDB."""
        if stored is None:
            return Decimal("0.00")
        value = Decimal(str(stored))
        return (value / 100 if self.database.is_sqlite else value).quantize(Decimal("0.01"))

    def day(self, column: str) -> str:
        """Return the expression of an instant's day as text."""
        return f"substr({column}, 1, 10)" if self.database.is_sqlite else f"DATE_FORMAT({column}, '%Y-%m-%d')"

    def seconds(self, start: str, end: str) -> str:
        """Return the expression of whole seconds between two instants."""
        if self.database.is_sqlite:
            return f"CAST(ROUND((julianday({end}) - julianday({start})) * 86400) AS INTEGER)"
        return f"CAST(ROUND(TIMESTAMPDIFF(MICROSECOND, {start}, {end}) / 1000000) AS SIGNED)"
