"""What the viewer chose: which kind reaches them by which channel, their clock, their phone and their chat."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

import reflex as rx

from core.db import get_database, read_only
from core.errors import BillingError, InvalidInputError
from models import NotificationDelivery
from models.enums import DeliveryStatus, NoticeKind, NotificationChannel, Rhythm
from services.notice_kinds import KINDS
from services.notices import HEARERS
from services.notifications import addresses, chat_addresses, phones
from services.notifications.preferences import MyPreferences, choose, my_preferences, set_clock
from services.notifications.quiet_hours import zone_names
from services.notifications.self_tests import latest_tests, send_test
from state.acting import ActingState
from state.addresses import as_choice
from state.guard import actor, guarded
from state.live import changes
from state.responses.assigning import assign

ZONES = zone_names()
RHYTHMS = (("at_once", "At once"), ("hourly", "Every hour"), ("daily", "Once a day"), ("off", "Not by mail"))
_EVERYTHING = "all"
_FORMS = ("phone", "chat", "clock")
_TESTED = {
    DeliveryStatus.QUEUED: "The test waits to be sent.",
    DeliveryStatus.SENDING: "The test is being sent.",
    DeliveryStatus.SENT: "The test was sent; look whether it came.",
    DeliveryStatus.DELIVERED: "The test arrived.",
    DeliveryStatus.DROPPED: "The test was taken back.",
}


@dataclass(frozen=True)
class ChoiceRow:
    """One kind with what reaches the viewer of it; `email` is a rhythm, the others say whether."""

    kind: str
    title: str
    what: str
    email: str
    by_phone: bool
    by_chat: bool


class NotificationChoices(ActingState, rx.State):
    """The page of the viewer's own choices; `problem_of` names the part that was refused last.

    A form is drawn anew when its number in `rounds` grows.
    """

    rows: list[ChoiceRow] = []
    email: str = ""
    bounce: str = ""
    zone: str = ""
    firm_zone: str = ""
    daily_at: str = ""
    quiet_from: str = ""
    quiet_until: str = ""
    is_quiet_on_weekends: bool = False
    phone: str = ""
    is_phone_verified: bool = False
    is_code_under_way: bool = False
    has_webhook: bool = False
    email_test: str = ""
    phone_test: str = ""
    chat_test: str = ""
    problem_of: str = ""
    done: str = ""
    rounds: dict[str, int] = dict.fromkeys(_FORMS, 0)
    is_loading: bool = True
    failure: str = ""

    _roles = frozenset(HEARERS)
    _version: int = 0

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Read what is chosen."""
        assign(self, problem="", problem_of="", done="")
        self.rounds = {form: number + 1 for form, number in self.rounds.items()}
        await self._refresh()

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Tell how tests go while the tab shows the page."""
        async for _ in changes(self, "notification_delivery"):
            async with self:
                await self._refresh()

    @rx.event
    @guarded(by_page=True)
    async def choose_mail(self, kind: str, rhythm: str) -> None:
        """Choose how e-mail tells a kind, or all of them."""
        wanted = as_choice(Rhythm, rhythm)
        if wanted is None:
            raise InvalidInputError("There is no such choice. Nothing was changed.")
        await self._choose(kind, NotificationChannel.EMAIL, wanted)

    @rx.event
    @guarded(by_page=True)
    async def choose_phone(self, kind: str, is_on: bool) -> None:  # noqa: FBT001 -- a box of the page
        """Choose whether a text tells a kind, or all of them."""
        await self._choose(kind, NotificationChannel.SMS, Rhythm.AT_ONCE if is_on else Rhythm.OFF)

    @rx.event
    @guarded(by_page=True)
    async def choose_chat(self, kind: str, is_on: bool) -> None:  # noqa: FBT001 -- as above
        """Choose whether a chat message tells a kind, or all of them."""
        await self._choose(kind, NotificationChannel.SLACK, Rhythm.AT_ONCE if is_on else Rhythm.OFF)

    @rx.event
    @guarded(by_page=True)
    async def keep_clock(self, form: dict[str, str]) -> None:
        """Store time zone, hour of the daily mail and quiet hours."""
        version = self._version
        await self._do("clock", lambda: _set_clock(form, version), "Your hours are stored.")

    @rx.event
    @guarded(by_page=True)
    async def send_code(self, form: dict[str, str]) -> None:
        """Send a code to a number."""
        typed = form.get("phone", "")
        await self._do("phone", lambda: phones.ask_for_code(actor(), typed=typed), "A code is on its way.", typed)

    @rx.event
    @guarded(by_page=True)
    async def confirm_code(self, form: dict[str, str]) -> None:
        """Take the code that came."""
        typed = form.get("code", "")
        await self._do("phone", lambda: phones.take_code(actor(), typed=typed), "Your phone takes texts now.")

    @rx.event
    @guarded(by_page=True)
    async def forget_phone(self) -> None:
        """Delete the number."""
        await self._do("phone", lambda: _write(phones.forget_phone), "Your number is deleted.")

    @rx.event
    @guarded(by_page=True)
    async def store_webhook(self, form: dict[str, str]) -> None:
        """Seal the address of a webhook; what was typed is not kept anywhere else."""
        typed = form.get("webhook", "")
        await self._do("chat", lambda: _store(typed), "The webhook is sealed and never shown again.")

    @rx.event
    @guarded(by_page=True)
    async def delete_webhook(self) -> None:
        """Delete it."""
        await self._do("chat", lambda: _write(chat_addresses.delete_webhook), "The webhook is deleted.")

    @rx.event
    @guarded(by_page=True)
    async def trust_address(self) -> None:
        """Send mail to the viewer's address again."""
        await self._do("email", _trust, "Mail is sent to your address again.")

    @rx.event
    @guarded(by_page=True)
    async def test(self, channel: str) -> None:
        """Send a message to oneself."""
        wanted = as_choice(NotificationChannel, channel)
        if wanted is None:
            raise InvalidInputError("There is no such channel. Nothing was sent.")
        part = {NotificationChannel.EMAIL: "email", NotificationChannel.SMS: "phone"}.get(wanted, "chat")
        await self._do(part, lambda: _test(wanted), "")

    @rx.event
    @guarded(by_page=True)
    async def dismiss(self) -> None:
        """Put the message away."""
        self.done = ""

    async def _choose(self, kind: str, channel: NotificationChannel, rhythm: Rhythm) -> None:
        await self._do("kinds", lambda: _choose(kind, channel, rhythm), "")

    async def _do(self, part: str, work: Callable[[], object], done: str, typed: str = "") -> None:
        self.problem_of, self.done = part, ""
        if await self._try(lambda: (work(), True), typed) is None:
            await self._refresh()
            return
        self.problem_of, self.done = "", done
        if part in self.rounds and done:
            # The others keep what is being typed into them.
            self.rounds = {**self.rounds, part: self.rounds[part] + 1}
        await self._refresh()

    async def _refresh(self) -> None:
        try:
            mine, tests = await asyncio.to_thread(_read)
        except BillingError as error:
            self.failure, self.is_loading = error.user_message, False
            return
        self._version = mine.version
        assign(
            self,
            rows=[_row(kind, mine) for kind in mine.kinds],
            email=mine.email,
            bounce=mine.bounce_reason,
            zone=mine.time_zone,
            firm_zone=mine.firm_zone,
            daily_at=f"{mine.daily_at:%H:%M}",
            quiet_from=_hour(mine.quiet_from),
            quiet_until=_hour(mine.quiet_until),
            is_quiet_on_weekends=mine.is_quiet_on_weekends,
            phone=mine.phone,
            is_phone_verified=mine.is_phone_verified,
            is_code_under_way=mine.is_code_under_way,
            has_webhook=mine.has_webhook,
            email_test=_tested(tests, NotificationChannel.EMAIL),
            phone_test=_tested(tests, NotificationChannel.SMS),
            chat_test=_tested(tests, NotificationChannel.SLACK),
            failure="",
            is_loading=False,
        )


