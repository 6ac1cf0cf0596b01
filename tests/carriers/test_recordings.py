"""Recordings of two tools become step lists: secrets and numbers out, placeholders in, every loss named."""

import json
from pathlib import Path

import pytest

from carriers.profile import load_profile
from carriers.recordings.drafting import draft_profile
from carriers.recordings.reading import read_recording
from carriers.recordings.recording import UnreadableRecordingError
from carriers.seeds import seed_profiles

SAMPLES = sorted((Path(__file__).parent / "recordings").iterdir())
SECRETS = ("Winter-Quay-88", "lamp7Orchard!", "Copper*Field3", "Basalt-Row-204", "493027", "hwr-billing", "hwr-granite")
KNOWN = {"SUMMIT": "client_code", "Summit National": "client_code"}


def names(sample):
    return sample.name


def drafted(sample):
    return draft_profile(read_recording(sample.read_bytes()), KNOWN)


def chrome(*steps, title="Recording", known=None):
    content = json.dumps({"title": title, "steps": list(steps)}).encode()
    return draft_profile(read_recording(content), known or {})


def selenium(*commands, url="https://portal.example", known=None):
    every = [{"targets": [], "value": "", "target": "", **command} for command in commands]
    content = json.dumps({"name": "p", "url": url, "tests": [{"name": "t", "commands": every}]}).encode()
    return draft_profile(read_recording(content), known or {})


def click(*selectors, **more):
    return {"type": "click", "target": "main", "selectors": [[one] for one in selectors], **more}


def change(selector, value, **more):
    return {"type": "change", "target": "main", "selectors": [[selector]], "value": value, **more}


LOGIN = (
    {"type": "navigate", "url": "https://portal.example/login"},
    change("#user", "robot"),
    change("#password", "S3cret-Word"),
    click("#enter"),
)
FILE = change("#ledes", "C:\\fakepath\\INV-1.txt")


def verbs(steps):
    return [step.verb for step in steps]


def whys(draft):
    return {one.number: one.why for one in draft.left_out}


@pytest.mark.parametrize("sample", SAMPLES, ids=names)
def test_every_sample_completes_its_carriers_profile(sample):
    document = seed_profiles()[sample.name.split(".")[0]].model_dump(mode="json")
    draft = drafted(sample)
    site = load_profile(draft.put_into(document)).site
    assert site.steps.login == draft.login
    assert site.steps.upload == draft.upload
    assert site.steps.logout == draft.logout
    assert site.steps.find_invoice == seed_profiles()[sample.name.split(".")[0]].site.steps.find_invoice


@pytest.mark.parametrize("sample", SAMPLES, ids=names)
def test_no_sample_keeps_what_was_typed_at_the_log_in(sample):
    assert any(secret in sample.read_text() for secret in SECRETS)
    assert [secret for secret in SECRETS if secret in repr(drafted(sample))] == []


@pytest.mark.parametrize("sample", SAMPLES, ids=names)
def test_every_sample_types_credentials_and_gives_the_file(sample):
    draft = drafted(sample)
    typed = [step.value for step in draft.login if step.verb == "fill"]
    assert typed == ["{username}", "{password}"]
    assert [step.value for step in draft.upload if step.verb == "upload"] == ["{ledes_file}"]
    assert ("otp" in verbs(draft.login)) == ("granite" in sample.name)


@pytest.mark.parametrize("sample", SAMPLES, ids=names)
def test_every_log_in_ends_with_a_look_at_what_follows(sample):
    """An address opened right after the last click would cross the log-in's own way to its next page."""
    *_, click, last = drafted(sample).login
    assert last.verb in {"expect", "wait_for"}
    if last.verb == "wait_for":
        assert (last.selectors, last.gone) == (click.selectors[:1], True)
        said = [one.text for one in drafted(sample).remarks if one.part == "login"]
        assert any("how the page after signing in looks" in text for text in said)


@pytest.mark.parametrize("sample", SAMPLES, ids=names)
def test_every_sample_expects_a_page_before_the_final_click_and_reads_the_receipt(sample):
    steps = verbs(drafted(sample).upload)
    assert steps[-1] == "read"
    assert steps.index("expect") < steps.index("click", steps.index("upload"))


def test_samples_of_both_tools_say_the_same():
    lists = [drafted(sample) for sample in SAMPLES if sample.name.startswith("harbor")]
    assert verbs(lists[0].login) == verbs(lists[1].login)
    assert verbs(lists[0].upload) == verbs(lists[1].upload)


def test_known_numbers_become_placeholders_everywhere():
    known = {"INV-1": "invoice_number", "CLM-77": "claim_number"}
    draft = chrome(
        *LOGIN,
        {"type": "navigate", "url": "https://portal.example/bills?number=INV-1&sid=9f2"},
        change("#ref", "CLM-77"),
        click("text/Open INV-1"),
        FILE,
        click("#send"),
        known=known,
    )
    goto, fill, link = draft.upload[:3]
    assert (goto.value, fill.value) == ("/bills?number={invoice_number}", "{claim_number}")
    assert link.selectors == ("text/Open {invoice_number}",)
    assert any("belong to one visit" in remark.text for remark in draft.remarks)


