"""The browser's few verbs on small pages of our own, and the steps that the practice sites do not need."""

import base64

import pytest

from carriers.browser import Browser
from carriers.browser_options import BrowserOptions
from carriers.errors import BrowserLostError, HostNotAllowedError, PageChangedError
from carriers.evidence import Recorder
from carriers.page import NotClickedError, OtherRows, Target
from carriers.player import Player
from carriers.plays import Play
from carriers.profile import load_profile
from carriers.seeds import seed_profiles
from tests.carriers.fake_site import CREDENTIALS, Captures
from tests.carriers.small_site import serving

pytestmark = pytest.mark.chromium

PAGES = {
    "form.html": """<!doctype html><label for=u>User name</label><input id=u value=old>
        <input type=password id=p value=hunter22><input id=otp value=123456>
        <select id=s><option value=1>One</option><option value=2>Two words</option></select>
        <input type=checkbox id=c><button onclick="document.title='clicked'">Send it</button>
        <a href="#" style="display:none" id=ghost>Ghost</a><input type=file id=f style="display:none">
        <p class=note>First</p><p class=note>Second</p>
        <table><tr class=r data-line=3><td class=a> 12 <b>x</b></td></tr><tr class=r data-line=4><td class=a>y</td></tr>
        </table>""",
    "frames.html": "<!doctype html><iframe id=inner src=form.html></iframe>",
    "window.html": """<!doctype html><button id=pop onclick="window.open('form.html')">Pop</button>""",
    "dialog.html": """<!doctype html><button id=ask onclick="document.title=confirm('Sure?')">Ask</button>""",
    "slow.html": """<!doctype html><div id=busy>Busy</div>
        <script>setTimeout(() => document.getElementById('busy').remove(), 300)</script>""",
    "late.html": """<!doctype html><button id=go onclick="setTimeout(() => {
        sessionStorage.been = 'yes'; location.href = 'form.html' }, 400)">Go</button>""",
    "shadow.html": """<!doctype html><h2>Save</h2><my-form></my-form><div role=button>Save</div>
        <script>document.querySelector('my-form').attachShadow({mode: 'open'}).innerHTML =
        '<label>Code <input id=code type=password value=hunter22></label><my-part></my-part>';
        document.querySelector('my-form').shadowRoot.querySelector('my-part').attachShadow({mode: 'open'}).innerHTML =
        '<button>Deep down</button>'</script>""",
    "list.html": """<!doctype html><style>body { margin: 0 } .row { height: 60px; font: 30px sans-serif } .row * {
        visibility: visible }</style><div id=box><div class=row style="color: #000" data-id=secret-id><b class=number>
        INV-1</b> Smith</div><div class=row><b class=number>INV-2</b> Jones</div>
        <div class=row><b class=number>INV-3</b> Roe</div></div>""",
    "list-in-frame.html": """<!doctype html><style>body { margin: 0 } iframe { border: 0; width: 100%; height: 400px }
        </style><iframe id=inner src=list.html></iframe>""",
    "away.html": """<!doctype html><script>location.href = location.href.replace('away', 'form')
        .replace('site.localhost', 'evil.localhost')</script>""",
}


@pytest.fixture(scope="module")
def base_url(tmp_path_factory):
    with serving(PAGES, tmp_path_factory.mktemp("pages")) as origin:
        yield origin


@pytest.fixture(scope="module")
def browser():
    with Browser(BrowserOptions()) as warm:
        yield warm


@pytest.fixture
def form(browser, base_url):
    browser.switch_window("main")
    browser.open(f"{base_url}/form.html")
    return browser


def element(browser, selector):
    match = browser.look([Target((selector,), hidden_too=True)]).matches[0]
    assert match is not None
    return match.element


def script(browser, text):
    return browser._live.execute_script(text)


@pytest.mark.parametrize("selector", ["#u", "aria/User name", "xpath///input[@id='u']", "css-that-matches-nothing, #u"])
def test_look_understands_each_kind_of_selector(form, selector):
    found = form.look([Target((selector,))]).matches[0]
    assert found is not None
    assert (found.selector, found.count) == (selector, 1)


def test_look_takes_the_first_selector_that_matches_and_counts(form):
    found = form.look([Target(("#nowhere", ".note", "#u"))]).matches[0]
    assert (found.selector, found.count, found.text) == (".note", 2, "First")


def test_look_finds_the_smallest_element_with_a_text(form):
    assert element(form, "text/Send it").tag_name == "button"


