"""Whatever a file holds, the importer answers with a draft or with its own error, and no secret comes out."""

import contextlib
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from carriers.recordings.chrome import _DROPPED, _READERS
from carriers.recordings.draft import Draft
from carriers.recordings.drafting import draft_profile
from carriers.recordings.reading import read_recording
from carriers.recordings.recording import UnreadableRecordingError
from carriers.recordings.selenium_ide import _ACTS, _ANSWERS, _ANSWERS_NEXT, _WORDS

SECRET = "Marmot-Sluice-3!"
words = st.sampled_from(
    ["#user", "#password", "aria/Log in", "text/Send", "xpath///a[1]", "pierce/#x", "#otp", "", SECRET]
)
texts = st.text(max_size=12) | words
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
selectors = st.lists(st.lists(words, max_size=2) | words, max_size=3)
addresses = st.sampled_from(
    [
        "https://portal.example/a?b={c}",
        "http://[",
        "https://x:99999/",
        "https://u:p@portal.example/;sid=3",
        "ftp://x",
        "",
    ]
)
values = st.sampled_from(
    [SECRET, "robot", "123456", "C:\\fakepath\\a.txt", "{x}", "INV-1", "${KEY_ENTER}", "${a}", "/x/a.pdf"]
)
events = st.lists(st.fixed_dictionaries({"type": st.just("navigation"), "url": addresses | anything}), max_size=2)
step = st.fixed_dictionaries(
    {"type": st.sampled_from([*_READERS, *_DROPPED])},
    optional={
        "selectors": selectors | anything,
        "value": values | anything,
        "url": addresses | anything,
        "target": st.sampled_from(["main", "https://portal.example/p", "three"]) | anything,
        "frame": st.lists(st.integers(-1, 3), max_size=3) | anything,
        "timeout": scalars,
        "key": st.sampled_from(["Enter", "Tab"]) | anything,
        "count": scalars,
        "visible": scalars,
        "button": st.just("primary") | anything,
        "assertedEvents": events | anything,
    },
)
locators = st.sampled_from(
    ["id=user", "name=password", "css=#x", 'linkText=It\'s "so"', "xpath=//a", "//b", "index=0", "="]
)
command = st.fixed_dictionaries(
    {"command": st.sampled_from([*_ACTS, *_WORDS, *_ANSWERS, *_ANSWERS_NEXT, "if", "//click"]) | texts},
    optional={
        "target": locators | addresses | anything,
        "targets": st.lists(st.tuples(locators, texts).map(list), max_size=2) | anything,
        "value": values | anything,
        "opensWindow": st.booleans() | anything,
        "windowHandleName": st.just("w") | anything,
    },
)
recorder = st.fixed_dictionaries(
    {"steps": st.lists(step | anything, max_size=8)}, optional={"title": texts, "timeout": scalars}
)
test_of_ide = st.fixed_dictionaries({"commands": st.lists(command | anything, max_size=8)}, optional={"name": texts})
ide = st.fixed_dictionaries(
    {"tests": st.lists(test_of_ide | anything, max_size=2)}, optional={"url": addresses | anything}
)
KNOWN = {"INV-1": "invoice_number", "": "matter", "a": "claim_number"}


def draft_of(content):
    """Return the draft; None when the file is refused."""
    with contextlib.suppress(UnreadableRecordingError):
        return draft_profile(read_recording(content), KNOWN)
    return None


@settings(max_examples=300, deadline=None)
@given(recorder | ide | anything)
def test_import_answers_any_document_with_a_draft_or_its_error(document):
    draft = draft_of(json.dumps(document).encode("utf-8", "surrogatepass"))
    assert draft is None or isinstance(draft, Draft)
    assert draft is None or json.dumps(draft.put_into({}))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_import_answers_any_bytes(content):
    assert draft_of(content) is None or isinstance(draft_of(content), Draft)


@settings(max_examples=200, deadline=None)
@given(st.lists(step, max_size=6))
def test_import_lets_no_typed_secret_out(steps):
    typed = {"type": "change", "target": "main", "selectors": [["#password"]], "value": SECRET}
    login = [{"type": "navigate", "url": "https://portal.example/"}, typed, {"type": "click", "selectors": [["#go"]]}]
    draft = draft_of(json.dumps({"title": SECRET, "steps": [*login, *steps]}).encode("utf-8", "surrogatepass"))
    assert draft is not None
    assert SECRET not in repr(draft)
    assert any(field.kind == "secret" for field in draft.credentials)
