"""What people do at their desks: attorneys work their queues, billing mends and sends again, pairs meet on one bill."""

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from benchmarks.desk_person import Person

Day = Callable[[Person], Awaitable[None]]
_LEAST_HOURS = Decimal("0.2")


async def attorneys_day(person: Person) -> None:
    """Work one's own queue: look into a flagged proforma, edit, comment, return or approve it; approve a clean one."""
    while person.has_time:
        rows = await person.open_queue()
        waiting = [row for row in rows if row["can_approve"]]
        clean, flagged = [row for row in waiting if row["is_clean"]], [row for row in waiting if not row["is_clean"]]
        if flagged:
            await _work_through(person, person.chance.choice(flagged))
            rows = await person.open_queue()
            await _decide(person, rows)
        if clean:
            await person.approve(clean[0])
        if not waiting:
            await person.search("Reyes")


async def billers_day(person: Person) -> None:
    """Look at what is in review and at what was returned; fix a code, comment, and send again."""
    while person.has_time:
        rows = await person.open_queue(person.chance.choice(("/review", "/review?status=in_review")))
        await person.search("2026")
        if not rows:
            continue
        row = person.chance.choice(rows)
        lines = _fees(await person.open_proforma(row["id"]))
        if lines:
            await person.save_code(await person.open_line(person.chance.choice(lines)["id"]))
        await person.comment()
        if row["can_send"]:
            rows = await person.open_queue()
            for again in [one for one in rows if one["id"] == row["id"]]:
                await person.send_again(again)


def pairs_day(proforma_id: str, *, edits_money: bool, most_edits: int = 1_000_000) -> Day:
    """Return the day of one of a pair: edits of the first lines of one bill, so many or until the end."""
    return partial(_meet, proforma_id, edits_money, most_edits)


async def _meet(proforma_id: str, edits_money: bool, most_edits: int, person: Person) -> None:  # noqa: FBT001 -- bound by `pairs_day`
    lines = _fees(await person.open_proforma(proforma_id))[:3]
    number = 0
    while person.has_time and number < most_edits:
        number += 1
        # Every second edit of both is of the same line.
        line = lines[0] if number % 2 else person.chance.choice(lines)
        if edits_money and number % 3 == 0:
            await person.write_down(line["id"], f"0.{person.chance.randrange(1, 10):02}")
            continue
        panel = await person.open_line(line["id"])
        await _edit_until_taken(person, panel, edits_money=edits_money and number % 3 == 1)


async def _edit_until_taken(person: Person, panel: Mapping[str, Any], *, edits_money: bool) -> None:
    units = _fewer(person, panel) if edits_money else ""
    if not units:
        if not await person.save_code(panel):
            await person.take_theirs()
        return
    if await person.save_hours(panel, units):
        return
    # Whoever was late puts the own hours over the others', or lets theirs stand.
    if person.chance.random() < 0.5 and await person.save_again(panel, {"units": units}, "billed_units"):  # noqa: PLR2004
        return
    await person.take_theirs()


async def _work_through(person: Person, row: Mapping[str, Any]) -> None:
    lines = _fees(await person.open_proforma(row["id"]))
    if not lines:
        return
    panel = await person.open_line(person.chance.choice(lines)["id"])
    what = person.chance.random()
    if what < 0.25 and not panel["waiting"]:  # noqa: PLR2004
        await person.save_text(panel)
    elif what < 0.7 and (units := _fewer(person, panel)):  # noqa: PLR2004
        await person.save_hours(panel, units)
    else:
        await person.save_code(panel)
    if person.chance.random() < 0.5:  # noqa: PLR2004
        await person.comment()


async def _decide(person: Person, rows: list[dict[str, Any]]) -> None:
    flagged = [row for row in rows if row["can_approve"] and not row["is_clean"]]
    if not flagged:
        return
    if person.chance.random() < 0.4:  # noqa: PLR2004
        await person.give_back(flagged[0])
    else:
        await person.approve(flagged[0])


def _fees(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["kind"] == "F" and line["treatment"] == "bill"]


def _fewer(person: Person, panel: Mapping[str, Any]) -> str:
    """Return hours below those entered that nobody else types; '' where too few are left."""
    entered = Decimal(panel["entered_units"])
    if entered <= _LEAST_HOURS:
        return ""
    return f"{entered - Decimal(person.chance.randrange(1, 1000)) / 10000:f}"
