"""Where text messages to phones leave: Amazon SNS, or a folder on this machine. Both pass one contract suite."""

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import boto3
import phonenumbers
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    ProxyConnectionError,
)
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from adapters import outbox
from core.errors import BillingError, InvalidInputError, UnavailableError
from core.settings import Settings

_NO_TEXTS = frozenset({
    PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST,
    PhoneNumberType.PAGER, PhoneNumberType.UAN, PhoneNumberType.VOICEMAIL,
})  # fmt: skip
_LATER = frozenset({"Throttled", "Throttling", "ThrottlingException", "ThrottledException", "KMSThrottling"})
_NOT_THIS_NUMBER = frozenset({"InvalidParameter", "InvalidParameterValue", "OptedOut", "UserError", "ValidationError"})
_SERVER_FAULT = 500
_UNTOLD = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError)


class TextRefusedError(BillingError):
    """The service does not send to this number; trying again helps nobody."""

    code = "text_refused"
    status_code = 502


class TextDeferredError(UnavailableError):
    """The service is away or says 'not now': nothing was sent, the same text may be tried again."""

    code = "text_deferred"


class TextUncertainError(UnavailableError):
    """The service was asked and did not answer: the text may have been sent, so it is not sent again by a machine."""

    code = "text_uncertain"
    retryable = False


class TextServiceRefusedError(UnavailableError):
    """The service does not take our credentials, or we have none; trying again at once helps nobody."""

    code = "text_service_refused"
    retryable = False


class Texter(Protocol):
    """A way for text messages to leave."""

    def send(self, number: str, text: str) -> str:
        """Send a text to a number in E.164, as in +12125550123, and return the service's id of it.

        Raises:
            TextRefusedError: refused for good; nothing was sent.
            TextDeferredError: not now; nothing was sent, try again later.
            TextUncertainError: it may have been sent.
            TextServiceRefusedError: the settings do not fit the service; nothing was sent.
        """
        ...


class OutboxTexter:
    """A folder that each text is written into, while no service is named."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def send(self, number: str, text: str) -> str:
        """Write a text into the folder."""
        try:
            return outbox.put_message(self._directory, "sms", {"to": number, "text": text})
        except OSError as wrong:
            raise TextDeferredError("The outbox folder cannot be written. Nothing was sent; try again.") from wrong


class SnsTexter:
    """Amazon SNS; credentials and region come from the environment's own chain.

    The client never repeats a request by itself: a text whose answer got lost would be sent twice.
    """

    def __init__(self, endpoint_url: str = "", *, timeout_seconds: float = 10.0) -> None:
        self._endpoint_url = endpoint_url or None
        self._once = Config(
            connect_timeout=5, read_timeout=timeout_seconds, retries={"total_max_attempts": 1, "mode": "standard"}
        )

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 -- boto3 ships no types
        return boto3.client("sns", endpoint_url=self._endpoint_url, config=self._once)

    def send(self, number: str, text: str) -> str:
        """Let SNS send a text."""
        kind = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
        try:
            answer = self._client.publish(PhoneNumber=number, Message=text, MessageAttributes=kind)
        except ClientError as wrong:
            raise _told(wrong) from wrong
        except NoRegionError as wrong:
            raise _not_ours("no region is set") from wrong
        except NoCredentialsError as wrong:
            raise _not_ours("it has no credentials") from wrong
        except _UNTOLD as wrong:
            raise TextDeferredError("The text service cannot be reached. Nothing was sent; try again later.") from wrong
        except (HTTPClientError, BotoCoreError) as wrong:
            raise _uncertain(type(wrong).__name__) from wrong
        return str(answer["MessageId"])


def texter_from(settings: Settings) -> Texter:
    """Return the way out that the settings name."""
    if settings.texting == "sns":
        return _service(settings.aws_endpoint_url)
    return OutboxTexter(settings.outbox_dir)


def phone_number(typed: str, *, region: str = "US") -> str:
    """Return a number in E.164, as in +12125550123; without + it is one of `region`.

    Raises:
        InvalidInputError: it is no phone number, or one that takes no texts.
    """
    try:
        found = phonenumbers.parse(typed.strip()[:40], region)
    except NumberParseException as wrong:
        raise _no_number() from wrong
    if not phonenumbers.is_valid_number(found) or found.extension:
        raise _no_number()
    if phonenumbers.number_type(found) in _NO_TEXTS:
        raise InvalidInputError("This is no mobile number, so it takes no text messages. Nothing was stored.")
    return str(phonenumbers.format_number(found, PhoneNumberFormat.E164))


def shown_number(number: str) -> str:
    """Return a stored number with all but its last two digits covered: '+1 ••• ••• ••23'."""
    return f"{number[:2]} ••• ••• ••{number[-2:]}" if number else ""


@lru_cache(maxsize=2)
def _service(endpoint_url: str) -> SnsTexter:
    return SnsTexter(endpoint_url)


def _told(wrong: ClientError) -> BillingError:
    """Return the error for what the service answered; its own words may hold the number, so they are not repeated."""
    code = str(wrong.response.get("Error", {}).get("Code", ""))
    status = int(wrong.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _LATER:
        return TextDeferredError("The text service asks to wait. Nothing was sent; try again later.", reason=code)
    if code in _NOT_THIS_NUMBER:
        message = f"The text service does not send to this number ({code}). Nothing was sent; correct the number."
        return TextRefusedError(message, reason=code)
    return _uncertain(code) if status >= _SERVER_FAULT else _not_ours(code)


def _uncertain(reason: str) -> TextUncertainError:
    message = (
        "The text service did not answer, so the text may have been sent. It is not sent again by itself; ask the "
        "person whether it came."
    )
    return TextUncertainError(message, reason=reason)


def _not_ours(reason: str) -> TextServiceRefusedError:
    message = f"The text service does not let the portal send ({reason}). Nothing was sent; check its permission."
    return TextServiceRefusedError(message, reason=reason)


def _no_number() -> InvalidInputError:
    message = "This is no phone number. Nothing was stored; write it as in +1 212 555 0123."
    return InvalidInputError(message)
