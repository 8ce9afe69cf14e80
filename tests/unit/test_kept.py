"""What is kept of words: each short one is made once, and no flood of texts fills the memory."""

from domain.kept import WORD_MAX, WORDS_MAX, Kept


def test_a_word_is_made_once() -> None:
    made: list[str] = []
    kept = Kept(lambda text: made.append(text) or text.upper())
    assert [kept["doodh"], kept["chai"], kept["doodh"]] == ["DOODH", "CHAI", "DOODH"]
    assert made == ["doodh", "chai"]


def test_of_a_long_text_nothing_is_kept() -> None:
    kept = Kept(len)
    assert kept["x" * (WORD_MAX + 1)] == WORD_MAX + 1
    assert not kept


def test_never_more_are_kept_than_so_many() -> None:
    kept = Kept(len)
    for number in range(WORDS_MAX + 10):
        assert kept[str(number)] == len(str(number))
        assert len(kept) <= WORDS_MAX
    assert kept["7"] == 1
