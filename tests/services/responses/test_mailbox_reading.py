"""Reading the mailbox turn by turn: nothing lost, nothing twice, and a clear word when it cannot be read."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.mailbox import MailboxRefusedError, MailCursor, NewMail
from adapters.object_store import LocalObjectStore
from core.clock import now
from core.db import Database
from core.errors import UnavailableError
from core.settings import Settings
from models import MailboxState, ResultMail, SiteFinding
from models.enums import DecisionStatus, DocumentStatus, ResultMailStatus, SubmissionStatus
from services.responses import mailbox_reading
from services.responses.mailbox_reading import ReadingTools, ask_to_read, mailbox_state, read_mailbox
from services.row_ids import row_id
from tests.builders import make_carrier, make_invoice, make_matter, make_submission, profile_document, result_mail


@dataclass
class PretendMailbox:
    """Mails in order of their uid; `breaks_after` ends the connection behind so many, `refusal` says no at once."""

    mails: list[bytes] = field(default_factory=list)
    uid_validity: int = 7
    breaks_after: int | None = None
    refusal: UnavailableError | None = None
    asked: list[MailCursor] = field(default_factory=list)

    def new_mails(self, after: MailCursor, *, limit: int) -> Iterator[NewMail]:
        self.asked.append(after)
        if self.refusal:
            raise self.refusal
        last = after.uid if after.uid_validity == self.uid_validity else 0
        for count, (uid, raw) in enumerate(list(enumerate(self.mails, 1))[last : last + limit]):
            if count == self.breaks_after:
                raise UnavailableError("The connection broke.")
            yield NewMail(MailCursor(self.uid_validity, uid), now(), len(raw), raw)


class World:
    """A database with delivered invoices of a carrier that mails, and its mailbox."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.box = database, PretendMailbox()
        self.tools = ReadingTools(database, Settings(), self.box, LocalObjectStore(folder / "store"))
        document = profile_document(result_channel="e_mail")
        document["result_channel"]["mail"]["patterns"][0]["invoice"] = (
            r"(?P<invoice_number>20\d\d-\d+): (?P<decision>\w+)"
        )
        with database.unit_of_work() as session:
            carrier = make_carrier(session, profile=document)
            self.invoices = [self._invoice(session, carrier) for _ in range(3)]
            self.mailbox_id = row_id(mailbox_state(session))

    @staticmethod
    def _invoice(session, carrier):
        states = {"document_status": DocumentStatus.DELIVERED, "decision_status": DecisionStatus.PENDING}
        invoice = make_invoice(session, matter=make_matter(session, carrier=carrier), **states)
        make_submission(session, invoice, status=SubmissionStatus.DELIVERED)
        return invoice

    def post(self, *positions: int) -> None:
        self.box.mails += [result_mail(f"{self.invoices[at].number}: Paid").as_bytes() for at in positions]

    def read(self) -> int:
        return read_mailbox(self.tools, self.mailbox_id)

    def kept(self) -> list[ResultMail]:
        with self.database.read_only() as session:
            return list(session.scalars(select(ResultMail).order_by(ResultMail.id)))

    def state(self) -> MailboxState:
        with self.database.read_only() as session:
            return session.get_one(MailboxState, self.mailbox_id)

    def decided(self) -> int:
        return len([one for one in self.kept() if one.status is ResultMailStatus.MATCHED])


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    return World(database, tmp_path)


def test_read_goes_on_where_the_last_turn_ended(world):
    world.post(0, 1)
    assert [world.read(), world.read()] == [2, 0]
    world.post(2)
    assert world.read() == 1
    assert world.box.asked == [MailCursor(0, 0), MailCursor(7, 2), MailCursor(7, 2)]
    assert world.decided() == 3
    assert world.state().read_at is not None


def test_read_loses_nothing_when_the_connection_breaks(world):
    world.post(0, 1, 2)
    world.box.breaks_after = 1
    assert world.read() == 1
    state = world.state()
    assert (state.uid, state.failure, state.retry_at) == (1, "The connection broke.", None)
    world.box.breaks_after = None
    assert world.read() == 2
    assert (world.state().failure, world.state().failed_at) == ("", None)


def test_read_keeps_the_hour_at_which_the_trouble_began(world):
    world.box.refusal = UnavailableError("Away.")
    world.read()
    since = world.state().failed_at
    world.read()
    assert world.state().failed_at == since


def test_read_leaves_a_mailbox_alone_that_refused_the_password(world):
    world.box.refusal = MailboxRefusedError("Wrong password.")
    world.post(0)
    assert [world.read() for _ in range(3)] == [0, 0, 0]
    assert len(world.box.asked) == 1
    assert world.state().failure == "Wrong password."


def test_read_takes_everything_again_after_a_new_numbering_and_counts_nothing_twice(world):
    world.post(0, 1)
    world.read()
    world.box.uid_validity = 8
    assert world.read() == 0
    assert len(world.kept()) == 2
    assert (world.state().uid_validity, world.state().uid) == (8, 2)


def test_read_stops_before_a_mail_that_the_store_cannot_take(world, tmp_path):
    world.post(0)
    (tmp_path / "blocked").write_text("a file where the folder should be")
    blocked = ReadingTools(world.database, Settings(), world.box, LocalObjectStore(tmp_path / "blocked"))
    assert read_mailbox(blocked, world.mailbox_id) == 0
    assert (world.kept(), world.state().uid) == ([], 0)
    assert "store" in world.state().failure
    assert world.read() == 1


def test_rival_readers_keep_and_record_each_mail_once(each_database, tmp_path):
    world = World(each_database, tmp_path)
    world.post(0, 1, 2)
    start, kept = threading.Barrier(3), []

    def compete():
        start.wait()
        kept.append(world.read())

    threads = [threading.Thread(target=compete) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(kept) == len(world.kept()) == world.decided() == 3
    with each_database.read_only() as session:
        assert session.scalars(select(SiteFinding)).all() == []


def test_ask_to_read_rings_after_the_commit_and_makes_the_row_once(database, monkeypatch):
    rung = []
    monkeypatch.setattr(mailbox_reading, "ring", lambda bell, row_id, _fence: rung.append((bell.kind, row_id)))
    for _ in range(2):
        with database.unit_of_work() as session:
            ask_to_read(session)
            before = len(rung)
        assert len(rung) == before + 1
    assert rung[0] == rung[1] == ("mailbox", 1)
