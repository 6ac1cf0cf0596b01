"""A dry run on a site in memory: every step told, nothing given, nothing final clicked."""

import pytest

from carriers.errors import LoginRejectedError, PageChangedError, SessionEndedError
from carriers.profile import InvalidProfileError, load_profile
from carriers.rehearsable import load_rehearsable
from carriers.rehearsal import Rehearsal
from carriers.seeds import seed_profiles
from tests.carriers.fake_site import BASE_URL, CREDENTIALS, FakeSite


class Journal:
    """What was written down of the log-in, in order."""

    def __init__(self):
        self.said = []

    def begin(self):
        self.said.append("begin")

    def accepted(self):
        self.said.append("accepted")

    def refused(self, error):
        self.said.append("refused")

    def unjudged(self):
        self.said.append("unjudged")


class Told:
    def __init__(self):
        self.reports = []

    def tell(self, report):
        self.reports.append(report)

    @property
    def results(self):
        return [(report.list_name, report.position, report.result) for report in self.reports]


def impatient(change=lambda _steps: None):
    document = seed_profiles()["harbor-mutual"].model_dump(mode="json")
    for steps in document["site"]["steps"].values():
        for step in steps:
            step["timeout_seconds"] = 0.05
    change(document["site"]["steps"])
    return load_profile(document)


def walk(site, profile=None, journal=None):
    told = Told()
    rehearsal = Rehearsal(site, profile or impatient(), BASE_URL, CREDENTIALS, lambda: "", told, journal)
    return told, lambda: rehearsal.walk({"client_code": "HARBOR", "matter": "2026-1"})


def test_walk_tells_every_step_and_gives_nothing():
    site = FakeSite()
    told, go = walk(site)
    go()
    done = [("login", n, "done") for n in range(6)] + [("upload", 0, "done"), ("upload", 1, "done")]
    assert told.results[:8] == done
    assert [result for _, _, result in told.results[8:10]] == ["seen", "seen"]
    assert {result for _, _, result in told.results[10:]} == {"not_seen"}
    assert (site.posts, site._chosen) == ([], b"")
    assert all(report.png and "S3cret" not in report.html for report in told.reports[:9])


def test_walk_counts_what_each_selector_meets():
    told, go = walk(FakeSite(buttons=3))
    go()
    by_label = {report.label: report.counts for report in told.reports}
    assert by_label["Type the user name"] == (1, 0)
    assert by_label["Upload"] == (3,)
    assert by_label["Upload page"] == (1,)


def test_walk_stops_before_a_certification():
    def certify(steps):
        steps["upload"].insert(2, {"verb": "check", "label": "I certify", "selectors": ["#fileLedes"], "certify": True})

    site = FakeSite()
    told, go = walk(site, impatient(certify))
    go()
    assert told.results[8] == ("upload", 2, "seen")
    assert "#fileLedes" not in site._fields


def test_walk_tells_the_step_that_failed():
    absent = {"verb": "click", "label": "Next", "selectors": ["#next"], "timeout_seconds": 0.05}
    told, go = walk(FakeSite(is_layout_changed=True), impatient(lambda steps: steps["upload"].insert(2, dict(absent))))
    with pytest.raises(PageChangedError):
        go()
    assert told.results[-1] == ("upload", 2, "failed")
    assert told.reports[-1].png


def test_walk_ends_with_a_refused_log_in():
    site = FakeSite(password="another")
    told, go = walk(site)
    with pytest.raises(LoginRejectedError):
        go()
    assert told.results[-1] == ("login", 5, "failed")
    assert site.logins == 1


def without_the_last_page(steps):
    """Leave out what looks for something behind the log-in, as a recording may."""
    steps["login"] = [step for step in steps["login"] if step["verb"] not in {"expect", "wait_for"}]


def without_secrets(steps):
    steps["login"] = [step for step in steps["login"] if step["verb"] in {"goto", "expect"}][:1]
    steps["upload"] = [{"verb": "goto", "label": "Open", "value": "/Login"}, *steps["upload"]]


def test_walk_writes_down_that_the_log_in_was_taken():
    journal = Journal()
    walk(FakeSite(), journal=journal)[1]()
    assert journal.said == ["begin", "accepted"]


def test_walk_without_a_page_behind_the_log_in_proves_it_at_the_file():
    journal = Journal()
    walk(FakeSite(), impatient(without_the_last_page), journal)[1]()
    assert journal.said == ["begin", "accepted"]


def test_walk_that_never_came_to_the_file_proves_nothing():
    def without_the_field(steps):
        without_the_last_page(steps)
        next(step for step in steps["upload"] if step["verb"] == "upload")["selectors"] = ["#gone"]

    journal = Journal()
    told, go = walk(FakeSite(), impatient(without_the_field), journal)
    go()
    assert ("upload", 2, "not_seen") in told.results
    assert journal.said == ["begin"]


def test_walk_that_types_no_secret_proves_nothing():
    journal = Journal()
    with pytest.raises(SessionEndedError):
        walk(FakeSite(), impatient(without_secrets), journal)[1]()
    assert journal.said == []


def test_a_draft_needs_only_what_is_walked():
    document = seed_profiles()["harbor-mutual"].model_dump(mode="json")
    steps = {"login": document["site"]["steps"]["login"], "upload": document["site"]["steps"]["upload"][:2]}
    draft = {
        "site": {"steps": steps, "pages": document["site"]["pages"], "credentials": document["site"]["credentials"]}
    }
    profile = load_rehearsable(draft)
    assert [step.label for step in profile.site.steps.upload[:2]] == ["Open the upload page", "Upload page"]
    assert load_rehearsable(document) == load_profile(document)


@pytest.mark.parametrize(
    "draft",
    [{}, {"site": 5}, {"site": {"steps": []}}, {"site": {"steps": {"login": [], "upload": [7]}}}, {"script": "x"}],
)
def test_a_draft_without_a_walk_is_refused_with_its_problems(draft):
    with pytest.raises(InvalidProfileError) as invalid:
        load_rehearsable(draft)
    assert invalid.value.problems
