"""Answers to our questions, our own sentences, and the lexicon they come from."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.tasks import Due, Priority
from domain.urdu import (
    Answer,
    Language,
    Reply,
    due_phrase,
    fold,
    fold_text,
    generate_urdu_response,
    parse_urdu_intent,
    read_answer,
    repeat_phrase,
    say,
    takes_leave,
    task_line,
)
from domain.urdu.lexicon import LexiconError, read_lexicon

KARACHI = ZoneInfo("Asia/Karachi")
NOW = datetime(2026, 2, 6, 10, 0, tzinfo=KARACHI)
SLOTS: dict[str, str | int] = {
    "title": "meeting", "old": "gym", "count": 2, "lines": "1. a\n2. b", "number": 3, "due": "kal", "repeat": "rozana",
    "priority": "high", "titles": "meeting", "why": "x", "done": "y", "today": "peer",
}  # fmt: skip


YES = (
    "haan", "ji", "jee haan", "theek hai", "ok", "yes", "kar do", "bilkul", "جی ہاں", "ہاں", "ٹھیک ہے",
    "sure, go ahead", "haan kar do", "yes please",
)  # fmt: skip
NO = (
    "nahi", "nahi rehne do", "cancel", "no", "na", "mat karo", "never mind", "نہیں", "رہنے دو", "no thanks", "ji nahi",
    "chhoro", "no wait", "wait",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        *((yes, Answer(yes=True)) for yes in YES),
        *((no, Answer(yes=False)) for no in NO),
        ("pehla", Answer(choices=(1,))),
        ("1", Answer(numbers=(1,))),
        ("۲", Answer(numbers=(2,))),
        ("doosra wala", Answer(choices=(2,))),
        ("dusra", Answer(choices=(2,))),
        ("second one", Answer(choices=(2,))),
        ("number 3", Answer(numbers=(3,))),
        ("task 3", Answer(numbers=(3,))),
        ("teesra wala kar do", Answer(choices=(3,), yes=True)),
        ("1 aur 3", Answer(numbers=(1, 3))),
        ("1, 2", Answer(numbers=(1, 2))),
        ("kal 2 baje meeting add karo", Answer(words="kal 2 baje meeting add")),
        ("mujhe 2 minute do", Answer(words="minute")),
        ("aakhri", Answer(choices=(-1,))),
        ("آخری والا", Answer(choices=(-1,))),
        ("dono", Answer(everything=True)),
        ("sab", Answer(everything=True)),
        ("teeno", Answer(everything=True)),
        ("both", Answer(everything=True)),
        ("دونوں", Answer(everything=True)),
        ("meeting wala", Answer(words="meeting")),
        ("the report one", Answer(words="report")),
        ("nahi, doosra wala", Answer(choices=(2,), negated=True)),
        ("nahi meeting wala", Answer(words="meeting", negated=True)),
        ("haan doosra wala", Answer(yes=True, choices=(2,))),
        ("pehle wala", Answer(choices=(1,))),
        ("doosra kar do na", Answer(yes=True, choices=(2,))),
        ("haan kar do na", Answer(yes=True)),
        ("lana wala", Answer(words="lana")),
        ("office ja raha hun", Answer()),
        ("han bhai kya haal hai", Answer()),
        ("main theek hun", Answer()),
        ("hmm", Answer()),
        ("sab theek hai", Answer()),
        ("yes i am sure", Answer(yes=True)),
        ("sab theek hai?", Answer()),
        ("haan, kyun nahi", Answer(yes=True)),
        ("main office mein hun", Answer()),
        ("doodh lana hai", Answer()),
        ("میں دفتر جا رہا ہوں", Answer()),
        ("doodh lana", Answer(words="doodh")),
        ("", Answer()),
    ],
)  # fmt: skip
def test_an_answer_is_understood(text: str, answer: Answer) -> None:
    assert read_answer(text) == answer


@pytest.mark.parametrize(
    "text",
    [
        "pehla nahi", "pehla mat karo", "pehla na karo", "pehla wala nahi hai", "pehla rakho", "pehla rehne do",
        "rehne do pehla", "pehle wale ko chhor do", "pehla delete nahi karo", "pehla mat delete karo", "not the first",
        "not the first one", "the first one not", "don't delete the first one", "keep the first", "leave the first one",
        "پہلا نہیں", "پہلا مت کرو", "پہلا رہنے دو", "پہلا حذف نہیں کرنا",
    ],
)  # fmt: skip
def test_what_is_refused_is_not_chosen(text: str) -> None:
    assert read_answer(text) == Answer(not_choices=(1,))


@pytest.mark.parametrize(
    "text",
    [
        "pehla nahi doosra", "pehla nahi, doosra", "nahi pehla nahi doosra", "doosra, pehla nahi",
        "pehla rakho doosra hata do", "doosra karo pehla nahi", "pehle ki jagah doosra", "pehle ke bajaye doosra wala",
        "pehla rehne do doosra kar do",
        "pehla delete nahi karna doosra karna hai", "pehla nahi balke doosra", "not the first, the second",
        "not the first but the second", "the second one not the first", "the second instead of the first",
        "keep the first delete the second", "don't delete the first, delete the second", "پہلا نہیں دوسرا",
        "پہلا نہیں بلکہ دوسرا", "پہلا رہنے دو دوسرا حذف کر دو", "پہلے کی جگہ دوسرا",
    ],
)  # fmt: skip
def test_of_one_refused_and_one_chosen_the_chosen_one_is_meant(text: str) -> None:
    assert read_answer(text) == Answer(choices=(2,), negated=True, not_choices=(1,))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1 nahi 2", Answer(numbers=(2,), negated=True, not_numbers=(1,))),
        ("1 mat karo", Answer(not_numbers=(1,))),
        ("na pehla na doosra", Answer(not_choices=(1, 2))),
        ("neither the first nor the second", Answer(not_choices=(1, 2))),
        ("pehla aur doosra nahi, teesra", Answer(choices=(3,), negated=True, not_choices=(1, 2))),
        ("garam wala nahi", Answer(not_words=("garam",))),
        ("garam nahi lana wala", Answer(words="lana", negated=True, not_words=("garam",))),
        ("the report one not the milk one", Answer(words="report", negated=True, not_words=("milk",))),
        ("دودھ والا نہیں چائے والا", Answer(words="چائے", negated=True, not_words=("دودھ",))),
        ("pehle ke ilawa sab", Answer(everything=True, negated=True, not_choices=(1,))),
        ("all but the first", Answer(everything=True, negated=True, not_choices=(1,))),
        ("sab siwaye pehle ke", Answer(everything=True, negated=True, not_choices=(1,))),
        ("پہلے کے علاوہ سب", Answer(everything=True, negated=True, not_choices=(1,))),
        ("haan lekin pehla nahi", Answer(yes=True, not_choices=(1,))),
        *(
            (none, Answer(yes=False))
            for none in (
                "dono nahi", "dono rehne do", "sab nahi", "none of them", "neither", "dono mein se koi nahi",
                "not all of them", "دونوں نہیں", "دونوں رہنے دو", "abhi nahi",
            )
        ),
    ],
)  # fmt: skip
def test_a_refusal_belongs_to_what_it_stands_by(text: str, answer: Answer) -> None:
    assert read_answer(text) == answer


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("reply", Reply)
def test_every_sentence_can_be_said_in_every_language(reply: Reply, language: Language) -> None:
    said = say(reply, language, **SLOTS)
    assert said
    assert not set("{}[]|") & set(said)


def test_the_contract_fixes_the_sentence_of_a_deletion() -> None:
    assert generate_urdu_response("delete", "meeting") == "Theek hai, 'meeting' task delete ho gaya."
    assert generate_urdu_response("delete_task", "meeting") == "Theek hai, 'meeting' task delete ho gaya."


@pytest.mark.parametrize("operation", ["add", "list", "complete", "delete", "update", "undo", "none", "dance"])
def test_a_reply_is_found_for_any_operation(operation: str) -> None:
    assert generate_urdu_response(operation)
    assert generate_urdu_response(operation, "meeting", Language.URDU)


def test_a_missing_slot_takes_its_part_of_the_sentence_with_it() -> None:
    assert say(Reply.CREATED, Language.ROMAN, title="x") == "Theek hai, 'x' task add ho gaya."
    assert say(Reply.CREATED, Language.ROMAN, title="x", due="kal") == "Theek hai, 'x' task add ho gaya, kal."


def test_number_agrees() -> None:
    assert "1 task delete ho gaya" in say(Reply.DELETED_MANY, Language.ROMAN, count=1)
    assert "2 tasks delete ho gaye" in say(Reply.DELETED_MANY, Language.ROMAN, count=2)


def test_a_title_is_never_read_as_a_template() -> None:
    assert "{count} [x|y]" in say(Reply.DELETED, Language.ENGLISH, title="{count} [x|y]")


@pytest.mark.parametrize(
    ("days", "hour", "roman", "english"),
    [
        (0, None, "aaj", "today"),
        (1, 9, "kal subah 9 baje", "tomorrow at 9 am"),
        (2, None, "parson", "the day after tomorrow"),
        (7, 15, "13 February dopahar 3 baje", "on 13 February at 3 pm"),
        (4, 20, "mangal ko raat 8 baje", "on Tuesday at 8 pm"),
    ],
)
def test_a_due_is_told_as_people_say_it(days: int, hour: int | None, roman: str, english: str) -> None:
    day = NOW.date() + timedelta(days=days)
    due = (
        Due(day)
        if hour is None
        else Due.at_moment(datetime(day.year, day.month, day.day, hour, tzinfo=KARACHI), KARACHI)
    )
    assert due_phrase(due, NOW, KARACHI, Language.ROMAN) == roman
    assert due_phrase(due, NOW, KARACHI, Language.ENGLISH) == english


def test_a_repetition_is_told_as_people_say_it() -> None:
    assert repeat_phrase("FREQ=WEEKLY;BYDAY=FR", Language.ROMAN) == "har jumme"
    assert repeat_phrase("FREQ=DAILY", Language.ENGLISH) == "every day"
    assert repeat_phrase("FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=14", Language.ROMAN) == "har saal 14 August ko"
    assert repeat_phrase("FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=14", Language.URDU) == "ہر سال 14 اگست کو"
    assert repeat_phrase("FREQ=YEARLY;BYMONTH=8", Language.ENGLISH) == "repeating (FREQ=YEARLY;BYMONTH=8)"
    assert repeat_phrase("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=5", Language.ENGLISH) == "every 2 months on the 5th"
    assert repeat_phrase("FREQ=MONTHLY;BYDAY=2MO", Language.ENGLISH) == "repeating (FREQ=MONTHLY;BYDAY=2MO)"


def test_a_repetition_beside_another_day_is_what_follows() -> None:
    rule, monday, tuesday = "FREQ=WEEKLY;BYDAY=MO", date(2026, 2, 9), date(2026, 2, 10)
    assert repeat_phrase(rule, Language.ROMAN, monday) == "har peer"
    assert repeat_phrase(rule, Language.ROMAN, tuesday) == "phir har peer"
    assert repeat_phrase("FREQ=MONTHLY;BYMONTHDAY=-1", Language.ENGLISH) == "every month on the last day"


def test_a_line_of_a_list_says_what_is_worth_saying() -> None:
    assert task_line(1, "doodh lana", None, Priority.NORMAL, done=False, language=Language.ROMAN) == "1. doodh lana"
    assert (
        task_line(2, "bill", "kal", Priority.HIGH, done=True, language=Language.ROMAN)
        == "2. bill (kal, zaroori, mukammal)"
    )
    assert task_line(3, "walk", "kal", Priority.NORMAL, done=False, repeat="rozana") == "3. walk (kal, rozana)"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mukammal", "mukkamal"), ("hataao", "hatao"), ("kariye", "kariie"), ("zaroori", "zaruri"), ("vala", "wala"),
        ("qalam", "kalam"), ("phir", "fir"), ("کل", "كل"), ("میٹنگ", "ميٹنگ"), ("حذف", "حذف\u200c"),
        ("مُکمّل", "مکمل"), ("Café", "cafe"),
    ],
)  # fmt: skip
def test_spellings_of_one_word_agree(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("hata", "aath"), ("kal", "kam"), ("band", "bandh"), ("subah", "sab"), ("کی", "کے")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_titles_are_compared_without_case_and_punctuation() -> None:
    assert fold_text("Bijli ka BILL!") == fold_text("bijlee ka bill")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[bare\n", "lexicon.toml"),
        ('[bare]\ndelete = ["hata"]', r"\[bare\] delete must be one string of spellings"),
        ('[bare]\ndelete = "hata, "', r"\[bare\] delete holds an empty spelling"),
        ('[day]\nkal = "kal"', r"\[day\] kal must be a number"),
        ('[stems.vowel]\ndelete = "hata"', r"\[stems.vowel\] has no \[endings.vowel\]"),
        ('[endings.vowel]\nloud = "o"', r"\[endings.vowel\] loud is no mood"),
    ],
)
def test_a_slip_in_the_lexicon_is_named(text: str, complaint: str) -> None:
    with pytest.raises(LexiconError, match=complaint):
        read_lexicon(text)


def test_a_speaker_can_add_a_word_without_code() -> None:
    lexicon = read_lexicon(
        '[bare]\ndelete = "gaayab, ghayab"\n[stems.vowel]\nlist = "jhalka"\n[endings.vowel]\nimperative = "o"\n'
    )
    assert lexicon.senses("ghaayab") == {"delete": "bare"}
    assert lexicon.senses("jhalkao") == {"list": "imperative"}


def test_one_list_of_spellings_may_name_several_kinds() -> None:
    assert read_lexicon('[small]\n"wh count" = "kitnay"\n').senses("kitne") == {"wh": True, "count": True}


def test_now_defaults_to_the_present() -> None:
    due = parse_urdu_intent("kal doodh lana add karo").due
    assert due is not None
    assert abs((due.day - datetime.now(UTC).date()).days) <= 2


def test_only_a_farewell_by_itself_takes_leave() -> None:
    for text in ("khuda hafiz", "Ok bye!", "shukriya, phir milenge", "خدا حافظ۔"):
        assert takes_leave(text), text
    for text in ("", "shukriya", "doctor ne bye bola", "bye, aur doodh lana add karo", "bye " * 100):
        assert not takes_leave(text), text