def _row(kind: NoticeKind, mine: MyPreferences) -> ChoiceRow:
    wishes = {channel: mine.wishes[kind, channel] for channel in NotificationChannel}
    return ChoiceRow(
        kind.value,
        KINDS[kind].title,
        KINDS[kind].what,
        wishes[NotificationChannel.EMAIL].value,
        wishes[NotificationChannel.SMS] is not Rhythm.OFF,
        wishes[NotificationChannel.SLACK] is not Rhythm.OFF,
    )


def _tested(tests: dict[NotificationChannel, NotificationDelivery], channel: NotificationChannel) -> str:
    found = tests.get(channel)
    if found is None:
        return ""
    return _TESTED.get(found.status) or f"The test did not arrive: {found.failure}"


def _read() -> tuple[MyPreferences, dict[NotificationChannel, NotificationDelivery]]:
    with read_only() as session:
        return my_preferences(session, actor()), latest_tests(session, actor())


def _choose(kind: str, channel: NotificationChannel, rhythm: Rhythm) -> None:
    one = as_choice(NoticeKind, kind)
    if one is None and kind != _EVERYTHING:
        raise InvalidInputError("There is no such kind of notice. Nothing was changed.")
    with read_only() as session:
        mine = my_preferences(session, actor()).kinds
    wishes = {(each, channel): rhythm for each in (mine if one is None else (one,))}
    get_database().transact(lambda session: choose(session, actor(), wishes=wishes))


def _set_clock(form: dict[str, str], version: int) -> None:
    begins, ends = _time(form.get("quiet_from", "")), _time(form.get("quiet_until", ""))
    if (begins is None) != (ends is None):
        raise InvalidInputError(
            "Quiet hours need a beginning and an end. Nothing was changed; leave both empty for none."
        )
    quiet = (begins, ends) if begins is not None and ends is not None else None
    get_database().transact(
        lambda session: set_clock(
            session,
            actor(),
            time_zone=form.get("zone", ""),
            daily_at=_time(form.get("daily_at", "")) or time(8),
            quiet=quiet,
            is_quiet_on_weekends=bool(form.get("weekends")),
            expected_version=version,
        )
    )


def _time(text: str) -> time | None:
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as wrong:
        message = f"“{text.strip()[:20]}” is no time of day. Nothing was changed; write it as in 20:00."
        raise InvalidInputError(message) from wrong


def _hour(value: time | None) -> str:
    return f"{value:%H:%M}" if value is not None else ""


def _write(verb: Callable[..., None]) -> None:
    get_database().transact(lambda session: verb(session, actor()))


def _store(typed: str) -> None:
    get_database().transact(lambda session: chat_addresses.store_webhook(session, actor(), typed=typed))


def _trust() -> None:
    me = actor()
    if me.user_id is not None:
        user_id = me.user_id
        get_database().transact(lambda session: addresses.trust_address(session, me, user_id=user_id))


def _test(channel: NotificationChannel) -> None:
    get_database().transact(lambda session: send_test(session, actor(), channel=channel))
