"""Structured logs: one line an event, with the correlation id, and never a secret."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from core.ids import correlation_id
from core.settings import get_settings

_SECRET_KEYS = re.compile(r"(?i)pass|secret|token|cookie|authorization|totp|otp|credential")
# A header as text, or inside a printed dict, list or JSON; the value runs to its quote or the line's end.
_HEADER_TEXT = re.compile(
    r"""(?i)((?:cookie|authorization)(?:\\?['"]\s*,|\\?['"]?\s*[:=])\s*b?)"""
    r"""(?:'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|[^\n]+)"""
)
_MASK = "***"


def configure_logging() -> None:
    """Send structlog and the standard library's logs to stderr, as JSON or for the console by settings."""
    settings = get_settings()
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_correlation,
        mask_secrets,
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer() if settings.log_format == "json" else structlog.dev.ConsoleRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    handler.addFilter(CookieFilter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module: `get_logger(__name__).info("submission:delivered", submission_id=7)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def mask_secrets(_logger: object, _method: str, event_dict: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank the value of every key that sounds like a secret, at any depth."""
    for key, value in event_dict.items():
        event_dict[key] = _masked(key, value)
    return event_dict


class CookieFilter(logging.Filter):
    """Blank cookies and authorizations in the text of foreign log records; web frameworks log whole header sets."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place and keep it; our own records are dicts, masked by `mask_secrets` already."""
        if isinstance(record.msg, dict):
            return True
        text = record.getMessage()
        clean = _HEADER_TEXT.sub(rf"\1{_MASK}", text)
        if clean != text:
            record.msg, record.args = clean, ()
        return True


def _masked(key: str, value: Any) -> Any:  # noqa: ANN401 -- any logged value
    if _SECRET_KEYS.search(key):
        return _MASK
    if isinstance(value, dict):
        return {inner: _masked(str(inner), item) for inner, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked("", item) for item in value]
    return value


def _add_correlation(_logger: object, _method: str, event_dict: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if current := correlation_id():
        event_dict.setdefault("correlation_id", current)
    return event_dict
