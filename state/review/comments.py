"""What is said about a bill, beside a proforma and beside the invoices made from it."""

import asyncio
from functools import partial

import reflex as rx

from core.db import read_only
from core.errors import BillingError
from models.enums import Role
from services.changes import COMMENTS_OF
from services.review.comments import (
    LONGEST,
    About,
    CommentRow,
    Person,
    add_comment,
    edit_comment,
    list_comments,
    people_to_name,
    proforma_of_invoice,
    remove_comment,
    resolve_comment,
)
from services.row_ids import row_id
from state.addresses import number_in
from state.guard import actor, guarded
from state.live import changes
from state.reading import read_together
from state.responses.assigning import assign
from state.review.comment_rows import (
    CommentView,
    comment_views,
    fragment_of,
    names_somebody,
    suggested,
    with_name,
)
from state.review.proforma_work import Change, carry_out
from state.words import whole_number

_STAFF = frozenset({Role.ATTORNEY, Role.BILLER, Role.ADMIN})
_INVOICES = "/invoices/"


class Comments(rx.State):
    """The comments of the proforma or invoice that the address names; `counts` are those of lines, by line id.

    `line_id` is the line that is being written about, '' for the whole; `editing` the comment being put right.
    """

    rows: list[CommentView] = []
    open_count: str = ""
    counts: dict[str, str] = {}
    draft: str = ""
    line_id: str = ""
    line_number: str = ""
    editing: str = ""
    suggestions: list[str] = []
    problem: str = ""
    is_known: bool = False

    _proforma_id: int = 0
    _invoice_id: int | None = None
    _people: list[Person] | None = None
    _found: list[CommentRow] = []

    @rx.event
    @guarded(*_STAFF)
    async def load(self) -> None:
        """Read what was said; runs when the page opens."""
        path, number = self.router.url.path, number_in(self.router.url.path) or 0
        self.draft, self.line_id, self.editing, self.problem, self.suggestions = "", "", "", "", []
        self.is_known, self._proforma_id, self._invoice_id = False, 0, None
        if not number:
            return
        try:
            if path.startswith(_INVOICES):
                self._invoice_id = number
                self._proforma_id = await asyncio.to_thread(_proforma_of, number)
            else:
                self._proforma_id = number
            self._people = None
            await self._refresh()
        except BillingError:
            # The page itself says that there is no such bill.
            self._proforma_id, self.rows = 0, []

    @rx.event(background=True)
    @guarded(*_STAFF)
    async def watch(self) -> None:
        """Keep the comments up to date while the tab shows them."""
        async with self:
            shown = (COMMENTS_OF, self._proforma_id)
        async for _ in changes(self, shown):
            async with self:
                await self._refresh()

    @rx.event
    @guarded(*_STAFF)
    async def type_text(self, text: str) -> None:
        """Take what is typed, and offer the names that fit behind an @."""
        self.draft = text[: 2 * LONGEST]
        # Who may be named is asked for when somebody is about to be.
        is_naming = fragment_of(self.draft) is not None
        self.suggestions = suggested(await self._people_to_name(), self.draft) if is_naming else []

    @rx.event
    @guarded(*_STAFF)
    async def name(self, person: str) -> None:
        """Complete the name being typed."""
        if any(one.name == person for one in await self._people_to_name()):
            self.draft, self.suggestions = with_name(self.draft, person), []

    @rx.event
    @guarded(*_STAFF)
    async def write_about(self, line_id: str, number: str) -> None:
        """Write about a line; '' = about the whole."""
        self.line_id, self.line_number = line_id[:20], number[:10]

    @rx.event
    @guarded(*_STAFF)
    async def send(self) -> None:
        """Say it; what is refused stays in the field."""
        if self.editing:
            chosen = next(row for row in self._found if str(row.id) == self.editing)
            change = partial(edit_comment, comment_id=chosen.id, expected_version=chosen.version, body=self.draft)
        else:
            line_id = whole_number(self.line_id) if self.line_id else None
            about = About(self._proforma_id, line_id, self._invoice_id)
            change = partial(add_comment, about=about, body=self.draft)
        if await self._do(change):
            self.draft, self.editing, self.suggestions = "", "", []

    @rx.event
    @guarded(*_STAFF)
    async def edit(self, comment_id: str) -> None:
        """Put one's own comment right."""
        chosen = next((row for row in self._found if str(row.id) == comment_id and row.is_own), None)
        if chosen is not None:
            self.editing, self.draft, self.problem = comment_id, chosen.body, ""

    @rx.event
    @guarded(*_STAFF)
    async def stop_editing(self) -> None:
        """Leave the comment as it is."""
        self.editing, self.draft, self.problem, self.suggestions = "", "", "", []

    @rx.event
    @guarded(*_STAFF)
    async def remove(self, comment_id: str, version: str) -> None:
        """Take one's own comment away."""
        chosen, seen = whole_number(comment_id), whole_number(version)
        await self._do(partial(remove_comment, comment_id=chosen, expected_version=seen))

    @rx.event
    @guarded(*_STAFF)
    async def resolve(self, comment_id: str, is_resolved: bool) -> None:  # noqa: FBT001 -- what the button sends
        """Mark a comment as dealt with, or open it again."""
        await self._do(partial(resolve_comment, comment_id=whole_number(comment_id), is_resolved=is_resolved))

    async def _do(self, change: Change) -> bool:
        try:
            await asyncio.to_thread(carry_out, change)
        except BillingError as refused:
            self.problem = refused.user_message
            await self._refresh()
            return False
        self.problem = ""
        await self._refresh()
        return True

    async def _refresh(self) -> None:
        if not self._proforma_id:
            return
        self._found, rows, self._people = await read_together(_read, self._proforma_id, self._people)
        assign(self, rows=rows)
        waiting = [row for row in self._found if not row.is_removed and not row.resolved_by]
        of_lines = [str(row.line_id) for row in waiting if row.line_id is not None]
        counts = {line_id: str(of_lines.count(line_id)) for line_id in of_lines}
        assign(self, counts=counts, open_count=str(len(waiting)) if waiting else "", is_known=True)

    async def _people_to_name(self) -> list[Person]:
        if self._people is None:
            self._people = await asyncio.to_thread(_people, self._proforma_id)
        return self._people


def _proforma_of(invoice_id: int) -> int:
    with read_only() as session:
        return row_id(proforma_of_invoice(session, invoice_id))


def _people(proforma_id: int) -> list[Person]:
    with read_only() as session:
        return people_to_name(session, actor(), proforma_id=proforma_id)


def _read(
    proforma_id: int, people: list[Person] | None
) -> tuple[list[CommentRow], list[CommentView], list[Person] | None]:
    with read_only() as session:
        rows = list_comments(session, actor(), proforma_id=proforma_id)
        if people is None and names_somebody(rows):
            people = people_to_name(session, actor(), proforma_id=proforma_id)
    me = Person(actor().user_id or 0, actor().name)
    return rows, comment_views(rows, [*(people or ()), me]), people
