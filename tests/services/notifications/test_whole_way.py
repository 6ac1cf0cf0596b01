"""Random days of a person: told, reading, changing their mind, servers that fail and workers that die. Nothing is lost.

Whatever happens, a notice reaches a person by mail under one Message-ID, in Slack at most once, by phone in at most one
text; and once everything works again, what is unread and was wished for all along has arrived.
"""

import random
import re
from collections import defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from adapters.chat import ChatDeferredError, ChatUncertainError
from adapters.mailer import MailDeferredError, MailUncertainError
from adapters.texting import TextDeferredError, TextUncertainError
from core.clock import now
from models import Notice, NotificationDelivery, NotificationItem
from models.enums import DeliveryStatus, NoticeKind, NotificationChannel, Rhythm, Role
from services.notices import tell
from services.notifications.chat_addresses import store_webhook
from services.notifications.delivery_board import resend
from services.notifications.preferences import choose, set_clock
from services.notifications.sending import SendingTools, drain
from tests.builders import actor, actor_for, id_of, make_phone, make_proforma, make_user

C, K, R, S = NotificationChannel, NoticeKind, Rhythm, DeliveryStatus
KINDS = (K.PROFORMA_WAITS, K.PROFORMA_FORWARDED, K.MENTIONED)
MOODS = ("good", "away", "no answer", "dies before", "dies after")
URL = re.compile(r"https://billing\.hwr\.example/proforma/(\d+)")
STEPS = 45


class WorkerDiedError(RuntimeError):
    """The process is gone in the middle of it."""


