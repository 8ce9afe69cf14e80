"""What everyday messages are read as: commands in three languages, and chatter that must do nothing."""

from datetime import UTC, datetime

import pytest
from tests.unit.urdu_sentences import chatter, commands

from domain.urdu import Operation, parse_urdu_intent, parse_urdu_intents

NOW = datetime(2026, 2, 6, 5, 0, tzinfo=UTC)

# Each with an ending or form of karna that people write: at least twelve spellings a verb.
# fmt: off
SPELLINGS = {
    Operation.DELETE: (
        "delete kar do", "delete kardo", "delete krdo", "delete kr do", "delete karo", "delete kren",
        "delete kar dein", "delete kardein", "delete kar dijiye", "delete kijiye", "dlt krdo", "delet karo",
        "hata do", "hatado", "hatao", "hata dein", "hata den", "hataiye", "hata dijiye", "mita do", "mitado",
        "mita dein", "hazf kar do", "cancel kar do", "cancel krdein", "remove kardo", "radd kar do",
        "ڈیلیٹ کر دو", "ڈلیٹ کردو", "حذف کر دیں", "حذف کریں", "ہٹا دو", "ہٹا دیں", "مٹا دو", "کینسل کر دیں",
        "حذف كر ديں", "ڈیلیٹ کیجیے",
    ),
    Operation.COMPLETE: (
        "mukammal kar do", "mukamal kar do", "mukmal karo", "mukammal kardo", "mukammal krdo", "mukamml kr do",
        "mukammal kijiye", "mukammal kar dein", "complete kar do", "complete kardo", "complete krdo",
        "complit kar do", "done kar do", "done karo", "finish kar do", "poora kar do", "pura kardo",
        "mukammal ho gaya", "mukammal hogya", "complete ho gaya", "complete hogaya", "ho gaya", "hogya",
        "hogaya", "ho gya", "kar liya", "krliya", "kar liya hai", "nipta diya", "مکمل کر دو", "مکمل کریں",
        "مکمل کر دیں", "مکمل ہو گیا", "مکمل ہوگیا", "ہو گیا", "ہوگیا ہے", "کر لیا", "پورا کر دو",
    ),
    Operation.LIST: (
        "dikhao", "dikha do", "dikhado", "dikha dein", "dikhaiye", "dikhayen", "dikhaye", "batao", "bata do",
        "bataiye", "batayen", "bta do", "btao", "show karo", "show kar do", "check karo", "list karo", "sunao",
        "دکھاؤ", "دکھا دو", "دکھائیں", "بتاؤ", "بتائیں", "دکھا دیں",
    ),
    Operation.ADD: (
        "add karo", "add kar do", "add kardo", "add krdo", "add kr do", "ad kar do", "add kar dein",
        "add kijiye", "add karen", "bana do", "banado", "banao", "bana dein", "banaiye", "laga do", "lagado",
        "lagao", "laga dein", "rakh do", "rakhdo", "likh lo", "likhlo", "note kar lo", "note karlo", "daal do",
        "shamil karo", "shamil kar dein", "شامل کرو", "شامل کر دیں", "بنا دو", "بناؤ", "لگا دو", "لکھ لو",
        "ایڈ کر دو", "نوٹ کر لو",
    ),
    Operation.UPDATE: (
        "change kar do", "change kardo", "change karo", "change krdo", "badal do", "badaldo", "badlo",
        "badal dein", "badaliye", "tabdeel kar do", "tabdeel karo", "tabdil kardo", "update kar do",
        "update karo", "update krdein", "edit karo", "modify kar do", "تبدیل کر دو", "تبدیل کریں", "بدل دو",
        "بدل دیں", "اپڈیٹ کر دو", "چینج کر دو", "ایڈٹ کریں",
    ),
    Operation.UNDO: (
        "undo karo", "undo kar do", "undo kardo", "undo", "wapas lao", "wapis lao", "waapas lao",
        "wapas kar do", "wapas krdo", "wapis le aao", "wapas le lo", "wapas karo", "واپس لاؤ", "واپس کر دو",
        "واپس لے آؤ", "ان ڈو کرو",
    ),
}
# fmt: on
FRAMES = {
    Operation.DELETE: "dentist wala task {}",
    Operation.COMPLETE: "dentist wala task {}",
    Operation.LIST: "mere tasks {}",
    Operation.ADD: "kal dentist ka task {}",
    Operation.UPDATE: "dentist wala task {}",
    Operation.UNDO: "{}",
}


@pytest.mark.parametrize(("text", "operation", "title"), commands())
def test_an_everyday_command_is_read(text: str, operation: str, title: str | None) -> None:
    intent = parse_urdu_intents(text, now=NOW)[0]
    assert intent.operation == operation
    assert (intent.title or "").casefold() == (title or "").casefold()


@pytest.mark.parametrize("text", chatter())
def test_chatter_does_nothing(text: str) -> None:
    assert parse_urdu_intent(text, now=NOW).operation is Operation.NONE


@pytest.mark.parametrize(
    ("operation", "text"),
    [(operation, FRAMES[operation].format(verb)) for operation, verbs in SPELLINGS.items() for verb in verbs],
)
def test_a_verb_is_known_in_its_spellings(operation: Operation, text: str) -> None:
    assert parse_urdu_intent(text, now=NOW).operation is operation


def test_the_tables_are_broad() -> None:
    assert len(commands()) >= 400
    assert len(chatter()) >= 120
    assert all(len(spellings) >= 12 for spellings in SPELLINGS.values())


@pytest.mark.parametrize(
    "text",
    [
        "delete mat karo", "task delete na karo", "abhi complete nahi hua", "mera task nahi ho gaya", "yaad mat dilana",
        "meeting mat hatao",
        "mukammal nahi kiya", "don't delete it", "please do not remove the report", "ڈیلیٹ مت کریں",
        "add mat karna", "report ko kal pe mat karo", "ابھی مکمل نہیں ہوا",
    ],
)  # fmt: skip
def test_a_negation_never_acts(text: str) -> None:
    assert parse_urdu_intent(text, now=NOW).operation is Operation.NONE


@pytest.mark.parametrize(
    "text",
    [
        "kya tum ne meeting delete kar di thi?",
        "maine kal task add kiya tha",
        "did you delete it?",
        "کیا تم نے ڈیلیٹ کیا تھا؟",
    ],
)
def test_talk_about_past_acts_is_no_command(text: str) -> None:
    assert parse_urdu_intent(text, now=NOW).operation is Operation.NONE
