"""A health walk on a site in memory: behind the wall, each page looked at once, nothing given or finally clicked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from carriers.errors import LoginRejectedError, PageChangedError, SessionEndedError, SiteUnavailableError
from carriers.health_walk import HealthWalk, PageLook
from carriers.page_sheet import RawSurvey
from carriers.profile import CarrierProfile, load_profile
from carriers.seeds import seed_profiles
from carriers.wall import StoppedRequest, WallError, wall_page
from core.errors import BillingError
from tests.carriers.fake_site import BASE_URL, CREDENTIALS, FakeSite

UPLOAD_FORM = StoppedRequest("POST", "harbor.localhost", "/Next", "main_frame")


@dataclass
class WalledSite(FakeSite):
    """The site behind a wall that remembers when it stood; `sends` is what the next address sends by itself."""

    story: list[str] = field(default_factory=list)
    sends: list[StoppedRequest] = field(default_factory=list)
    is_wall_missing: bool = False
    _stopped: list[StoppedRequest] = field(default_factory=list)

    def open(self, url: str) -> None:
        super().open(url)
        self.story.append(url.removeprefix(BASE_URL))
        if "/Upload" in url:
            self._stopped += self.sends

    def raise_wall(self) -> None:
        if self.is_wall_missing:
            raise WallError
        self.story.append("up")

    def lower_wall(self) -> None:
        self.story.append("down")

    def stopped(self) -> tuple[StoppedRequest, ...]:
        return tuple(self._stopped)

    def survey(self, data_rows: Sequence[str], selectors: Sequence[str]) -> RawSurvey:
        view = self._view()
        parts = [{"kind": "field", "type": "text", "name": name} for name in view if name not in data_rows]
        return RawSurvey(parts=tuple(parts), met=tuple((int(one in view), None) for one in selectors))


class Told:
    """An audience that remembers, and gives way before the list it is told to."""

    def __init__(self, gives_way_at: int = 99) -> None:
        self.looks: list[PageLook] = []
        self.checks, self._gives_way_at = 0, gives_way_at

    def tell(self, look: PageLook) -> None:
        self.looks.append(look)

    def check(self) -> None:
        self.checks += 1
        if self.checks > self._gives_way_at:
            raise BillingError("Files are ready.")

    @property
    def pages(self) -> list[str]:
        return [f"{look.list_name}/{look.page}" for look in self.looks]


def profile_of(change: Any = None) -> CarrierProfile:
    document = seed_profiles()["harbor-mutual"].model_dump(mode="json")
    for steps in document["site"]["steps"].values():
        for step in steps:
            step["timeout_seconds"] = 0.05
    if change:
        change(document["site"]["steps"])
    return load_profile(document)


def walk(site: WalledSite, told: Told | None = None, change: Any = None, **known: str) -> tuple[Told, dict[str, str]]:
    told = told or Told()
    going = HealthWalk(site, profile_of(change), BASE_URL, CREDENTIALS, lambda: "", told)
    return told, dict(going.walk({"client_code": "HARBOR", **known}))


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("carriers.health_walk._SETTLE_SECONDS", 0)


def test_walk_looks_at_each_page_once_and_gives_nothing():
    site = WalledSite()
    told, ends = walk(site)
    assert told.pages == ["login/login", "login/home", "upload/upload", "find_invoice/list"]
    assert ends == {"upload": "walked", "find_invoice": "walked", "read_result": "not_asked"}
    assert (site.posts, site._chosen, site.logins) == ([], b"", 1)
    assert all(look.png for look in told.looks)


def test_the_wall_is_down_for_the_log_in_and_the_log_out_alone():
    site = WalledSite()
    walk(site)
    assert site.story == [
        "down", "about:blank", "/Login", "up",
        "/Invoices/Upload", "about:blank", "/Invoices?number=HEALTH-WALK",
        "about:blank", "down", "/Logout", "up",
    ]  # fmt: skip


def test_a_log_out_that_begins_on_a_page_of_the_site_stays_behind_the_wall():
    site = WalledSite()
    button = {"verb": "click", "label": "Log out", "selectors": ["#out"], "timeout_seconds": 0.05}
    walk(site, change=lambda steps: steps.update(logout=[button]))
    assert site.story.count("down") == 1
    assert site.story[-1] == "up"


def test_the_result_of_an_invoice_that_is_there_is_walked_to():
    site = WalledSite(listed=[{"invoice_number": "INV-1"}])
    told, ends = walk(site, invoice_number="INV-1")
    assert ends["read_result"] == "walked"
    assert told.pages[-2:] == ["read_result/list", "read_result/detail"]


def test_what_the_steps_need_of_the_upload_page_is_told_to_the_final_click():
    told, _ = walk(WalledSite())
    page = told.looks[2].sheet
    assert [(one.step, one.met, one.way) for one in page.reliances] == [
        ("Upload page", "one", 0),
        ("Choose the LEDES file", "one", 0),
        ("Upload", "one", 0),
    ]


def test_a_page_that_lost_its_sign_is_told_with_what_was_looked_for():
    site = WalledSite()

    def elsewhere(steps: dict[str, Any]) -> None:
        steps["upload"][0]["value"] = "/Invoices/Other"

    told, ends = walk(site, change=elsewhere)
    assert (ends["upload"], ends["find_invoice"]) == ("changed", "walked")
    look = told.looks[2]
    assert (look.page, look.sheet.missing, look.sheet.missing_step) == ("upload", "form#uploadForm", "Upload page")


def test_a_way_that_leads_over_a_form_is_no_changed_page():
    def elsewhere(steps: dict[str, Any]) -> None:
        steps["upload"][0]["value"] = "/Other/Upload"

    told, ends = walk(WalledSite(sends=[UPLOAD_FORM]), change=elsewhere)
    assert ends["upload"] == "would_send"
    assert "upload/upload" not in told.pages
    beacon = StoppedRequest("POST", "ads.example", "/b", "ping")
    assert walk(WalledSite(sends=[beacon]), change=elsewhere)[1]["upload"] == "changed"
    assert walk(WalledSite(sends=[UPLOAD_FORM]))[1]["upload"] == "walked"


def test_a_page_that_a_list_comes_to_again_is_another_page():
    def twice(steps: dict[str, Any]) -> None:
        steps["find_invoice"] += [dict(step) for step in steps["find_invoice"][:2]]

    told, _ = walk(WalledSite(), change=twice)
    assert told.pages[-2:] == ["find_invoice/list", "find_invoice/list 2"]


def test_a_changed_log_in_is_told_before_the_walk_ends():
    told = Told()
    with pytest.raises(PageChangedError):
        walk(WalledSite(), told, change=lambda steps: steps["login"][4].update(selectors=["#gone"]))
    assert (told.pages, told.looks[0].sheet.missing) == (["login/login"], "#gone")
    assert [one.met for one in told.looks[0].sheet.reliances] == ["one", "one", "one", "none"]


@pytest.mark.parametrize(
    ("site", "said"),
    [
        (WalledSite(password="another"), LoginRejectedError),
        (WalledSite(is_down=True), SiteUnavailableError),
        (WalledSite(sessions_to_end=1), SessionEndedError),
    ],
)
def test_what_the_site_says_ends_the_walk_behind_the_wall(site: WalledSite, said: type[BillingError]):
    with pytest.raises(said):
        walk(site)
    assert site.story[-1] == "up"


def test_without_the_wall_nothing_behind_the_log_in_is_opened():
    site = WalledSite(is_wall_missing=True)
    with pytest.raises(WallError):
        walk(site)
    assert site.story == ["down", "about:blank", "/Login"]


def test_the_walk_gives_way_between_two_lists():
    site = WalledSite()
    with pytest.raises(BillingError, match="ready"):
        walk(site, Told(gives_way_at=1))
    assert "/Invoices?number=HEALTH-WALK" not in site.story
    assert site.story[-2:] == ["/Logout", "up"]


def test_the_walls_page_has_an_address_that_its_key_gives():
    assert wall_page() == "chrome-extension://hihgndnlonilaoaknioafpembojnhome/wall.html"
