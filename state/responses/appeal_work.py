"""Appeals of the rejection that is open: drafted, written, given papers, sent, answered, withdrawn."""

from collections.abc import Mapping

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel import Session

from models.enums import Role
from services.responses import appeal_documents, appeals
from services.responses.appeals import AskedLine
from state.guard import actor, guarded
from state.responses.rejection import RejectionPage, act, chosen_lines, forget_choice
from state.responses.rejection_forms import day_in, named, number_of, record_of
from state.words import number_typed, whole_number

UPLOAD = "appeal-document"
_REASON, _REFERENCE, _ANSWER = 4000, 120, 1000


class AppealWork(rx.State):
    """Handlers only: the case is the page's."""

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def appeal(self) -> EventSpec | None:
        """Draft an appeal of the chosen cuts, with the suggested reasons to start from."""
        page = await self.get_state(RejectionPage)
        return await _draft(page, {number: AskedLine() for number in chosen_lines(page)})

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def appeal_whole(self) -> EventSpec | None:
        """Draft an appeal of the invoice as a whole."""
        page = await self.get_state(RejectionPage)
        return await _draft(page, {None: AskedLine()})

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def save(self, form: dict[str, str]) -> EventSpec | None:
        """Keep the reasons and the letter of a draft."""
        page = await self.get_state(RejectionPage)
        reasons = {number_of(name.removeprefix("reason-")): text[:_REASON] for name, text in named(form, "reason-")}
        key, seen = record_of(form)
        done = await act(
            page,
            lambda session: (
                appeals.change_appeal(
                    session, actor(), appeal_id=key, expected_version=seen, reasons=reasons, letter=form.get("letter")
                ).number
            ),
            typed="\n".join(reasons.values()),
        )
        return rx.toast.success("The draft is saved.") if done is not None else None

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def withdraw(self, appeal_id: str, version: str) -> EventSpec | None:
        """Put a draft away."""
        page = await self.get_state(RejectionPage)
        key, seen = whole_number(appeal_id), whole_number(version)
        done = await act(
            page, lambda session: appeals.withdraw_appeal(session, actor(), appeal_id=key, expected_version=seen).number
        )
        return rx.toast.success("The draft is withdrawn.") if done is not None else None

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def attach(self, files: list[rx.UploadFile]) -> EventSpec | None:
        """Put a document with the draft that is open."""
        page = await self.get_state(RejectionPage)
        draft = next((one for one in page.appeals if one.can_change), None)
        if draft is None or len(files) != 1:
            page.problem = "Drop one PDF, PNG or JPEG of at most 10 MB on a draft. Nothing was saved."
            return None
        name, content = files[0].name or "document", await files[0].read()
        done = await act(
            page,
            lambda session: appeal_documents.attach_document(
                session, actor(), appeal_id=int(draft.id), expected_version=int(draft.version), name=name,
                content=content,
            ).name
        )  # fmt: skip
        return rx.toast.success(f"{done} is attached.") if done is not None else None

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def refuse_document(self) -> None:
        """Say why a document was not even sent: the browser knows its size and kind."""
        page = await self.get_state(RejectionPage)
        page.problem = "A document is one PDF, PNG or JPEG of at most 10 MB. Nothing was saved; choose another."

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def detach(self, appeal_id: str, version: str, document_id: str) -> None:
        """Take a document off a draft."""
        page = await self.get_state(RejectionPage)
        key, seen, document = whole_number(appeal_id), whole_number(version), whole_number(document_id)
        await act(
            page,
            lambda session: (
                appeal_documents.remove_document(
                    session, actor(), appeal_id=key, document_id=document, expected_version=seen
                ).name
            ),
        )

    @rx.event
    @guarded(Role.BILLER)
    async def send(self, form: dict[str, str]) -> EventSpec | None:
        """Record that a draft was sent, when and with what proof."""
        page = await self.get_state(RejectionPage)
        key, seen = record_of(form)
        reference = form.get("reference", "")[:_REFERENCE]
        done = await act(
            page,
            lambda session: appeals.send_appeal(
                session, actor(), appeal_id=key, expected_version=seen, sent_on=day_in(form, "sent_on"),
                reference=reference,
            ).number,
            typed=reference,
        )  # fmt: skip
        return rx.toast.success(f"Appeal {done} is recorded as sent.") if done is not None else None

    @rx.event
    @guarded(Role.BILLER)
    async def record_answer(self, form: dict[str, str]) -> EventSpec | None:
        """Record what the carrier granted, line by line."""
        page = await self.get_state(RejectionPage)
        key, seen = record_of(form)
        answer = form.get("answer", "")[:_ANSWER]

        def work(session: Session) -> str:
            granted = {
                number_of(name.removeprefix("granted-")): number_typed(text or "0", "what was granted")
                for name, text in named(form, "granted-")
            }
            return appeals.record_answer(
                session, actor(), appeal_id=key, expected_version=seen, granted=granted,
                answered_on=day_in(form, "answered_on"), answer=answer,
            ).status.value  # fmt: skip

        done = await act(page, work, typed=answer)
        return rx.toast.success(f"Recorded: {done.replace('_', ' ')}.") if done is not None else None


async def _draft(page: RejectionPage, lines: Mapping[int | None, AskedLine]) -> EventSpec | None:
    invoice_id = int(page.item_id or 0)
    done = await act(
        page, lambda session: appeals.draft_appeal(session, actor(), invoice_id=invoice_id, lines=lines).number
    )
    if done is None:
        return None
    await forget_choice(page)
    return rx.toast.success(f"Appeal {done} is drafted. Go over its reasons, then send it.")
