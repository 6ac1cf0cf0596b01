"""A visit keeps one browser for several carriers, and leaves it behind in every case."""

from collections.abc import Callable
from typing import Any

import pytest

from carriers.browser_options import BrowserOptions
from carriers.errors import BrowserUnavailableError, SiteUnavailableError
from carriers.profile import load_profile
from core.crypto import Secret
from core.settings import Settings
from jobs import browser_visit
from jobs.browser_visit import BrowserVisit, open_visit
from services.uploads.site_visit import VisitOrder
from tests.builders import profile_document


class Told:
    """What the pretend browser and its sessions were told, in order."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.credentials: dict[str, Secret] = {}
        self.logout_fails = False
        self.may_use_forms = False


class PretendBrowser:
    def __init__(self, told: Told) -> None:
        self._told = told
        self.is_alive = False
        self.grid_session = ""

    def start(self) -> None:
        self._told.log.append("start")
        self.is_alive = True

    def close(self) -> None:
        self._told.log.append("close")

    def kill(self) -> None:
        self._told.log.append("kill")


class PretendSession:
    def __init__(self, told: Told) -> None:
        self._told = told

    def find_invoice(self, file: object) -> None:
        self._told.log.append("find")

    def keep_listing(self, file: object) -> None:
        self._told.log.append("list")

    def read_result(self, file: object) -> None:
        self._told.log.append("result")

    def upload(self, file: object, *, before_commit: Callable[[str], None]) -> None:
        self._told.log.append("upload")

    def close(self) -> None:
        """Let go of nothing."""

    def logout(self) -> None:
        self._told.log.append("logout")
        if self._told.logout_fails:
            raise SiteUnavailableError("Practice site")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    told = Told()

    def session(*parts: Any, may_use_forms: bool) -> PretendSession:
        told.credentials, told.may_use_forms = dict(parts[3]), may_use_forms
        return PretendSession(told)

    monkeypatch.setattr(browser_visit, "Browser", lambda *_: PretendBrowser(told))
    monkeypatch.setattr(browser_visit, "SiteSession", session)
    return told


def visit_of(**more: object) -> BrowserVisit:
    secrets = {"username": Secret("hwr"), "password": Secret("x"), "totp": Secret("SEED")}
    order = VisitOrder("Practice site", "http://a.localhost", secrets, lambda: "1", None, None, **more)
    return BrowserVisit(order, BrowserOptions())


def test_visit_starts_a_browser_once_for_many_files_of_a_carrier(told):
    visit, profile = visit_of(), load_profile(profile_document())
    visit.find_invoice(profile, None)
    visit.upload(profile, None, before_commit=print)
    visit.read_result(profile, None)
    visit.keep_listing(profile, None)
    visit.close()
    assert told.log == ["start", "find", "upload", "result", "list", "logout", "close"]


def test_visit_signs_out_before_the_next_carrier(told):
    visit = visit_of()
    for _ in range(2):
        visit.find_invoice(load_profile(profile_document()), None)
    assert told.log == ["start", "find", "logout", "start", "find"]


@pytest.mark.parametrize("consent", [True, False])
def test_visit_hands_the_sites_consent_to_the_session(told, consent):
    visit_of(may_use_forms=consent).find_invoice(load_profile(profile_document()), None)
    assert told.may_use_forms is consent


def test_visit_types_no_seed_of_codes(told):
    visit_of().find_invoice(load_profile(profile_document()), None)
    assert set(told.credentials) == {"username", "password"}


def test_visit_ends_the_browser_even_when_the_site_does_not_sign_out(told):
    told.logout_fails = True
    visit = visit_of()
    visit.find_invoice(load_profile(profile_document()), None)
    visit.close()
    assert told.log[-2:] == ["logout", "close"]


def test_visit_that_asked_for_nothing_starts_no_browser(told):
    visit_of().close()
    assert told.log == ["close"]


def test_visit_without_chromium_says_what_to_install(tmp_path):
    settings = Settings(chromium_path=str(tmp_path / "none"), chromedriver_path=str(tmp_path / "none"))
    visit = open_visit(settings)(VisitOrder("Practice site", "http://a.localhost", {}, lambda: "1", None, None))
    with pytest.raises(BrowserUnavailableError, match="install chromium"):
        visit.find_invoice(load_profile(profile_document()), None)
    visit.close()
