"""What the practice firm writes raises no false alarm, whatever word stands in a slot; what it plants is found."""

import string
from collections.abc import Iterator

import pytest

from guidelines.narratives.block_billing import find_block_billing
from guidelines.narratives.vagueness import find_vagueness
from sandbox.firm import data
from sandbox.firm.phrases import deeds, slips

WORDS = data.document("words")
TEXTS = sorted({deed.text for made in deeds().values() for deed in made})


def filled(text: str) -> Iterator[str]:
    """Return the phrase with each word of each slot in turn, the other slots going on at their own pace."""
    slots = [slot for _, slot, _, _ in string.Formatter().parse(text) if slot]
    for at in range(max(len(WORDS[slot]) for slot in slots)):
        for shift in range(len(slots)):
            words = {slot: WORDS[slot][(at + shift * place) % len(WORDS[slot])] for place, slot in enumerate(slots)}
            yield text.format_map(words)


@pytest.mark.parametrize("text", TEXTS)
def test_phrases_raise_no_false_alarm(text):
    alarms = [one for one in filled(text) if find_block_billing(one) or find_vagueness(one)]
    assert alarms == []


@pytest.mark.parametrize("slip", slips("block_billing"), ids=lambda slip: slip.text[:30])
def test_planted_blocks_are_found(slip):
    assert all(find_block_billing(one) for one in filled(slip.text))


def test_planted_vague_lines_are_found():
    assert all(find_vagueness(slip.text) for slip in slips("vague_narrative"))
