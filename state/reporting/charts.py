"""What a report's chart shows, as points, and the same in a sentence; the table below it is exact."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.money import as_dollars
from services.reporting.cycle import BurnDay, BurnDown
from services.reporting.question import ReportQuestion, month_end
from services.reporting.table import ReportRow, ReportTable
from state.words import counted, day

Point = dict[str, Any]
_MOST_BARS, _LONGEST_NAME = 8, 26
_BAR, _GROUP, _FRAME = 32, 46, 70
_COLUMNS_HEIGHT = 260


@dataclass(frozen=True)
class Chart:
    """Points with `name` and the series 'a' to 'd', a sentence that says it, and the picture's height in pixels."""

    points: list[Point]
    summary: str
    height: int = _COLUMNS_HEIGHT


NO_CHART = Chart([], "")
Tables = Mapping[str, ReportTable]


def chart_of(report: str, tables: Iterable[ReportTable], question: ReportQuestion) -> Chart:
    """Return a report's chart; without points where there is nothing to draw."""
    return _CHARTS[report]({table.name: table for table in tables}, question)


def burn_chart(burn: BurnDown) -> Chart:
    """Return the burn-down: 'a' is what is left at the end of each day until today, 'b' what the plan leaves."""
    if not burn.days:
        return NO_CHART
    total, closes, last = burn.days[0].total, burn.closes, burn.days[-1]
    points = [_burn_point(one.day, one.left, burn.planned_left(one.day)) for one in burn.days]
    ahead = (last.day + timedelta(days=after) for after in range(1, (closes - last.day).days + 1))
    points += [_burn_point(found, None, burn.planned_left(found)) for found in ahead]
    planned = burn.planned_left(last.day)
    said = f"On {day(last.day)}, {last.left:,} of {counted(total, 'bill')} {'is' if last.left == 1 else 'are'} left"
    if last.day >= closes:
        return Chart(points, f"{said}; by plan the last left on {day(closes)}.")
    return Chart(points, f"{said}; the plan leaves {planned:,}, and none by {day(closes)}.")


def _burn_point(at: date, left: int | None, planned: int) -> Point:
    return {"name": f"{at.day} {at:%b}", "a": left, "b": planned}


def _cycle(tables: Tables, question: ReportQuestion) -> Chart:
    table = tables["burn-down"]
    days = tuple(BurnDay(_date(row[0]), *map(_whole, row[1:4])) for row in table.rows)
    return burn_chart(BurnDown(days, month_end(question.last), table.until or question.last))


def _blocked(tables: Tables, _question: ReportQuestion) -> Chart:
    found: Counter[str] = Counter()
    for what, _, bills, *_ in tables["blocked"].rows:
        found[str(what)] += _whole(bills)
    said = ", ".join(f"{what.lower()}: {bills:,}" for what, bills in found.most_common())
    points = [{"name": what, "a": bills} for what, bills in found.most_common()]
    return _bars(points, f"{counted(sum(found.values()), 'bill')} stand still ({said}).")


def _ageing(tables: Tables, _question: ReportQuestion) -> Chart:
    table = tables["owed"]
    amounts = [_dollars(row[2]) for row in table.rows]
    if not any(amounts):
        return NO_CHART
    points = [
        {"name": str(row[0]).removesuffix(" days"), "a": amount}
        for row, amount in zip(table.rows, amounts, strict=True)
    ]
    said = f"{as_dollars(sum(amounts, start=Decimal(0)))} is owed, {as_dollars(amounts[-1])} of it {table.rows[-1][0]}."
    return Chart(points, said)


def _realisation(tables: Tables, _question: ReportQuestion) -> Chart:
    table = tables["attorney"]
    points = _named(table, {"a": 1, "b": 3, "c": 8})
    total = table.total or ()
    said = f"Of {_money(total, 1)} worked, {_money(total, 3)} was billed and {_money(total, 8)} is paid."
    return _bars(points, said, each=_GROUP)


def _write_downs(tables: Tables, _question: ReportQuestion) -> Chart:
    table = tables["attorney"]
    total = table.total or ()
    share = f" ({total[4]} %)" if total and total[4] is not None else ""
    return _bars(
        _named(table, {"a": 3}), f"{_money(total, 3)}{share} of {_money(total, 1)} entered was taken off by the review."
    )


def _acceptance(tables: Tables, _question: ReportQuestion) -> Chart:
    table = tables["acceptance"]
    total = table.total or ()
    answered, whole = (_whole(total[at]) if total else 0 for at in (1, 2))
    said = f"Of {counted(answered, 'answer')}, {whole:,} took the invoice whole"
    share = f" ({total[6]} %)" if total and total[6] is not None else ""
    return _bars(_named(table, {"a": 2, "b": 3, "c": 4, "d": 5}), f"{said}{share}.")


def _cycle_time(tables: Tables, _question: ReportQuestion) -> Chart:
    rows = tables["stages"].rows
    points = [{"name": _short(str(row[0])), "a": row[2], "b": row[3]} for row in rows]
    last = rows[-1] if rows else ()
    said = f"{last[0]}: half of the bills took {last[2]} days or less, nine of ten {last[3]}." if last else ""
    return _bars(points, said, each=_GROUP)


def _hours_saved(tables: Tables, _question: ReportQuestion) -> Chart:
    table = tables["month"]
    if not table.rows:
        return NO_CHART
    total = table.total or ()
    said = f"{counted(_whole(total[1]), 'file')} that nobody typed, {total[2]} hours at three minutes each."
    return Chart([{"name": row[0], "a": row[2]} for row in table.rows], said)


_CHARTS: dict[str, Callable[[Tables, ReportQuestion], Chart]] = {
    "cycle": _cycle,
    "blocked": _blocked,
    "ageing": _ageing,
    "realisation": _realisation,
    "write-downs": _write_downs,
    "acceptance": _acceptance,
    "cycle-time": _cycle_time,
    "hours-saved": _hours_saved,
}


def _named(table: ReportTable, series: Mapping[str, int]) -> list[Point]:
    """Return the first rows, which are the largest, with the columns that the series show."""
    return [
        {"name": _cut(str(row[0])), **{key: row[at] for key, at in series.items()}} for row in table.rows[:_MOST_BARS]
    ]


def _bars(points: list[Point], said: str, each: int = _BAR) -> Chart:
    return Chart(points, said, _FRAME + each * len(points)) if points else NO_CHART


def _short(stage: str) -> str:
    """Return a stage's name without what it reaches over: 'Review', 'In all'."""
    return stage.partition(":")[0].partition(",")[0]


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def _money(row: ReportRow | tuple[()], at: int) -> str:
    return as_dollars(_dollars(row[at])) if row else as_dollars(Decimal(0))


def _dollars(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _date(value: object) -> date:
    return value if isinstance(value, date) else date.min


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
