"""The job behind the bell of reports that go by mail."""

from adapters.mailer import mailer_from
from core.db import get_database
from core.ids import correlated
from core.settings import get_settings
from services.reporting.report_sending import ReportTools, send_report_mail


def send(mail_id: int, correlation_id: str) -> None:
    """Send one turn's report; twice does no harm."""
    settings = get_settings()
    with correlated(correlation_id):
        send_report_mail(ReportTools(get_database(), settings, mailer_from(settings)), mail_id)