class Outside:
    """Mail server, text service and Slack in one, whose mood changes; it keeps what really arrived."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.mood = chance, "good"
        self.mails: dict[str, set[str]] = defaultdict(set)
        self.posts: list[str] = []
        self.texts = 0

    def send(self, first, text=None):
        """Take a mail, or a text to a number."""
        if text is not None:
            return self._pass(self._count, TextDeferredError, TextUncertainError)
        kept, body = self.mails[first["Message-ID"]], first.get_body(("plain",)).get_content()
        return self._pass(lambda: kept.update(URL.findall(body)), MailDeferredError, MailUncertainError)

    def post(self, _webhook, _text, blocks):
        """Take a message to a chat."""
        found = [number for block in blocks for number in URL.findall(block["text"]["text"])]
        return self._pass(lambda: self.posts.extend(found), ChatDeferredError, ChatUncertainError)

    def _count(self):
        self.texts += 1

    def _pass(self, arrive, deferred, uncertain):
        mood = self.chance.choice(["good", self.mood])
        if mood == "away":
            raise deferred("away")
        if mood == "dies before":
            raise WorkerDiedError
        arrive()
        if mood == "no answer":
            raise uncertain("no answer")
        if mood == "dies after":
            raise WorkerDiedError
        return f"id-{self.chance.random()}"


class Day:
    """One person's day, and what they may count on at its end."""

    def __init__(self, database, settings, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 -- a day that can be lived again
        self.database, self.outside = database, Outside(self.chance)
        self.tools = SendingTools(database, settings, self.outside, self.outside, self.outside)
        self.kinds: dict[str, NoticeKind] = {}
        self.is_off: set[NoticeKind] = set()
        self.unwished: set[str] = set()
        self.sent_again: set[str] = set()
        with database.unit_of_work() as session:
            person = make_user(session, Role.ATTORNEY)
            make_phone(session, person)
            store_webhook(session, actor_for(person), typed="https://hooks.slack.com/services/x")
            self.me, self.person_id = actor_for(person), id_of(person)

    def step(self) -> None:
        often, rarely = (self.be_told, self.work), (self.read, self.choose, self.be_quiet, self.change)
        self.chance.choice([*often, *often, *rarely])()

    def be_told(self) -> None:
        with self.database.unit_of_work() as session:
            number, kind = id_of(make_proforma(session, lines=0)), self.chance.choice(KINDS)
            self.kinds[str(number)] = kind
            if kind in self.is_off:
                self.unwished.add(str(number))
            tell(session, [self.person_id], kind, "proforma", number, occasion="x")

    def read(self) -> None:
        with self.database.unit_of_work() as session:
            unread = session.scalars(select(col(Notice.id)).where(col(Notice.read_at).is_(None))).all()
            if unread:
                one = col(Notice.id) == self.chance.choice(unread)
                session.execute(update(Notice).where(one).values(read_at=now()))

    def choose(self) -> None:
        channel = self.chance.choice(list(C))
        kind, rhythm = (
            self.chance.choice(KINDS),
            self.chance.choice(list(R) if channel is C.EMAIL else [R.AT_ONCE, R.OFF]),
        )
        self.database.transact(lambda session: choose(session, self.me, wishes={(kind, channel): rhythm}))
        if channel is C.EMAIL:
            self.is_off = self.is_off | {kind} if rhythm is R.OFF else self.is_off - {kind}
            self.unwished |= {number for number, told in self.kinds.items() if told in self.is_off}

    def be_quiet(self) -> None:
        begins, ends = ((now() + timedelta(hours=hours)).time().replace(second=0, microsecond=0) for hours in (-1, 2))
        self.set_quiet(self.chance.choice([None, (begins, ends)]))

    def set_quiet(self, quiet) -> None:
        hours = {"time_zone": "Europe/London", "daily_at": now().time(), "is_quiet_on_weekends": False}
        self.database.transact(lambda session: set_clock(session, self.me, quiet=quiet, **hours))

    def change(self) -> None:
        self.outside.mood = self.chance.choice(MOODS)

    def work(self) -> None:
        """Let the time pass that messages wait for, and a worker come; one that dies leaves its lease behind."""
        with self.database.unit_of_work() as session:
            held = col(NotificationDelivery.lease_until_ms).is_not(None)
            session.execute(update(NotificationDelivery).where(held).values(lease_until_ms=1))
            session.execute(update(NotificationDelivery).values(due_at=now()))
        try:
            drain(self.tools)
        except WorkerDiedError:
            return

    def end_well(self) -> None:
        """Let everything work again: no quiet, mails of every kind, servers in a good mood."""
        self.outside.mood = "good"
        self.set_quiet(None)
        wishes = {(kind, C.EMAIL): R.AT_ONCE for kind in KINDS}
        self.database.transact(lambda session: choose(session, self.me, wishes=wishes))
        self.work()
        self.send_again()
        for _ in range(3):
            self.work()

    def send_again(self) -> None:
        """Do what an administrator does with mails that were given up."""
        with self.database.unit_of_work() as session:
            failed = (col(NotificationDelivery.status) == S.FAILED) & (col(NotificationDelivery.channel) == C.EMAIL)
            for row in session.scalars(select(NotificationDelivery).where(failed)).all():
                held = (
                    select(col(Notice.subject_id)).join(NotificationItem).where(NotificationItem.delivery_id == row.id)
                )
                self.sent_again |= {str(number) for number in session.scalars(held)}
                resend(session, actor(Role.ADMIN), delivery_id=id_of(row), expected_version=row.version)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_lost_and_nothing_comes_twice(database, settings, seed):
    day = Day(database, settings, seed)
    for _ in range(STEPS):
        day.step()
    day.end_well()
    with database.read_only() as session:
        unread = session.scalars(select(col(Notice.subject_id)).where(col(Notice.read_at).is_(None))).all()
        states = session.scalars(select(col(NotificationDelivery.status))).all()
        texts = session.scalar(
            select(func.count(col(NotificationDelivery.id))).where(col(NotificationDelivery.channel) == C.SMS)
        )
    arrived = [number for numbers in day.outside.mails.values() for number in numbers]
    once = [number for number in arrived if number not in day.sent_again]
    assert {str(number) for number in unread} - day.unwished <= set(arrived)
    assert len(once) == len(set(once)), "a notice in two mails"
    assert len(day.outside.posts) == len(set(day.outside.posts)), "a notice twice in Slack"
    assert day.outside.texts <= (texts or 0)
    assert S.SENDING not in states
