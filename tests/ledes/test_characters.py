"""The character policy: a twin is listed, the homeless are refused, nothing vanishes in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledes.characters import Change, NoAsciiTwinError, is_clean, transliterate
from ledes.texts import TextChange, with_ascii_texts
from ledes.twins import TWINS
from ledes.writer import write
from tests.ledes.builders import make_fee, make_invoice


@pytest.mark.parametrize(
    ("text", "ascii_text"),
    [
        ("\u201cHale\u201d \u2018v\u2019 Reyes\u2019s", "\"Hale\" 'v' Reyes's"),
        ("2019\u20132021 \u2014 wait\u2026", "2019-2021 - wait..."),
        ("\u00a712 and \u00a7\u00a7 3-4", "Sec. 12 and Secs. 3-4"),
        ("Jos\u00e9 Mu\u00f1oz, Bj\u00f8rn, Stra\u00dfe, \u0141ukasz", "Jose Munoz, Bjorn, Strasse, Lukasz"),
        ("Jose\u0301", "Jose"),
        ("fee \u20ac50\u00a0net", "fee EUR50 net"),
        ("2\u00bd days, \u00bd day, 10\u00b2", "2 1/2 days, 1/2 day, 10^2"),
        ("a|b [c]\td\r\ne", "a/b (c) d e"),
        ("soft\u00adhyphen\u200b", "softhyphen"),
        ("plain", "plain"),
    ],
)
def test_transliterate_writes_the_twin(text, ascii_text):
    assert transliterate(text)[0] == ascii_text


def test_transliterate_lists_every_change():
    assert transliterate("a\u2014b\u00e9") == ("a-be", (Change(1, "\u2014", "-"), Change(3, "\u00e9", "e")))
    assert transliterate("\u2014")[1][0].name == "EM DASH"


@pytest.mark.parametrize("text", ["\u65e5\u672c", "\u0414", "\U0001f600", "bell\x07", "\u03b1-test", "\u2713"])
def test_transliterate_refuses_what_has_no_twin(text):
    with pytest.raises(NoAsciiTwinError) as refused:
        transliterate(f"Letter {text}")
    assert "LEDES cannot carry" in refused.value.user_message


@given(st.text(st.one_of(st.sampled_from(sorted("".join(TWINS))), st.characters(max_codepoint=0x17F)), max_size=40))
def test_transliterate_gives_clean_text_and_accounts_for_every_character(text):
    try:
        clean, changes = transliterate(text)
    except NoAsciiTwinError as refused:
        assert refused.facts["characters"]  # noqa: PT017 -- either outcome is right; each has its own promise
        return
    assert is_clean(clean)
    assert transliterate(clean) == (clean, ())
    kept = len(text) - sum(len(change.original) for change in changes)
    assert len(clean) == kept + sum(len(change.replacement) for change in changes)
    assert all(text[change.position :].startswith(change.original) for change in changes)


@pytest.mark.parametrize("text", ["a|b", "[", "]", "\x1f", "\x7f", "\u00e9", "\n"])
def test_is_clean_refuses(text):
    assert not is_clean(text)


def test_with_ascii_texts_lists_line_and_field_and_makes_the_invoice_writable():
    invoice = make_invoice(make_fee("7", description="Draft \u00a7 9 brief", timekeeper_name="Mu\u00f1oz, Ana"))
    changed, changes = with_ascii_texts(invoice)
    assert changes == (
        TextChange("7", "LINE_ITEM_DESCRIPTION", Change(6, "\u00a7", "Sec.")),
        TextChange("7", "TIMEKEEPER_NAME", Change(2, "\u00f1", "n")),
    )
    assert b"Draft Sec. 9 brief" in write(changed)


def test_with_ascii_texts_leaves_ids_alone():
    invoice = make_invoice(client_matter_id="HM\u20130001")
    assert with_ascii_texts(invoice) == (invoice, ())