def test_field_words_name_a_number_that_the_firm_does_not_know():
    draft = chrome(*LOGIN, change("#invoiceNumber", "A-1"), change("#note", "Legal fees"), FILE, click("#send"))
    assert [step.value for step in draft.upload if step.verb == "fill"] == ["{invoice_number}", "Legal fees"]
    assert {remark.number for remark in draft.remarks if remark.part == "upload"} >= {5, 6}


def test_a_field_without_a_name_of_its_own_is_a_secret_when_it_is_the_last_of_the_log_in():
    draft = chrome(
        LOGIN[0], change("#f1", "robot-login"), change("#login", "robot"), change("#f2", "Zebra-9"), LOGIN[3]
    )
    assert [(field.name, field.kind) for field in draft.credentials] == [
        ("f", "secret"),
        ("username", "plain"),
        ("password", "secret"),
    ]


def test_a_secret_after_the_log_in_is_not_carried():
    draft = chrome(*LOGIN, FILE, change("#again", "S3cret-Word"), change("#pin", "4711"), click("#send"))
    assert [step for step in draft.upload if step.verb == "fill"] == []
    assert {number for number, why in whys(draft).items() if "in the log-in only" in why} == {6, 7}


def test_a_secret_stands_in_no_address_selector_title_or_label():
    draft = chrome(
        *LOGIN,
        {"type": "navigate", "url": "https://robot:S3cret-Word@portal.example/a?q=S3cret-Word"},
        click("text/S3cret-Word", "#go"),
        click("aria/S3cret-Word"),
        FILE,
        click("#send"),
        title="My S3cret-Word",
    )
    assert "S3cret-Word" not in repr(draft)
    assert draft.title == "Recording"
    assert set(whys(draft)) >= {5, 7}


def test_typed_text_is_not_kept_when_no_log_in_was_recorded():
    draft = chrome(
        {"type": "navigate", "url": "https://portal.example/up"}, change("#x", "Mystery"), FILE, click("#go")
    )
    assert "Mystery" not in repr(draft)
    assert draft.login == ()
    assert any(remark.part == "login" for remark in draft.remarks)


def test_frames_and_windows_are_entered_and_left():
    draft = chrome(
        *LOGIN,
        click("#menu"),
        change("#matter", "M-1", frame=[0, 1]),
        change("#note", "x", frame=[0]),
        {**FILE, "target": "https://portal.example/popup"},
        click("#send", target="https://portal.example/popup"),
    )
    moves = [(s.verb, getattr(s, "selectors", None) or getattr(s, "value", "")) for s in draft.upload]
    assert moves[2:4] == [("frame", ("xpath/(//iframe|//frame)[1]",)), ("frame", ("xpath/(//iframe|//frame)[2]",))]
    assert [move for move in moves if move[0] == "switch_window"] == [
        ("switch_window", "newest"),
        ("switch_window", "main"),
    ]
    assert moves[5:7] == [("frame", ""), ("frame", ("xpath/(//iframe|//frame)[1]",))]


def test_selenium_frames_windows_and_answers_are_carried():
    draft = selenium(
        {"command": "open", "target": "/login"},
        {"command": "type", "target": "id=user", "value": "robot"},
        {"command": "type", "target": "id=password", "value": "S3cret-Word"},
        {"command": "click", "target": "id=enter"},
        {"command": "storeWindowHandle", "target": "root"},
        {"command": "click", "target": "id=pop", "opensWindow": True, "windowHandleName": "win1"},
        {"command": "selectWindow", "target": "handle=${win1}"},
        {"command": "selectFrame", "target": "index=0"},
        {"command": "type", "target": "name=document", "value": "C:\\bills\\INV-1.txt"},
        {"command": "selectFrame", "target": "relative=parent"},
        {"command": "chooseOkOnNextConfirmation"},
        {"command": "click", "target": "linkText=Send"},
        {"command": "close"},
        {"command": "selectWindow", "target": "handle=${root}"},
        {"command": "click", "target": "css=a.signout"},
    )
    assert verbs(draft.upload) == [
        "goto",
        "click",
        "switch_window",
        "frame",
        "upload",
        "frame",
        "expect",
        "click",
        "dismiss",
        "switch_window",
    ]
    assert draft.upload[7].selectors == ("xpath///a[normalize-space()='Send']",)
    assert verbs(draft.logout) == ["goto", "click"]


def test_selectors_that_pierce_shadow_roots_are_carried_the_sturdiest_first():
    pierced = {"type": "click", "target": "main", "selectors": [["my-app", "div > a:nth-child(2)"], ["my-app", "#go"]]}
    draft = chrome(*LOGIN, pierced, FILE, click("#send"))
    assert draft.upload[1].selectors == ("my-app >>> #go",)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["aria/Send", "#ember1234", "[name='send']"], ("[name='send']", "aria/Send")),
        (["div > p:nth-child(3)", "text/Send"], ("text/Send",)),
        (["div > p:nth-child(3)", "xpath//html/body/p"], ("div > p:nth-child(3)",)),
        (["#a", "#a", "x" * 501, "text/{braces}"], ("#a",)),
    ],
)
def test_alternatives_keep_their_order_behind_the_sturdiest(given, kept):
    assert chrome(*LOGIN, click(*given), FILE, click("#send")).upload[1].selectors == kept


