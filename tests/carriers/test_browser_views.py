"""Frames and pop-up windows: where the browser works after a click, a commit, or a view that has gone."""

import pytest
from pydantic import TypeAdapter

from carriers.browser import Browser
from carriers.browser_options import BrowserOptions
from carriers.errors import LoginRejectedError, PageChangedError
from carriers.evidence import Recorder
from carriers.player import Player
from carriers.plays import Play
from carriers.profile import Outcome
from carriers.seeds import seed_profiles
from carriers.steps import Step
from tests.carriers.fake_site import CREDENTIALS, Captures
from tests.carriers.small_site import serving

pytestmark = pytest.mark.chromium

PAGES = {
    "form.html": """<!doctype html><input id=u value=old><p class=note>Note</p>
        <button onclick="document.title='clicked'">Send it</button>""",
    "set.html": """<!doctype html><frameset cols="20%,*"><frame name=menu src=form.html>
        <frame name=work src=form.html></frameset>""",
    "frames.html": "<!doctype html><iframe id=inner src=form.html></iframe>",
    "nest.html": "<!doctype html><iframe id=outer src=frames.html></iframe>",
    "closes.html": "<!doctype html><button id=done onclick='window.close()'>Done</button>",
    "opener.html": """<!doctype html><p id=here>Here</p>
        <button id=pop onclick="window.open('closes.html', 'pop', 'width=400,height=300')">Pop</button>""",
    "out.html": "<!doctype html><iframe id=inner src=leave.html></iframe>",
    "leave.html": "<!doctype html><button id=go onclick=\"top.location='form.html'\">Go</button>",
}
NAME = {"verb": "fill", "label": "Name", "selectors": ["#u"], "value": "{username}"}
SEND = {"verb": "click", "label": "Send", "selectors": ["text/Send it"], "commit": True}
POP_UP = [
    {"verb": "goto", "label": "Open", "value": "/opener.html"},
    {"verb": "click", "label": "Pop", "selectors": ["#pop"]},
    {"verb": "switch_window", "label": "There", "value": "newest"},
]


@pytest.fixture(scope="module")
def base_url(tmp_path_factory):
    with serving(PAGES, tmp_path_factory.mktemp("pages")) as origin:
        yield origin


@pytest.fixture(scope="module")
def browser():
    with Browser(BrowserOptions()) as warm:
        yield warm


@pytest.fixture
def play(browser, base_url):
    """Play steps as a log-in that a page with `rejected` on it refuses; return what was done and captured."""

    def played(steps, rejected="#never"):
        parsed = TypeAdapter(tuple[Step, ...]).validate_python([{"timeout_seconds": 3} | step for step in steps])
        seed = seed_profiles()["harbor-mutual"].site
        outcome = Outcome(signal="login_rejected", selectors=(rejected,))
        site = seed.model_copy(
            update={"steps": seed.steps.model_copy(update={"login": parsed}), "outcomes": (outcome,)}
        )
        done, captures = Play({"username": "hwr-billing"}), Captures()
        recorder = Recorder(browser, captures, site, CREDENTIALS.values())
        Player(browser, site, base_url, recorder, lambda: "").play("login", done)
        return done, captures

    return played


def goto(path):
    return {"verb": "goto", "label": "Open", "value": path}


def frame(*selectors):
    return {"verb": "frame", "label": "Frame"} | ({"selectors": list(selectors)} if selectors else {})


def script(browser, text):
    return browser._live.execute_script(text)


@pytest.mark.parametrize(
    ("path", "entered"), [("/set.html", ["frame[name=work]"]), ("/nest.html", ["#outer", "#inner"])]
)
def test_commit_is_clicked_inside_the_frames_entered(browser, play, path, entered):
    done, captures = play([goto(path), *map(frame, entered), NAME, SEND])
    assert done.committed
    assert script(browser, "return [u.value, document.title]") == ["hwr-billing", "clicked"]
    assert captures.kinds[0] == ("before", "Send")


def test_frame_without_selectors_is_the_whole_page(browser, play):
    play([goto("/set.html"), frame("frame[name=menu]"), NAME, frame(), frame("frame[name=work]")])
    assert script(browser, "return [u.value, parent.frames[0].document.getElementById('u').value]") == [
        "old",
        "hwr-billing",
    ]


def test_frame_that_is_not_there_is_a_changed_page(play):
    with pytest.raises(PageChangedError) as changed:
        play([goto("/form.html"), {"timeout_seconds": 0.3} | frame("frame[name=work]")])
    assert changed.value.selector == "frame[name=work]"


def test_work_goes_on_in_the_main_window_when_the_pop_up_closes_itself(play):
    done = {"verb": "click", "label": "Done", "selectors": ["#done"]}
    back = {"verb": "switch_window", "label": "Back", "value": "main"}
    here = {"verb": "wait_for", "label": "Here", "selectors": ["#here"], "timeout_seconds": 0.5}
    assert play([*POP_UP, done, back, here])[1].kept == []
    with pytest.raises(PageChangedError) as changed:
        play([*POP_UP, done, here])
    assert changed.value.evidence == "Here"


def test_commit_in_a_pop_up_that_closes_itself_counts_as_made(play):
    done, _ = play([*POP_UP, {"verb": "click", "label": "Done", "selectors": ["#done"], "commit": True}])
    assert done.committed


def test_gone_frame_leaves_only_what_the_whole_page_says(browser, play):
    go = {"verb": "click", "label": "Go", "selectors": ["#go"]}
    steps = [goto("/out.html"), frame("#inner"), go, {"timeout_seconds": 0.7} | NAME]
    with pytest.raises(LoginRejectedError):
        play(steps, rejected="p.note")
    with pytest.raises(PageChangedError):
        play(steps)
    assert script(browser, "return document.getElementById('u').value") == "old"


def test_each_list_starts_without_the_windows_of_the_one_before(browser, play):
    for _ in range(2):
        play(POP_UP)
    assert len(browser._other_windows()) == 1
    browser.close_other_windows()
    assert browser._other_windows() == []