@pytest.mark.parametrize(
    ("selector", "tag"),
    [
        ("my-form >>> #code", "input"),
        ("my-form >>> aria/Code", "input"),
        ("my-form >>> my-part >>> text/Deep down", "button"),
        ("pierce/#code", "input"),
        ("pierce/button", "button"),
        ('aria/Save[role="heading"]', "h2"),
    ],
)
def test_look_pierces_shadow_roots_and_tells_roles_apart(browser, base_url, selector, tag):
    browser.switch_window("main")
    browser.open(f"{base_url}/shadow.html")
    assert element(browser, selector).tag_name == tag


def test_snapshot_covers_a_secret_inside_a_shadow_root(browser, base_url):
    browser.switch_window("main")
    browser.open(f"{base_url}/shadow.html")
    covered = browser._ask("html_and_cover", [])[1]
    style = "return document.querySelector('my-form').shadowRoot.querySelector('#code').style.visibility"
    assert (covered, script(browser, style)) == (1, "hidden")
    browser._ask("uncover")
    assert script(browser, style) == ""


def test_fill_chooses_in_a_list(form):
    form.fill(element(form, "#s"), "Two words")
    assert script(form, "return s.value") == "2"
    with pytest.raises(NotClickedError):
        form.fill(element(form, "#s"), "Three")


def test_look_leaves_invisible_elements_out(form):
    assert form.look([Target(("#ghost",))]).matches == (None,)
    assert form.look([Target(("#f",), hidden_too=True)]).matches[0] is not None


def test_look_reads_texts_in_any_case(form):
    seen = form.look([Target((".note",), ("SECOND",)), Target((), ("first",)), Target((), ("third",))])
    assert [match is not None for match in seen.matches] == [True, True, False]


def test_look_sees_nothing_for_a_broken_selector(form):
    assert form.look([Target(("[[",))]).matches == (None,)


def test_fill_replaces_and_choose_takes_value_or_text(form):
    form.fill(element(form, "#u"), "new")
    assert form.choose(element(form, "#s"), "Two words")
    assert script(form, "return [u.value, s.value]") == ["new", "2"]
    assert not form.choose(element(form, "#s"), "Three")


def test_check_sets_a_box_either_way(form):
    for wanted in (True, True, False):
        form.check(element(form, "#c"), on=wanted)
        assert script(form, "return c.checked") is wanted


def test_attach_gives_the_bytes_under_the_name(form):
    form.attach(element(form, "#f"), "INV-1.txt", b"LEDES")
    assert script(form, "return [f.files[0].name, f.files[0].size]") == ["INV-1.txt", 5]


def test_rows_read_cells_and_attributes(form):
    rows = form.rows([".nothing", "tr.r"], {"message": "td.a", "line_item_number": "@data-line", "code": ".none"})
    assert rows[0] == {"message": "12 x", "line_item_number": "3", "code": ""}
    assert len(rows) == 2


def test_click_on_an_element_that_has_gone_is_surely_no_click(form):
    gone = element(form, "text/Send it")
    script(form, "document.querySelector('button').remove()")
    with pytest.raises(NotClickedError):
        form.click(gone)


def test_a_browser_whose_connections_may_be_kept_is_lost_before_it_clicks(form, monkeypatch):
    def late():
        raise TimeoutError

    monkeypatch.setattr(form._tunnel, "close_kept", late)
    with pytest.raises(BrowserLostError):
        form.forbid_resend()


def test_snapshot_blanks_secret_fields_and_leaves_the_page_alone(form):
    seen = form.snapshot(["#otp"])
    assert seen.png.startswith(b"\x89PNG")
    assert "hunter22" not in seen.html
    assert "123456" not in seen.html
    assert script(form, "return [p.value, p.style.visibility, otp.value]") == ["hunter22", "", "123456"]


LIST = (((".row",), ".number"),)


@pytest.mark.parametrize("path", ["list.html", "list-in-frame.html"])
def test_snapshot_covers_the_rows_of_other_matters_in_picture_and_page(browser, base_url, path):
    browser.open(f"{base_url}/{path}")
    element(browser, "#box, #inner")
    frame = "const page = (window.frames[0] || window).document;"
    wait = f"{frame} return page.querySelectorAll('.row').length"
    assert [count for _ in range(100) if (count := script(browser, wait)) == 3][:1] == [3]
    shown, kept = browser.snapshot([]), browser.snapshot([], OtherRows(LIST, "INV-2"))
    assert rows_drawn(browser, shown.png) == [True, True, True]
    assert rows_drawn(browser, kept.png) == [False, True, False]
    assert rows_drawn(browser, browser.snapshot([], OtherRows(LIST, "")).png) == [False] * 3
    assert rows_drawn(browser, browser.snapshot([]).png) == [True, True, True]
    styles = script(
        browser, f"{frame} return [...page.querySelectorAll('.row')].map((row) => row.getAttribute('style'))"
    )
    assert styles == ["color: #000", None, None]
    if path == "list.html":
        assert "INV-2" in kept.html
        assert not any(word in kept.html for word in ("INV-1", "Smith", "INV-3", "secret-id"))