def test_every_click_after_the_file_is_final_until_a_person_says_otherwise():
    draft = chrome(
        *LOGIN, click("#menu"), FILE, click("#next"), click("aria/I certify"), click("#send"), click("#logout")
    )
    clicks = [(step.commit, step.certify) for step in draft.upload if step.verb == "click"]
    assert clicks == [(False, False), (True, False), (False, True), (True, False)]
    assert verbs(draft.logout) == ["goto", "click"]


def test_a_pdf_beside_the_file_becomes_a_step_of_its_own_and_a_third_file_none():
    pdf, third = change("#pdf", "C:\\fakepath\\INV-1.PDF"), change("#more", "C:\\fakepath\\INV-1.xml")
    draft = chrome(*LOGIN, FILE, pdf, third, click("#send"))
    assert [step.value for step in draft.upload if step.verb == "upload"] == ["{ledes_file}", "{pdf_file}"]
    assert "each once" in whys(draft)[7]


def test_enter_becomes_a_click_on_the_button_of_the_form():
    enter = {"type": "keyDown", "target": "main", "key": "Enter"}
    draft = chrome(*LOGIN[:3], enter, click("#menu"), FILE, click("#send"))
    assert draft.login[-2].selectors == (
        "form:has(#password) :is(input[type=submit], button[type=submit], button:not([type]))",
    )


def test_what_cannot_be_carried_is_listed_with_number_and_reason():
    draft = chrome(
        {"type": "setViewport"},
        {"type": "hover", "selectors": [["#a"]]},
        {"type": "waitForExpression", "expression": "1"},
        {"type": "customStep", "name": "x"},
        {"type": "teleport"},
        {"type": "click", "selectors": 5},
        {"type": "click", "selectors": [["#a"]], "button": "secondary"},
        {"type": "navigate", "url": "chrome://newtab/"},
        {"type": "change", "selectors": [["#a"]], "value": 7},
        {},
    )
    assert sorted(whys(draft)) == list(range(1, 11))
    assert whys(draft)[5] == "this kind of step is not known"


def test_other_hosts_are_named_and_not_opened():
    draft = chrome(
        LOGIN[0], {"type": "navigate", "url": "https://login.other.example/x"}, *LOGIN[1:], FILE, click("#send")
    )
    assert (draft.origin, draft.hosts) == ("https://portal.example", ("login.other.example",))
    assert "another host" in whys(draft)[2]


def test_only_the_longest_test_of_a_project_is_read():
    short = {"name": "Short", "commands": [{"command": "open", "target": "/"}]}
    long = {"name": "Long", "commands": [{"command": "open", "target": "/"}, {"command": "click", "target": "id=a"}]}
    content = json.dumps({"url": "https://portal.example", "tests": [short, long]}).encode()
    read = read_recording(content)
    assert (read.title, len(read.actions)) == ("Long", 2)
    assert "'Short' was not read" in read.left_out[0].why


def test_variables_are_filled_in_and_unknown_ones_left_out():
    draft = selenium(
        {"command": "open", "target": "/login"},
        {"command": "store", "target": "robot", "value": "who"},
        {"command": "type", "target": "id=user", "value": "${who}"},
        {"command": "type", "target": "id=password", "value": "S3cret-Word"},
        {"command": "click", "target": "id=enter"},
        {"command": "type", "target": "id=note", "value": "${never}"},
        {"command": "//click", "target": "id=off"},
    )
    assert [step.value for step in draft.login if step.verb == "fill"] == ["{username}", "{password}"]
    assert (whys(draft)[6], whys(draft)[7]) == (
        "it types a variable whose value the recording does not hold",
        "it was switched off",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"PK\x03\x04", "not JSON"),
        (b'{"steps": NaN}', "not JSON"),
        (b"1" * 5000, "not JSON"),
        (b"[]", "no object"),
        (b'"text"', "no object"),
        (b"{}", "neither the steps"),
        (b'{"steps": {}}', "neither the steps"),
        (b'{"steps": []}', "no step"),
        (b'{"tests": []}', "no test"),
        (b'{"tests": [{"commands": 5}, 7]}', "no test"),
        (b'{"steps": [' + b"{}," * 1000 + b"{}]}", "1,001 steps"),
        (b'{"steps": "' + b"x" * 10_000_000 + b'"}', "10,000,013 bytes"),
        (b'{"steps": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deep"),
    ],
    ids=range(15),
)
def test_read_says_why_a_file_is_no_recording(content, said):
    with pytest.raises(UnreadableRecordingError) as refused:
        read_recording(content)
    assert said in refused.value.user_message
    assert "Nothing was changed." in refused.value.user_message
