"""Which task do words mean: exact before all words before near; several hits are all told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.security.forge import START

from domain.matching import find, is_called, is_done_by
from domain.tasks import Task


def named(*titles: str) -> list[Task]:
    return [Task(number, title, START, START) for number, title in enumerate(titles, 1)]


def found(words: str, *titles: str) -> list[str]:
    return [task.title for task in find(named(*titles), words)]


def test_the_exact_title_wins_over_longer_ones() -> None:
    assert found("meeting", "meeting notes", "meeting", "old meeting") == ["meeting"]


def test_all_words_in_any_order_win_over_near_ones() -> None:
    assert found("notes meeting", "meeting with notes", "meeting notez") == ["meeting with notes"]


def test_near_spelling_is_the_last_resort() -> None:
    assert found("meetnig", "meeting notes", "doodh") == ["meeting notes"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("meeting", ["Meeting Ali", "Meeting Sara"]),
        ("meting", ["Meeting Ali", "Meeting Sara"]),
        ("meet", ["Meeting Ali", "Meeting Sara"]),
    ],
)
def test_several_hits_of_one_kind_are_all_told_in_their_order(words: str, expected: list[str]) -> None:
    assert found(words, "Meeting Ali", "doodh", "Meeting Sara") == expected


def test_twins_are_both_told() -> None:
    assert found("doodh", "doodh", "Doodh", "DOODH") == ["doodh", "Doodh", "DOODH"]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("MEETING!", "meeting"),
        ("doodh", "dudh"),
        ("doodh", "doodhh"),
        ("میٹنگ", "مِیٹنگ"),
        ("كتاب", "کتاب"),
        ("café", "cafe"),
        ("kapre  dhona", "kapre dhona"),
        ("report ۲۰۲۶", "report 2026"),
    ],
)
def test_one_word_in_its_many_spellings_is_one(words: str, title: str) -> None:
    assert found(words, title) == [title]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("chai", "doodh"),
        ("ali", "alu"),
        ("gym", "gum"),
        ("report 2025", "report 2026"),
        ("task 12", "task 123"),
        ("ghar 1", "ghar 2"),
        ("meeting ahmad", "meeting"),
        ("eetin", "meeting"),
        ("a", "apple"),
        ("date", "dawai lana"),
        ("jaan", "bank jana"),
        ("nana", "doodh lana"),
        ("cart", "card recharge"),
        ("lift", "gift for Sara"),
        ("wish", "car wash"),
        ("sheet", "darzi se suit"),
        ("older", "cake order"),
        ("mama", "school fees jama karna"),
    ],
)
def test_another_word_or_another_number_is_not_near(words: str, title: str) -> None:
    assert found(words, title) == []


@pytest.mark.parametrize(
    ("words", "title", "called"),
    [
        ("doodh", "doodh lana", True),
        ("dodh", "doodh lana", True),
        ("meting", "meeting", True),
        ("bijlee", "bijli ka bill", True),
        ("gadi", "gari ki service", True),
        ("kapde", "kapre dhona", True),
        ("doc", "doctor ke paas jana", False),
        ("docter", "doctor ke paas jana", False),
        ("dawa", "dawai lana", False),
        ("doodh lena", "doodh lana", False),
        ("serivce", "gari ki service", False),
    ],
)
def test_usual_spellings_name_a_task_and_slips_only_find_it(words: str, title: str, called: bool) -> None:
    assert (found(words, title), is_called(title, words)) == ([title], called)


def test_nothing_named_is_nothing_found() -> None:
    for words in ("", "  ", "!?", "\u200b"):
        assert found(words, "meeting", "!?") == []


@given(st.lists(st.text(max_size=12), max_size=6), st.text(max_size=12))
def test_what_is_found_is_of_the_tasks_in_their_order(titles: list[str], words: str) -> None:
    tasks = named(*titles)
    hits = find(tasks, words)
    assert [task for task in tasks if task in hits] == hits


@given(
    st.lists(st.text("abcdefg ہم", min_size=1, max_size=8).filter(str.strip), min_size=1, max_size=6), st.integers(0)
)
def test_a_task_is_found_by_its_own_title_and_only_with_its_twins(titles: list[str], place: int) -> None:
    wanted = titles[place % len(titles)]
    hits = found(wanted, *titles)
    assert wanted in hits
    assert all(found(wanted, hit) and found(hit, wanted) for hit in hits)


@pytest.mark.parametrize(
    ("words", "titles", "expected"),
    [
        ("بل", ("bijli ka bill", "billi ko pani"), ["bijli ka bill"]),
        ("دودھ", ("doodh lana", "dawai lana", "dhoop"), ["doodh lana"]),
        ("گیس", ("gas ka bill", "ghas katna"), ["gas ka bill"]),
        ("آفس کی میٹنگ", ("office ki meeting", "office ka bill"), ["office ki meeting"]),
        ("سکول فیس", ("school fees jama karna",), ["school fees jama karna"]),
        ("دوائی", ("ammi ki dawai lana", "do anday lana"), ["ammi ki dawai lana"]),
        ("doodh", ("دودھ لانا", "دوا لانا"), ["دودھ لانا"]),
        ("meeting", ("علی سے میٹنگ",), ["علی سے میٹنگ"]),
        ("چائے", ("cheeni lana", "chaat"), []),
        ("گھر", ("gari ki service",), []),
        ("جم", ("fees jama karna",), []),
        ("بل", ("بلی کو دودھ", "bill"), ["bill"]),
    ],
)
def test_a_word_of_the_other_script_is_found_by_its_sound(
    words: str, titles: tuple[str, ...], expected: list[str]
) -> None:
    assert found(words, *titles) == expected


def test_a_long_word_of_the_other_script_is_no_match() -> None:
    assert found("عہ" * 100, "a" * 200) == []


@pytest.mark.parametrize(
    ("title", "words", "verb", "done"),
    [
        ("report bhejna", "report", "bhej", True),
        ("report bhejna", "report", "kar", True),
        ("report bhejna", "report", "parh", False),
        ("bijli ka bill dena", "bill", "jama", True),
        ("bijli ka bill", "bill", "bhar", True),
        ("bijli ka bill", "bill", "dekh", False),
        ("Buy a gift", "gift", "khareed", True),
        ("گاڑی کی سروس", "گاڑی", "لے", False),
        ("dawai khana", "khana", "ho", False),
        ("khana", "khana", "ho", True),
        ("khana", "!", "parh", False),
        ("aya ko call karna", "aya", "hua", False),
        ("آیا کو کال کرنا", "آیا", "ہوا", False),
        ("nashta", "nashta", "hua", True),
        ("kapre dhone", "kapre dho", "dho", True),
        ("bachon ki fees", "bachon", "bachon", False),
        ("Ali ko gift dena", "gift ali", "ali", False),
        ("meeting ki tayari", "tayari meeting", "hui", True),
        ("safai karna", "safai", "hogayi", True),
    ],
)
def test_a_task_is_done_by_its_own_verb(title: str, words: str, verb: str, done: bool) -> None:
    assert is_done_by(title, words, verb) is done