def test_snapshot_takes_no_picture_where_rows_come_back_faster_than_they_are_covered(browser, base_url):
    browser.open(f"{base_url}/list.html")
    element(browser, "#box")
    script(
        browser,
        """const box = document.querySelector('#box');
        new MutationObserver(() => { const html = box.innerHTML; if (html.includes('data-covered'))
        box.innerHTML = html.replaceAll(/ data-covered="[^"]*"/g, '').replaceAll(/ style="[^"]*"/g, ''); })
        .observe(box, { attributes: true, subtree: true })""",
    )
    kept = browser.snapshot([], OtherRows(LIST, "INV-2"))
    assert kept.png == b""
    assert "Smith" not in kept.html


def rows_drawn(browser, png):
    """Tell which of the three rows of 60 px has ink in it."""
    return browser._live.execute_async_script(
        """const [data, done] = arguments, image = new Image();
        image.onload = () => {
            const canvas = document.createElement('canvas'), brush = canvas.getContext('2d');
            canvas.width = 400; canvas.height = 180; brush.drawImage(image, 0, 0);
            done([0, 60, 120].map((top) => brush.getImageData(0, top, 400, 60).data.some((value) => value < 128)));
        };
        image.src = 'data:image/png;base64,' + data;""",
        base64.b64encode(png).decode(),
    )


def test_play_works_in_frames_windows_and_dialogs(browser, base_url):
    captures = Captures()
    play(browser, base_url, captures, [
        goto("/frames.html"),
        {"verb": "frame", "label": "In", "selectors": ["#inner"]},
        {"verb": "choose", "label": "Choose", "selectors": ["#s"], "value": "2"},
        {"verb": "check", "label": "Tick", "selectors": ["#c"]},
        {"verb": "frame", "label": "Out"},
        goto("/dialog.html"),
        {"verb": "click", "label": "Ask", "selectors": ["#ask"]},
        {"verb": "dismiss", "label": "Agree"},
        {"verb": "dismiss", "label": "Close the banner, if any", "selectors": ["#banner"]},
        goto("/slow.html"),
        {"verb": "wait_for", "label": "Ready", "selectors": ["#busy"], "gone": True},
        goto("/window.html"),
        {"verb": "click", "label": "Pop", "selectors": ["#pop"]},
        {"verb": "switch_window", "label": "There", "value": "newest"},
        {"verb": "fill", "label": "Name", "selectors": ["#u"], "value": "{username}"},
        {"verb": "switch_window", "label": "Back", "value": "main"},
        {"verb": "wait_for", "label": "Here", "selectors": ["#pop"]},
    ])  # fmt: skip
    assert captures.kept == []
    browser.switch_window("newest")
    assert script(browser, "return u.value") == "hwr-billing"
    browser._live.close()
    browser.switch_window("main")


def test_play_waits_until_a_click_has_left_its_page(browser, base_url):
    play(browser, base_url, Captures(), [
        goto("/late.html"),
        {"verb": "click", "label": "Go", "selectors": ["#go"]},
        {"verb": "wait_for", "label": "Left", "selectors": ["#go"], "gone": True},
        goto("/window.html"),
        {"verb": "wait_for", "label": "Here", "selectors": ["#pop"]},
    ])  # fmt: skip
    assert script(browser, "return sessionStorage.been") == "yes"


def test_play_stops_where_a_page_leads_to_a_foreign_host(browser, base_url):
    steps = [goto("/away.html"), {"verb": "fill", "label": "Name", "selectors": ["#u"], "value": "{username}"}]
    with pytest.raises(HostNotAllowedError):
        play(browser, base_url, Captures(), steps)
    assert script(browser, "return u.value") == "old"


def test_play_names_the_option_that_is_missing(browser, base_url):
    choose = {"verb": "choose", "label": "Choose", "selectors": ["#s"], "value": "Three"}
    with pytest.raises(PageChangedError) as changed:
        play(browser, base_url, Captures(), [goto("/form.html"), choose])
    assert changed.value.selector == "#s option Three"


def goto(path):
    return {"verb": "goto", "label": "Open", "value": path}


def play(browser, base_url, captures, steps):
    """Play steps as the log-in of a profile whose outcomes never come."""
    document = seed_profiles()["harbor-mutual"].model_dump(mode="json")
    document["site"]["steps"]["login"] = [{"timeout_seconds": 3} | step for step in steps]
    site = load_profile(document).site
    recorder = Recorder(browser, captures, site, CREDENTIALS.values())
    Player(browser, site, base_url, recorder, lambda: "").play("login", Play({"username": "hwr-billing"}))
