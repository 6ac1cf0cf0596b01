"""The job behind the bell of reports by mail: from the turn's row to the outbox, rung by the dispatcher, once."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from rq import Queue
from rq.serializers import JSONSerializer
from sqlmodel import select

from core import queue
from core.db import Database
from core.settings import get_settings
from jobs import report_mails, worker
from jobs.dispatcher import Dispatcher
from models import ReportMail
from models.enums import Cadence, Role
from services.reporting.saved_reports import save_report
from services.reporting.schedules import subscribe
from tests.builders import actor_for, id_of, make_user


def make_turn(database: Database) -> int:
    with database.unit_of_work() as session:
        who = actor_for(make_user(session, Role.BILLER))
        saved_id = save_report(session, who, name="Cycle", report="cycle", filters={})
        subscribe(session, who, saved_id=saved_id, cadence=Cadence.WEEKLY, firm_zone="America/New_York")
        return id_of(session.exec(select(ReportMail)).one())


def test_send_puts_the_mail_into_the_outbox_once(database: Database) -> None:
    mail_id = make_turn(database)
    for _ in range(2):
        report_mails.send(mail_id, "c" * 16)
    [path] = Path(get_settings().outbox_dir).glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=default)
    with database.read_only() as session:
        row = session.get_one(ReportMail, mail_id)
    assert (row.sent_at is not None, message["Message-ID"]) == (True, row.message_id)


def test_send_of_a_row_that_is_gone_does_no_harm(database: Database) -> None:
    report_mails.send(4242, "c" * 16)
    assert not Path(get_settings().outbox_dir).exists()


@pytest.mark.redis
def test_dispatcher_rings_for_a_turn_that_is_due(
    database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILLING_REDIS_URL", redis_url)
    get_settings.cache_clear()
    queue.connect.cache_clear()
    mail_id = make_turn(database)
    looking = Dispatcher(database, get_settings())
    looking.look_once()
    line = Queue(queue.REPORT_MAIL.queue, connection=queue.connect(), serializer=JSONSerializer)
    [job] = line.jobs
    assert (job.func_name, job.args[0]) == ("jobs.report_mails.send", mail_id)
    job.perform()
    line.empty()
    looking.look_once()
    assert line.jobs == []


def test_workers_answer_the_bell(database: Database) -> None:
    assert queue.REPORT_MAIL in worker._bells(get_settings(), database)
