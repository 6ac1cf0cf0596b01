"""The job behind the mailbox's bell: read the result mails that are new."""

from adapters.mailbox import mailbox
from adapters.object_store import object_store
from core.db import get_database
from core.ids import correlated
from core.settings import get_settings
from services.responses.mailbox_reading import ReadingTools, read_mailbox


def read(mailbox_id: int, correlation_id: str) -> None:
    """Read what came since the last turn; twice does no harm."""
    settings = get_settings()
    with correlated(correlation_id):
        read_mailbox(ReadingTools(get_database(), settings, mailbox(settings), object_store(settings)), mailbox_id)
