"""The job behind the bell of invoices that go by mail."""

from adapters.mailer import mailer_from
from adapters.object_store import object_store
from core.db import get_database
from core.ids import correlated
from core.settings import get_settings
from services.mailing.sending import MailTools, send_mailing


def send(mailing_id: int, correlation_id: str) -> None:
    """Send one invoice by mail; twice does no harm."""
    settings = get_settings()
    with correlated(correlation_id):
        send_mailing(MailTools(get_database(), settings, mailer_from(settings), object_store(settings)), mailing_id)
