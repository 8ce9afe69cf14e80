"""What is kept of words: each short one is made once, and no flood of texts fills the memory."""

from domain.kept import KEPT_MAX, WORD_MAX, Kept


def test_a_word_is_made_once() -> None:
    made: list[str] = []
    kept = Kept(lambda text: made.append(text) or text.upper())
    assert [kept["doodh"], kept["chai"], kept["doodh"]] == ["DOODH", "CHAI", "DOODH"]
    assert made == ["doodh", "chai"]


def test_of_a_long_text_nothing_is_kept() -> None:
    kept = Kept(str.upper)
    assert kept["x" * (WORD_MAX + 1)] == "X" * (WORD_MAX + 1)
    assert not kept


def test_never_more_is_kept_than_so_much() -> None:
    kept = Kept(lambda text: [text] * 10)
    for number in range(KEPT_MAX):
        assert kept[str(number)] == [str(number)] * 10
        assert 10 * len(kept) <= KEPT_MAX
    assert kept["7"] == ["7"] * 10
    assert kept


def test_what_comes_to_nothing_is_counted_too() -> None:
    kept: Kept[str] = Kept(lambda _: "")
    for number in range(KEPT_MAX + 10):
        assert kept[str(number)] == ""
    assert len(kept) < KEPT_MAX
