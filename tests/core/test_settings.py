"""Settings come from the environment; what is safe on loopback only is said by one property."""

import pytest

from core.settings import Settings, get_settings


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:3000",
        "http://127.0.0.1",
        "http://[::1]:80",
        "http://portal.localhost:3000",
        "http://127.8.0.1",
    ],
)
def test_plain_http_on_this_machine_is_loopback(url: str) -> None:
    assert Settings(public_url=url).is_loopback_http


@pytest.mark.parametrize(
    "url", ["https://localhost", "http://portal.example", "http://10.0.0.5", "http://localhost.evil.example", "http://"]
)
def test_everything_else_is_not(url: str) -> None:
    assert not Settings(public_url=url).is_loopback_http


def test_environment_wins_and_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLING_PUBLIC_URL", "https://billing.example/")
    get_settings.cache_clear()
    assert get_settings().public_url == "https://billing.example"
    assert get_settings() is get_settings()


def test_secrets_do_not_print() -> None:
    assert "practice-only" not in repr(Settings())


def test_evidence_stands_under_the_data_folder() -> None:
    assert Settings().evidence_dir == Settings().var_dir / "evidence"
