"""The job behind the notifications' bell: put what was told into the queue, and send what is due."""

from adapters.chat import chat_from
from adapters.mailer import Mailer, UnusableMailer, mailer_from
from adapters.texting import texter_from
from core.db import get_database
from core.errors import InvalidInputError
from core.ids import correlated
from core.settings import Settings, get_settings
from jobs.stopping import is_asked_to_stop
from services.notifications.sending import SendingTools, drain


def send(_row: int, correlation_id: str) -> None:
    """Drain the queue of messages; several at a time and twice do no harm."""
    settings = get_settings()
    with correlated(correlation_id):
        tools = SendingTools(
            get_database(),
            settings,
            _mailer(settings),
            texter_from(settings),
            chat_from(settings),
            is_asked_to_stop=is_asked_to_stop,
        )
        drain(tools)


def _mailer(settings: Settings) -> Mailer:
    """Return the way out for mails; where the settings name none that can be used, texts and chats go all the same."""
    try:
        return mailer_from(settings)
    except InvalidInputError as wrong:
        return UnusableMailer(wrong.user_message)
