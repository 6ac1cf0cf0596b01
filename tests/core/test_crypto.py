"""A secret does not leak through what prints, stores or copies things."""

import copy
import json
import logging
import pickle
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import pytest
import structlog

from core.crypto import Secret
from core.log import configure_logging
from core.settings import get_settings


def test_secret_does_not_print() -> None:
    secret = Secret("hunter2")
    assert {str(secret), repr(secret), f"{secret}", f"{secret!r:>5}", f"{[secret]}"} <= {"Secret(***)", "[Secret(***)]"}
    assert "%s %r" % (secret, secret) == "Secret(***) Secret(***)"  # noqa: UP031 -- logging formats so


def test_secret_is_no_text_for_json() -> None:
    assert not isinstance(Secret("hunter2"), str)
    with pytest.raises(TypeError):
        json.dumps({"password": Secret("hunter2")})


@pytest.mark.parametrize("leave", [pickle.dumps, copy.copy, copy.deepcopy, lambda secret: secret.__getstate__()])
def test_secret_refuses_to_be_taken_along(leave) -> None:
    with pytest.raises(TypeError, match="never pickled"):
        leave(Secret("hunter2"))


def test_secret_refuses_to_leave_inside_another_object() -> None:
    @dataclass
    class Login:
        password: Secret

    with pytest.raises(TypeError, match="never pickled"):
        asdict(Login(Secret("hunter2")))


def test_secret_has_no_dict_to_dump_and_no_text_to_read() -> None:
    readers: tuple[Callable[[Any], object], ...] = (vars, list, len, bytes)
    for read in readers:
        with pytest.raises(TypeError):
            read(Secret("hunter2"))


@pytest.mark.parametrize("form", ["json", "console"])
def test_secret_stays_out_of_a_logged_stack_trace(form, monkeypatch, capsys) -> None:
    monkeypatch.setenv("BILLING_LOG_FORMAT", form)
    get_settings.cache_clear()
    password = f"hunter-{len(form)}"  # a trace shows its lines of source, so it stands whole on none
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    configure_logging()
    try:
        _fail_with_a_secret_in_hand(Secret(password))
    except ValueError:
        structlog.stdlib.get_logger("planted").exception("planted:failed", password=password, tried=Secret(password))
    finally:
        logging.getLogger().handlers[:] = handlers
        logging.getLogger().setLevel(level)
    told = capsys.readouterr().err
    assert "planted:failed" in told
    assert "_fail_with_a_secret_in_hand" in told
    assert password not in told


def _fail_with_a_secret_in_hand(secret: Secret) -> None:
    typed = secret.reveal()
    raise ValueError(f"the site did not take a text of {len(typed)} characters")
