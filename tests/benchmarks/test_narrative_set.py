"""The labelled narratives are what the detectors' figures rest on: they must be whole, varied and fairly halved."""

from collections import Counter

from benchmarks.narrative_set import halves, load

NARRATIVES = load()


def test_holds_at_least_four_hundred_narratives_of_each_kind():
    block_billed = sum(narrative.is_block_billed for narrative in NARRATIVES) / len(NARRATIVES)
    vague = sum(narrative.is_vague for narrative in NARRATIVES) / len(NARRATIVES)
    assert len(NARRATIVES) >= 520
    assert 0.4 <= block_billed <= 0.5
    assert 0.2 <= vague <= 0.3
    assert any(narrative.is_block_billed and narrative.is_vague for narrative in NARRATIVES)


def test_repeats_no_id_and_no_text():
    assert len({narrative.id for narrative in NARRATIVES}) == len(NARRATIVES)
    assert len({" ".join(narrative.text.lower().split()) for narrative in NARRATIVES}) == len(NARRATIVES)


def test_keeps_hard_cases_on_both_sides():
    hard = Counter(narrative.is_block_billed for narrative in NARRATIVES if narrative.note)
    assert min(hard[True], hard[False]) >= 100


def test_parts_cover_the_words_of_every_block_billed_text():
    wrong = [
        narrative.id
        for narrative in NARRATIVES
        if narrative.is_block_billed
        and not (
            narrative.tasks == len(narrative.parts) >= 2 and " ".join(narrative.parts).split() == narrative.text.split()
        )
    ]
    assert wrong == []


def test_counts_one_task_and_no_parts_in_every_other_text():
    assert {(narrative.tasks, narrative.parts) for narrative in NARRATIVES if not narrative.is_block_billed} == {
        (1, ())
    }


def test_halves_share_nothing_and_weigh_the_same():
    training, held_out = halves()
    assert abs(len(training) - len(held_out)) <= 1
    assert sorted((*training, *held_out), key=lambda narrative: narrative.id) == NARRATIVES
    for is_labelled in (lambda each: each.is_block_billed, lambda each: each.is_vague, lambda each: bool(each.note)):
        assert abs(sum(map(is_labelled, training)) - sum(map(is_labelled, held_out))) <= 4


def test_halves_follow_the_seed():
    assert halves(7) == halves(7)
    assert halves(7) != halves(8)
