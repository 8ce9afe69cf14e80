"""Conversations of several turns with the offline assistant, end to end over HTTP.

Each line is what is said and what the answer must hold; at the end, the titles that are left.
"""

from dataclasses import dataclass

import pytest

from tests.e2e.process import UserClient


@dataclass(frozen=True)
class Dialogue:
    """A conversation: the tasks there at first, the turns, and the pending tasks at its end."""

    tasks: tuple[str, ...]
    turns: tuple[tuple[str, str], ...]
    left: tuple[str, ...]


MEETINGS = ("Ali ke sath meeting", "Sara ke sath meeting", "doodh lana")
BILLS = ("bijli ka bill", "gas ka bill", "pani ka bill")
MILK = ("doodh lana", "doodh garam karna")
FIVE = ("doctor", "gym jana", "chai", "report", "meeting with Ahmed")
DIALOGUES = {
    "all of a kind": Dialogue(
        ("doodh",),
        (
            ("urgent task add karo: report", "fori"),
            ("zaroori task add karo: bill", "zaroori"),
            ("sofa lana add karo #ghar", "'sofa lana'"),
            ("mere zaroori kaam kaun se hain?", "2 tasks hain:\n2. report (fori)\n3. bill (zaroori)"),
            ("pehla kal kar do", "'report' task update ho gaya: kal"),
            ("#ghar wale kaam dikhao", "Aap ka 1 task hai:\n4. sofa lana"),
            ("show ghar tasks", "1 task:\n4. sofa lana"),
            ("#xyz wale dikhao", "Koi task nahi mila"),
            ("#xyz wale sab delete kar do", "Koi task nahi mila"),
            ("urgent wale sab parson kar do", "'report' task update ho gaya: parson"),
            ("zaroori doodh delete kar do", "1 task delete kar doon?\n1. doodh"),
            ("nahi", "kuch nahi kiya"),
            ("zaroori wale sab delete kar do", "'bill' task delete ho gaya"),
            ("#ghar wale sab mukammal kar do", "'sofa lana' task mukammal"),
            ("aaj maine kya kya kiya?", "1 task hai:\n4. sofa lana"),
            ("maine kal kya kya kiya?", "Koi task nahi mila"),
            ("sofa wala kaam ho gaya kya?", "sofa lana (mukammal)"),
        ),
        ("doodh", "report"),
    ),
    "what was made, written, cleaned and washed": Dialogue(
        ("ghar saaf karna", "kapre dhone", "bartan dhone", "khana banana", "report likhni"),
        (
            ("ghar saaf karo", "1 task delete kar doon?\n1. ghar saaf karna"),
            ("nahi", "kuch nahi kiya"),
            ("ghar saaf ho gaya", "'ghar saaf karna' task mukammal"),
            ("kapre dho liye", "'kapre dhone' task mukammal"),
            ("bartan dhul gaye", "'bartan dhone' task mukammal"),
            ("khana ban gaya", "'khana banana' task mukammal"),
            ("report likh li", "'report likhni' task mukammal"),
        ),
        (),
    ),
    "what a task is for is over, and not the task": Dialogue(
        ("meeting ki tayari karni", "Sara ki shadi ka gift lena", "bijli ka bill dena"),
        (
            ("meeting ho gayi", "1 task mukammal kar doon?"),
            ("nahi", ""),
            ("Sara ki shadi ho gayi", "1 task mukammal kar doon?"),
            ("nahi", ""),
            ("bijli wala ho gaya", "'bijli ka bill dena' task mukammal ho gaya"),
            ("tayari ho gayi", "'meeting ki tayari karni' task mukammal ho gaya"),
        ),
        ("Sara ki shadi ka gift lena",),
    ),
    "another hour or day in the place of the last": Dialogue(
        (),
        (
            ("meeting add karo kal 5 baje", "kal shaam 5 baje"),
            ("sham ki jagah subah 10", "'meeting' task update ho gaya: kal subah 10 baje"),
            ("kal ki jagah parson", "'meeting' task update ho gaya: parson subah 10 baje"),
        ),
        ("meeting",),
    ),
    "one of a list, and no more said of it": Dialogue(
        ("doodh lana", "report", "meeting"),
        (
            ("2", "samajh nahi aaya"),
            ("mere tasks dikhao", "3 tasks hain"),
            ("2", "'report' task delete karna hai ya mukammal ho gaya?"),
            ("delete", "'report' task delete ho gaya"),
            ("mere tasks dikhao", "2 tasks hain"),
            ("pehla wala", "'doodh lana' task delete karna hai ya mukammal ho gaya?"),
            ("ho gaya", "'doodh lana' task mukammal"),
            ("mere tasks dikhao", "1 task hai"),
            ("7", "samajh nahi aaya"),
            ("2 baje", "samajh nahi aaya"),
        ),
        ("meeting",),
    ),
    "each need with its day behind it": Dialogue(
        (),
        (
            (
                "doodh lana hai kal, sabzi leni hai parson aur bill dena hai jumme ko",
                "'doodh lana' task add ho gaya, kal.\nTheek hai, 'sabzi leni' task add ho gaya, parson.\n",
            ),
            ("dikhao zara kya kya hai", "3 tasks hain"),
            ("bill ka status kya hai", "3. bill dena"),
            ("sabzi wala aaj kar do", "'sabzi leni' task update ho gaya: aaj"),
        ),
        ("doodh lana", "sabzi leni", "bill dena"),
    ),
    "what is to be finished until a day is to do": Dialogue(
        (),
        (
            ("finish the slides by friday", "added the task 'finish the slides', on Friday"),
            ("move it to 5", "on Friday at 5 pm"),
            ("push the slides from 5 to 6", "on Friday at 6 pm"),
            ("finish the slides by friday", "Complete this task?"),
            ("yes", "complete"),
        ),
        (),
    ),
    "what was taken back is spoken of": Dialogue(
        ("doodh lana", "report likhni"),
        (
            ("report wala delete karo", "'report likhni' task delete ho gaya"),
            ("doodh wala delete kar doon?", "?"),
            ("nahi", ""),
            ("undo", "'report likhni' task wapas aa gaya"),
            ("isko delete kar do", "'report likhni' task delete ho gaya"),
        ),
        ("doodh lana",),
    ),
    "what lies before the last turn": Dialogue(
        ("bijli ka bill", "gas ka bill", "chai"),
        (
            ("mere tasks dikhao", "2. gas ka bill"),
            ("shukriya", ""),
            ("acha", ""),
            ("doosra delete kar do", "'gas ka bill' task delete ho gaya"),
            ("chai mukammal kar do", "'chai' task mukammal"),
            ("shukriya", ""),
            ("hmm", ""),
            ("undo", "'chai' task phir se baqi hai"),
            ("isko kal kar do", "'chai' task update ho gaya: kal"),
            ("ok", "Theek hai"),
            ("👍", "Theek hai"),
        ),
        ("bijli ka bill", "chai"),
    ),
    "several commands in one message": Dialogue(
        ("beta", "gamma"),
        (
            ("beta ko kal karo aur usay urgent kar do", "fori"),
            ("mark beta as done and delete gamma", "'gamma'"),
            ("zeta add karo aur us ka naam eta rakh do", "'eta'"),
            ("show my tasks", "3. eta"),
            ("add eggs, then delete eggs, then show tasks", "3. eta"),
        ),
        ("eta",),
    ),
    "which one, by its priority or its tag": Dialogue(
        ("bijli ka bill",),
        (
            ("urgent task add karo: gas ka bill", "fori"),
            ("pani ka bill add karo #ghar", "'pani ka bill'"),
            ("bill wala delete karo", "3 tasks milay"),
            ("urgent wala nahi", "2 tasks milay, kaunsa?\n1. bijli ka bill\n3. pani ka bill"),
            ("#ghar wala", "1 task delete kar doon?\n3. pani ka bill"),
            ("haan", "'pani ka bill' task delete"),
            ("bill wala delete karo", "2 tasks milay"),
            ("urgent wale", "1 task delete kar doon?\n2. gas ka bill"),
            ("haan", "'gas ka bill' task delete"),
        ),
        ("bijli ka bill",),
    ),
    "all that are not of a kind": Dialogue(
        (),
        (
            ("urgent task add karo: report", "fori"),
            ("sofa lana add karo #ghar", "'sofa lana'"),
            ("kal chai lana add karo", "'chai lana'"),
            ("show tasks not tagged ghar", "2 tasks:\n1. report (urgent)\n3. chai lana (tomorrow)"),
            ("show everything except urgent", "2 tasks:\n2. sofa lana\n3. chai lana (tomorrow)"),
            ("pehle wale ko zaroori kar do", "'sofa lana'"),
            ("show urgent and high tasks", "2 tasks:\n1. report (urgent)\n2. sofa lana"),
            ("delete everything not tagged ghar", "tasks?\n1. report (urgent)\n3. chai lana (tomorrow)\n"),
            ("no", "nothing"),
            ("jo urgent nahi wo sab delete kar do", "2 tasks delete kar doon?\n2. sofa lana (zaroori)\n3. chai"),
            ("nahi", "kuch nahi kiya"),
            ("kal wale ke ilawa sab mukammal kar do", "2 tasks mukammal kar doon?\n1. report (fori)\n2. sofa lana"),
            ("nahi", "kuch nahi kiya"),
            ("1 ke ilawa sab delete karo", "2 tasks delete kar doon?\n2. sofa lana (zaroori)\n3. chai"),
            ("haan", "2 tasks"),
        ),
        ("report",),
    ),
    "all of those that were shown": Dialogue(
        ("doodh", "anda", "bread"),
        (
            ("dono ho gaye", "3 tasks milay, kaunsa?"),
            ("kal report bhejna add karo", "'report bhejna'"),
            ("kal chai lana add karo", "'chai lana'"),
            ("kal ke tasks dikhao", "2 tasks hain"),
            ("baqi sab delete kar do", "3 tasks delete kar doon?\n1. doodh\n2. anda\n3. bread"),
            ("nahi", "kuch nahi kiya"),
            ("kal ke tasks dikhao", "2 tasks hain"),
            ("in sab ko parson kar do", "2 tasks update ho gaye:\n4. report bhejna (parson)\n5. chai lana (parson)"),
            ("parson ke tasks dikhao", "2 tasks hain"),
            ("dono ho gaye", "2 tasks mukammal"),
            ("mere tasks dikhao", "3 tasks hain"),
            ("teeno delete kar do", "3 tasks delete kar doon?"),
            ("haan", "3 tasks delete ho gaye"),
        ),
        (),
    ),
    "a tag that is said like a name": Dialogue(
        ("doodh",),
        (
            ("sofa lana add karo #ghar", "'sofa lana'"),
            ("ghar wale tasks delete kar do", "1 task delete kar doon?\n2. sofa lana"),
            ("nahi", "kuch nahi kiya"),
            ("finish all ghar tasks", "this task?\n2. sofa lana"),
            ("yes", "'sofa lana' is complete"),
            ("delete all my dukan tasks", "no task called 'dukan'"),
        ),
        ("doodh",),
    ),
    "tasks by their numbers": Dialogue(
        BILLS,
        (
            ("task 3 dikhao", "1 task hai:\n3. pani ka bill"),
            ("show task 9", "9"),
            ("mark 1 and 2 done", "'bijli ka bill' is complete"),
            ("show complete tasks", "2 tasks:\n1. bijli"),
        ),
        BILLS[2:],
    ),
    "what was so before is not called updated": Dialogue(
        BILLS,
        (
            ("gas ka bill kal kar do", "kal"),
            ("move everything to tomorrow", "Change these tasks: tomorrow?"),
            ("yes", "2 tasks are updated:\n1. bijli ka bill (tomorrow)\n3. pani"),
        ),
        BILLS,
    ),
    "those that repeat": Dialogue(
        ("doodh",),
        (
            ("roz walk karna add karo", "rozana"),
            ("har jumme masjid jana add karo", "har jumme"),
            ("roz wale kaam dikhao", "1 task hai:\n2. walk karna"),
            ("har hafte wale kaam dikhao", "1 task hai:\n3. masjid jana"),
            ("roz wale sab delete kar do", "'walk karna' task delete"),
        ),
        ("doodh", "masjid jana"),
    ),
    "the hour of a question": Dialogue(
        (),
        (
            ("kal subah 9 baje gym add karo", "subah 9 baje"),
            ("kal shaam 5 baje chai add karo", "shaam 5 baje"),
            ("parson bank jana add karo", "parson"),
            ("kal shaam ko kya hai", "1 task hai:\n2. chai"),
            ("kal 9 baje kya hai", "1 task hai:\n1. gym"),
            ("kal aur parson ke kaam", "3 tasks hain"),
            ("kal ke baad kya hai", "1 task hai:\n3. bank jana"),
            ("kal shaam wale sab delete kar do", "'chai' task delete"),
        ),
        ("gym", "bank jana"),
    ),
    "which one, not this one": Dialogue(
        MILK,
        (
            ("doodh wala delete krdo", "kaunsa"),
            ("garam wala nahi", "1 task delete kar doon?\n1. doodh lana"),
            ("haan", "'doodh lana' task delete ho gaya"),
        ),
        ("doodh garam karna",),
    ),
    "which one, this one and not that one": Dialogue(
        MILK,
        (("doodh wala delete krdo", "kaunsa"), ("garam nahi lana wala", "'doodh lana' task delete ho gaya")),
        ("doodh garam karna",),
    ),
    "which one, both not": Dialogue(
        MILK, (("doodh wala mukammal krdo", "kaunsa"), ("dono nahi", "kuch nahi kiya")), MILK
    ),
    "which one, another day for the second and not the first": Dialogue(
        MILK,
        (("doodh wala kal kar do", "kaunsa"), ("pehla nahi doosra", "'doodh garam karna' task update ho gaya: kal")),
        MILK,
    ),
    "which of three, not one": Dialogue(
        BILLS,
        (
            ("bill wala mukammal karo", "3 tasks milay"),
            ("gas wala nahi", "2 tasks milay"),
            ("3", "'pani ka bill' task"),
        ),
        BILLS[:2],
    ),
    "which one, half of what was said was not shown": Dialogue(
        BILLS, (("bill wala delete karo", "3 tasks milay"), ("1 aur 7", "kaunsa"), ("nahi", "kuch nahi kiya")), BILLS
    ),
    "which one, done instead": Dialogue(
        BILLS,
        (("bill wala delete karo", "3 tasks milay"), ("doosra ho gaya", "'gas ka bill' task mukammal ho gaya")),
        (BILLS[0], BILLS[2]),
    ),
    "English, which one not": Dialogue(
        ("meeting with Ali", "meeting with Sara"),
        (("delete the meeting task", "which one"), ("not the first one", "meeting with Sara"), ("no", "nothing")),
        ("meeting with Ali", "meeting with Sara"),
    ),
    "Urdu, which one not": Dialogue(
        ("علی سے میٹنگ", "سارہ سے میٹنگ"),
        (("میٹنگ والا ٹاسک حذف کرو", "کون سا"), ("پہلا نہیں دوسرا", "'سارہ سے میٹنگ' ٹاسک حذف ہو گیا")),
        ("علی سے میٹنگ",),
    ),
    "one thing of a list": Dialogue(
        ("doodh, anday, double roti",),
        (("roti wala hata do", "haan / nahi"), ("nahi", "kuch nahi kiya")),
        ("doodh, anday, double roti",),
    ),
    "one thing of a list is done": Dialogue(
        ("milk, eggs and bread",), (("I bought the milk", "(yes / no)"), ("no", "nothing")), ("milk, eggs and bread",)
    ),
    "a list by its whole name": Dialogue(
        ("doodh, anday, roti", "doodh"), (("doodh, anday, roti delete karo", "delete ho gaya"),), ("doodh",)
    ),
    "what repeats is shown so": Dialogue(
        (), (("roz subah 7 baje walk yaad dilana", "rozana"), ("dikhao", "rozana)")), ("walk",)
    ),
    "all, but one": Dialogue(
        BILLS, (("sab tasks delete karo", "haan / nahi"), ("haan lekin gas wala nahi", "2 tasks delete")), BILLS[1:2]
    ),
    "a new command is no yes: numbers": Dialogue(
        FIVE,
        (("akhri wala mita do", "5. meeting with Ahmed"), ("1 aur 3 delete kr do", "'doctor' task delete ho gaya")),
        ("gym jana", "report", "meeting with Ahmed"),
    ),
    "a new command is no yes: another place": Dialogue(
        FIVE, (("doosra mita do", "2. gym jana"), ("pehla mita do", "1. doctor"), ("haan", "'doctor'")), FIVE[1:]
    ),
    "a new command is no yes: English": Dialogue(
        FIVE,
        (("delete the last one", "5. meeting with Ahmed"), ("delete 1 and 3", "'doctor' is deleted")),
        ("gym jana", "report", "meeting with Ahmed"),
    ),
    "a new command is no yes: another verb": Dialogue(
        FIVE, (("akhri wala mita do", "5. meeting"), ("complete kar do", "Kaunsa task?")), FIVE
    ),
    "a new command is no yes: an addition": Dialogue(
        ("doctor",), (("pehla mita do", "1. doctor"), ("chai lana add kar do", "'chai lana'")), ("doctor", "chai lana")
    ),
    "a number that was not asked about is no yes": Dialogue(
        FIVE, (("akhri wala mita do", "5. meeting"), ("1", "5. meeting"), ("5", "'meeting with Ahmed' task")), FIVE[:4]
    ),
    "the verb alone is a yes": Dialogue(
        FIVE, (("akhri wala mita do", "5. meeting"), ("delete karo", "Ahmed")), FIVE[:4]
    ),
    "an hour is one of the day that the task has": Dialogue(
        (),
        (
            ("kal doctor ke paas jana hai", "kal"),
            ("doctor ka time 10 bje kr do", "kal subah 10 baje"),
            ("doctor wala parson kar do", "parson subah 10 baje"),
            ("doctor wala 4 bje nahi 5 bje kar do", "parson shaam 5 baje"),
            ("doctor wala parson nahi kal kar do", "kal shaam 5 baje"),
        ),
        ("doctor ke paas jana",),
    ),
    "the hour of a task that is asked about": Dialogue(
        (),
        (
            ("kal 4 bje doctor Ali add karo", "kal shaam 4 baje"),
            ("kal 9 bje doctor Sara add karo", "kal subah 9 baje"),
            ("doctor wala parson kar do", "kaunsa"),
            ("dono", "2 tasks update ho gaye"),
            ("Ali wala dikhao", "parson shaam 4 baje"),
            ("Sara wala dikhao", "parson subah 9 baje"),
        ),
        ("doctor Ali", "doctor Sara"),
    ),
    "English, another day keeps the hour": Dialogue(
        (),
        (("call the plumber tomorrow at 4 pm", "at 4 pm"), ("push the plumber to next monday", "at 4 pm")),
        ("call the plumber",),
    ),
    "a part of the day stays, and gives way to an hour": Dialogue(
        (),
        (
            ("parson subah dentist ke paas jana hai", "'dentist ke paas jana (subah)' task add ho gaya, parson"),
            ("dentist wala shaam ko kar do", "'dentist ke paas jana (shaam)' task update ho gaya: parson"),
            ("dentist wala subah 9 baje kar do", "'dentist ke paas jana' task update ho gaya: parson subah 9 baje"),
        ),
        ("dentist ke paas jana",),
    ),
    "an old date that the task has not": Dialogue(
        ("doctor",),
        (
            ("doctor wala kal se hata kar parson kar do", "1. doctor"),
            ("haan", "'doctor' task update ho gaya: parson"),
            ("doctor wala parson ki jagah kal kar do", "'doctor' task update ho gaya: kal"),
        ),
        ("doctor",),
    ),
    "the case of a name makes no other one": Dialogue(
        ("bijli ka bill", "meeting with ahmed"),
        (("bijli ke bill wala task dikhao", "bijli ka bill"), ("ahmed wali meeting ka kya bana", "meeting with ahmed")),
        ("bijli ka bill", "meeting with ahmed"),
    ),
    "all but some": Dialogue(
        (*BILLS[:2], "chai", "doodh"),
        (("bill ke ilawa sab delete kar do", "3. chai\n4. doodh"), ("haan", "2 tasks delete ho gaye")),
        BILLS[:2],
    ),
    "all but one that is none": Dialogue(BILLS, (("pizza ke ilawa sab delete kar do", "'pizza' naam ka"),), BILLS),
    "English, all but some": Dialogue(
        ("bill", "tea", "milk"),
        (("complete all tasks except the bill", "2. tea\n3. milk"), ("yes", "2 tasks")),
        ("bill",),
    ),
    "words of every language are answered in that of before": Dialogue(
        FIVE,
        (
            ("mere tasks dikhao", "5 tasks hain"),
            ("#5 done", "Shabash!"),
            ("undo", "pichli tabdeeli wapas"),
            ("show my tasks", "You have 5 tasks"),
            ("#1 done", "Well done!"),
            ("میرے ٹاسک دکھاؤ", "آپ کے 4 ٹاسک"),
            ("undo", "پچھلی تبدیلی واپس"),
        ),
        FIVE,
    ),
    "several places of a list": Dialogue(
        BILLS, (("list dikhao", "3 tasks"), ("pehla aur teesra hata do", "2 tasks delete ho gaye")), BILLS[1:2]
    ),
    "several places of no list are asked about": Dialogue(
        BILLS, (("pehla aur teesra hata do", "1. bijli ka bill\n3. pani ka bill"), ("haan", "2 tasks")), BILLS[1:2]
    ),
    "the last two of a list": Dialogue(
        FIVE, (("mere tasks dikhao", "5 tasks"), ("aakhri 2 delete kar do", "2 tasks delete ho gaye")), FIVE[:3]
    ),
    "a place that is none, beside one": Dialogue(
        BILLS, (("list dikhao", "3 tasks"), ("pehla aur saatwa hata do", "nahi mila")), BILLS
    ),
    "two confirmations, one yes": Dialogue(
        BILLS, (("pehla hata do aur teesra hata do", "3. pani ka bill"), ("haan", "2 tasks")), BILLS[1:2]
    ),
    "several names": Dialogue(
        FIVE, (("doctor aur chai wala delete karo", "2 tasks delete ho gaye"),), ("gym jana", *FIVE[3:])
    ),
    "several names in English": Dialogue(
        ("buy milk", "call mom"), (("delete buy milk and call mom", "2 tasks are deleted"),), ()
    ),
    "several names, one of none": Dialogue(FIVE, (("doctor aur pizza delete karo", "'pizza' naam ka koi"),), FIVE),
    "several names, one not clear": Dialogue(
        (*MILK, "chai"),
        (("chai aur doodh delete karo", "3 tasks milay, kaunsa"), ("1 aur 3", "2 tasks delete ho gaye")),
        MILK[1:],
    ),
    "which one, several by name": Dialogue(
        BILLS, (("bill wala delete karo", "kaunsa"), ("bijli aur gas wala", "2 tasks delete ho gaye")), BILLS[2:]
    ),
    "two things done": Dialogue(
        ("bill ada karna", "ammi ko call", "chai"),
        (("bill ada kar diya or ammi ko call kar liya", "'ammi ko call' task mukammal"),),
        ("chai",),
    ),
    "one name for all is asked about": Dialogue(
        BILLS,
        (("sab ka naam chai rakh do", "3 tasks milay, kaunsa"), ("sab", "kaunsa"), ("1", "chai")),
        ("chai", *BILLS[1:]),
    ),
    "one name for two is asked about": Dialogue(
        MILK, (("doodh ka naam chai rakh do", "kaunsa"), ("dono", "kaunsa"), ("rehne do", "kuch nahi")), MILK
    ),
    "a new command with a number in it is no choice": Dialogue(
        BILLS,
        (("bill wala delete kar do", "3 tasks milay"), ("kal 2 baje meeting add karo", "'meeting' task add ho gaya")),
        (*BILLS, "meeting"),
    ),
    "talk with a number in it is no choice": Dialogue(
        BILLS, (("bill wala delete kar do", "3 tasks milay"), ("mujhe 2 minute do", "")), BILLS
    ),
    "a number is the task's own, as it was shown": Dialogue(
        ("report", *BILLS),
        (("bill wala delete kar do", "2. bijli ka bill"), ("task 2", "'bijli ka bill' task delete ho gaya")),
        ("report", "gas ka bill", "pani ka bill"),
    ),
    "another task is meant after a question": Dialogue(
        ("report", *BILLS),
        (("bill wala kal kar do", "kaunsa"), ("report wala urgent kar do", "'report' task update ho gaya")),
        ("report", *BILLS),
    ),
    "the last word on the date counts": Dialogue(
        ("doctor Ali", "doctor Sara"),
        (
            ("doctor wala task 10 baje kar do", "kaunsa"),
            ("Sara wala parson subah 11 baje kar do", "parson subah 11 baje"),
        ),
        ("doctor Ali", "doctor Sara"),
    ),
    "taking a date off is no deletion": Dialogue(
        (),
        (
            ("kal 5 baje meeting add karo", "kal shaam 5 baje"),
            ("meeting ki date hata do", "Theek hai, 'meeting' task update ho gaya."),
            ("kal kya kya hai?", "Koi task nahi mila"),
        ),
        ("meeting",),
    ),
    "a question about a task completes nothing": Dialogue(("report",), (("report ka kya hua", ""),), ("report",)),
    "the first of a list that nobody saw is a guess": Dialogue(
        BILLS, (("pehla delete kar do", "delete kar doon?"), ("nahi", "kuch nahi kiya")), BILLS
    ),
    "add and list": Dialogue(
        (),
        (("doodh lana add karo", "'doodh lana' task add ho gaya"), ("mere tasks dikhao", "1. doodh lana")),
        ("doodh lana",),
    ),
    "add with a date, told as people say it": Dialogue(
        (), (("kal subah 9 baje doctor ke paas jana hai yaad dilana", "kal subah 9 baje"),), ("doctor ke paas jana",)
    ),
    "add with a priority": Dialogue(
        (), (("zaroori task add karo: bijli ka bill bharna", "zaroori"),), ("bijli ka bill bharna",)
    ),
    "add, then complete": Dialogue(
        (), (("doodh lana add karo", "add ho gaya"), ("doodh wala ho gaya", "'doodh lana' task mukammal ho gaya")), ()
    ),
    "which one, by ordinal": Dialogue(
        MEETINGS,
        (("meeting wala task delete karo", "2 tasks milay"), ("pehla", "'Ali ke sath meeting' task delete ho gaya")),
        ("Sara ke sath meeting", "doodh lana"),
    ),
    "which one, by number": Dialogue(
        MEETINGS,
        (("meeting wala task delete karo", "kaunsa"), ("2", "'Sara ke sath meeting' task delete ho gaya")),
        ("Ali ke sath meeting", "doodh lana"),
    ),
    "which one, by words": Dialogue(
        MEETINGS,
        (("meeting wala task delete karo", "kaunsa"), ("Sara wala", "'Sara ke sath meeting' task delete ho gaya")),
        ("Ali ke sath meeting", "doodh lana"),
    ),
    "which one, both": Dialogue(
        MEETINGS, (("meeting wala task delete karo", "kaunsa"), ("dono", "2 tasks delete ho gaye")), ("doodh lana",)
    ),
    "which one, none after all": Dialogue(
        MEETINGS, (("meeting wala task delete karo", "kaunsa"), ("rehne do", "kuch nahi kiya")), MEETINGS
    ),
    "which one, another matter instead": Dialogue(
        MEETINGS,
        (
            ("meeting wala task delete karo", "kaunsa"),
            ("chai lana add karo", "'chai lana' task add ho gaya"),
            ("pehla", ""),
        ),
        (*MEETINGS, "chai lana"),
    ),
    "which one, last": Dialogue(
        MEETINGS,
        (("meeting wala mukammal karo", "kaunsa"), ("aakhri wala", "'Sara ke sath meeting' task mukammal ho gaya")),
        ("Ali ke sath meeting", "doodh lana"),
    ),
    "all are asked about": Dialogue(
        MEETINGS, (("saare tasks delete kar do", "3 tasks delete kar doon?"), ("haan", "3 tasks delete ho gaye")), ()
    ),
    "all, refused": Dialogue(
        MEETINGS, (("sab tasks hata do", "3 tasks delete kar doon?"), ("nahi", "kuch nahi kiya")), MEETINGS
    ),
    "all, then undone": Dialogue(
        MEETINGS,
        (("saare tasks delete kar do", "haan / nahi"), ("ji haan", "3 tasks"), ("wapas lao", "wapas ho gayi")),
        MEETINGS,
    ),
    "all complete": Dialogue(
        MEETINGS, (("saare tasks mukammal kar do", "3 tasks mukammal kar doon?"), ("theek hai", "3 tasks mukammal")), ()
    ),
    "the yes is used once": Dialogue(
        MEETINGS,
        (("saare tasks delete kar do", "haan / nahi"), ("salam", "Salam"), ("haan", "")),
        MEETINGS,
    ),
    "pronoun after add": Dialogue(
        (),
        (("doodh lana add karo", "add ho gaya"), ("isko kal subah 9 baje kar do", "kal subah 9 baje")),
        ("doodh lana",),
    ),
    "pronoun after a list of one": Dialogue(
        ("doodh lana",), (("mere tasks dikhao", "doodh lana"), ("isko delete kar do", "'doodh lana' task delete")), ()
    ),
    "ordinal after a list": Dialogue(
        MEETINGS,
        (("mere tasks dikhao", "3 tasks"), ("doosra wala delete kar do", "'Sara ke sath meeting' task delete ho gaya")),
        ("Ali ke sath meeting", "doodh lana"),
    ),
    "number of a task": Dialogue(
        MEETINGS, (("task 3 mukammal karo", "'doodh lana' task mukammal ho gaya"),), MEETINGS[:2]
    ),
    "number that is none": Dialogue(MEETINGS, (("task 9 delete karo", "Number 9 ka koi task nahi hai"),), MEETINGS),
    "name that is none": Dialogue(
        MEETINGS, (("gym wala task delete karo", "'gym' naam ka koi task nahi mila"),), MEETINGS
    ),
    "near spelling": Dialogue(("Meeting",), (("meting wala task delete kar do", "'Meeting' task delete ho gaya"),), ()),
    "two commands": Dialogue(
        ("meeting",),
        (("doodh lana add karo aur meeting wala hata do", "'meeting' task delete ho gaya"),),
        ("doodh lana",),
    ),
    "negation": Dialogue(("meeting",), (("meeting delete mat karo", ""), ("meeting abhi nahi hui", "")), ("meeting",)),
    "do not forget": Dialogue((), (("bijli ka bill bharna nahi bhoolna", "add ho gaya"),), ("bijli ka bill bharna",)),
    "undo an add": Dialogue((), (("doodh lana add karo", "add ho gaya"), ("undo karo", "wapas ho gayi")), ()),
    "an undo that is only asked about": Dialogue(
        ("doodh lana",),
        (
            ("kya undo ho sakta hai?", "'doodh lana'. Wapas le loon?"),
            ("nahi", "kuch nahi kiya"),
            ("undo kaise karte hain", "Wapas le loon?"),
            ("can I undo?", "Take it back?"),
            ("can you undo things?", "Take it back?"),
            ("what does undo do?", "Take it back?"),
            ("is there an undo?", "Take it back?"),
            ("kya main wapas la sakta hoon?", "Wapas le loon?"),
            ("کیا واپس ہو سکتا ہے؟", "واپس لے لوں؟"),
            ("can you please undo the last change?", "'doodh lana' is removed"),
        ),
        (),
    ),
    "an undo of another task than the last": Dialogue(
        ("report bhejna", "doodh lana"),
        (
            ("report wala delete karo", "delete ho gaya"),
            ("kal bank jana hai", "'bank jana' task add"),
            ("restore the report", "Only the last change can be taken back: 'bank jana'."),
            ("report galti se delete ho gayi thi, wapas lao", "Sirf pichli tabdeeli"),
            ("report wapas lao", "Sirf pichli tabdeeli wapas ho sakti hai: 'bank jana'."),
            ("haan", "'bank jana' task hata diya"),
            ("report wapas lao", "'report bhejna' task wapas aa gaya"),
        ),
        ("report bhejna", "doodh lana"),
    ),
    "one or the other": Dialogue(
        MILK,
        (
            ("delete 1 or 2", "Which task?"),
            ("complete task 1 or maybe 2", "Which task?"),
            ("delete the lana or the garam", "which one?\n1. doodh lana\n2. doodh garam karna"),
            ("2 ya 1 delete karo", "Kaunsa task?"),
            ("delete 2 tomorrow", "Delete this task?"),
            ("no", "nothing"),
            ("delete 1, no 2", "'doodh garam karna' is deleted"),
            ("undo", "is back"),
            ("1 delete karo, nahi 2", "'doodh garam karna' task delete"),
        ),
        ("doodh lana",),
    ),
    "what somebody else may have done": Dialogue(
        ("Ammi ko call karna", "report bhejna", "doodh lana"),
        (
            ("Ammi called", "mukammal kar doon?"),
            ("nahi", "kuch nahi kiya"),
            ("my boss sent a report", "Complete this task?"),
            ("no", "nothing"),
            ("bhai doodh le aaya", "mukammal kar doon?"),
            ("nahi", "kuch nahi kiya"),
            ("I called Ammi", "'Ammi ko call karna' is complete"),
            ("main doodh le aaya", "'doodh lana' task mukammal"),
        ),
        ("report bhejna",),
    ),
    "done by another verb than the task's": Dialogue(
        ("report bhejna", "bijli ka bill dena", "dawai khana", "گاڑی کی سروس", "Buy a gift", "doctor ke paas jana"),
        (
            ("report parh li", "mukammal kar doon?"),
            ("nahi", "kuch nahi kiya"),
            ("رپورٹ پڑھ لی", "مکمل کر دوں؟"),
            ("نہیں", "کچھ نہیں"),
            ("bijli ka bill print kar liya", "mukammal kar doon?"),
            ("nahi", "kuch nahi kiya"),
            ("گاڑی لے لی", "مکمل کر دوں؟"),
            ("نہیں", "کچھ نہیں"),
            ("khana kha liya", "mukammal kar doon?"),
            ("nahi", "kuch nahi kiya"),
            ("khana ho gaya", "mukammal kar doon?"),
            ("haan", "'dawai khana' task mukammal"),
            ("undo", "phir se baqi"),
            ("report bhej di hai", "'report bhejna' task mukammal"),
            ("bill jama kar diya", "'bijli ka bill dena' task mukammal"),
            ("undo", "phir se baqi"),
            ("bijli ka bill bhar diya", "'bijli ka bill dena' task mukammal"),
            ("dawai kha li", "'dawai khana' task mukammal"),
            ("gari ki service karwa li", "task mukammal"),
            ("gift khareed liya", "'Buy a gift' task mukammal"),
            ("doctor ke paas ho aaya", "'doctor ke paas jana' task mukammal"),
        ),
        (),
    ),
    "how something is completes nothing": Dialogue(
        ("bijli ka bill bharna", "aya ko call karna", "bank jana"),
        (
            ("bijli gayi hui hai", "samajh nahi"),
            ("بجلی گئی ہوئی ہے", "سمجھ نہیں"),
            ("bank gaye hue hain", "samajh nahi"),
            ("mera bhai aya hua hai", "mukammal kar doon?"),
            ("nahi", "kuch nahi kiya"),
            ("ye bank liye hai", "mukammal kar doon?"),
            ("nahi", "kuch nahi kiya"),
            ("bijli ka bill bhara hua hai", "'bijli ka bill bharna' task mukammal"),
        ),
        ("aya ko call karna", "bank jana"),
    ),
    "to delete or to complete": Dialogue(
        ("report bhejna", "doodh lana"),
        (
            ("report delete karun ya complete?", "'report bhejna' task delete karna hai ya mukammal"),
            ("complete", "'report bhejna' task mukammal"),
            ("should I delete or complete the doodh?", "delete the task 'doodh lana', or is it complete"),
            ("no", "nothing"),
            ("rename doodh to urgent quarterly milk", "'doodh lana' is now called 'urgent quarterly milk'"),
            ("urgent wale kaam dikhao", "Koi task nahi"),
        ),
        ("urgent quarterly milk",),
    ),
    "undo twice, then nothing": Dialogue(
        (), (("doodh lana add karo", "add"), ("wapas lao", "wapas"), ("wapas lao", "koi tabdeeli nahi")), ()
    ),
    "move to another day": Dialogue(
        ("report likhna",), (("report wale task ko kal pe kar do", "kal"),), ("report likhna",)
    ),
    "rename": Dialogue(
        ("meeting",), (("meeting ka naam badal kar Ali se mulaqat kar do", "Ali se mulaqat"),), ("Ali se mulaqat",)
    ),
    "raise the priority": Dialogue(("report",), (("report wala task urgent kar do", "fori"),), ("report",)),
    "what is most important": Dialogue(
        ("report",),
        (("report wala urgent kar do", "fori"), ("sab se zaroori kya hai?", "'report' task hai")),
        ("report",),
    ),
    "how many": Dialogue(MEETINGS, (("kitne tasks hain?", "3 tasks hain"),), MEETINGS),
    "what is there today": Dialogue(
        (), (("aaj shaam 11 baje chai add karo", "aaj"), ("aaj kya kya hai?", "chai")), ("chai",)
    ),
    "what is there tomorrow": Dialogue(
        (), (("kal doodh lana add karo", "kal"), ("kal kya kya karna hai?", "doodh lana")), ("doodh lana",)
    ),
    "what is needed is no command on a task that is not there": Dialogue(
        (),
        (
            ("ghar saaf karna hai", "'ghar saaf karna'"),
            ("order cancel karna hai kal", "'order cancel karna'"),
            ("I need to cancel my Netflix subscription", "'cancel my Netflix subscription'"),
            ("I have to move house on December 1", "'move house'"),
            ("I need to change the bulb", "'change the bulb'"),
            ("پرانی تصویریں ڈیلیٹ کرنی ہیں", "پرانی تصویریں ڈیلیٹ کرنی"),
        ),
        (
            "ghar saaf karna",
            "order cancel karna",
            "cancel my Netflix subscription",
            "move house",
            "change the bulb",
            "پرانی تصویریں ڈیلیٹ کرنی",
        ),
    ),
    "what is needed of a task there is, is asked": Dialogue(
        ("ghar par dawat", "Daraz ka order"),
        (
            ("order cancel karna hai", "1 task delete kar doon?"),
            ("nahi", "kuch nahi kiya"),
            ("order jumme ko shift karna hai", "1 task"),
            ("nahi", "kuch nahi kiya"),
            ("order ko jumme ko shift karna hai", "'Daraz ka order'"),
            ("ghar saaf karna hai", "'ghar saaf karna' task add"),
        ),
        ("ghar par dawat", "Daraz ka order", "ghar saaf karna"),
    ),
    "nothing there": Dialogue((), (("mere tasks dikhao", "Koi task baqi nahi"),), ()),
    "search": Dialogue(MEETINGS, (("doodh wala task dikhao", "doodh lana"),), MEETINGS),
    "no title": Dialogue(
        (), (("task add karo", "Task mein kya likhoon?"), ("doodh lana", "'doodh lana'")), ("doodh lana",)
    ),
    "no title, a mere nod": Dialogue((), (("task add karo", "Task mein kya likhoon?"), ("hmm", "")), ()),
    "no title, refused": Dialogue((), (("task add karo", "kya likhoon"), ("rehne do", "kuch nahi kiya")), ()),
    "khatam is asked about": Dialogue(
        ("meeting",),
        (("meeting ka task khatam karo", "delete karna hai ya mukammal"), ("mukammal", "mukammal ho gaya")),
        (),
    ),
    "khatam, it is done": Dialogue(
        BILLS,
        (
            ("gas wala khatam karo", "delete karna hai ya mukammal ho gaya?"),
            ("kharab ho gaya", ""),
            ("gas wala khatam karo", "delete karna hai ya mukammal ho gaya?"),
            ("ho gaya", "'gas ka bill' task mukammal ho gaya"),
        ),
        (BILLS[0], BILLS[2]),
    ),
    "khatam, then another task is named": Dialogue(
        FIVE,
        (
            ("gym wala khatam karo", "'gym jana' task delete karna hai"),
            ("chai wala delete karo", "'chai' task delete ho gaya"),
            ("gym wala khatam karo", "'gym jana' task delete karna hai"),
            ("report wala ho gaya", "'report' task mukammal ho gaya"),
            ("gym wala khatam karo", "'gym jana' task delete karna hai"),
            ("doosra wala delete", "delete kar doon?\n2. gym jana"),
            ("gym wala khatam karo", "'gym jana' task delete karna hai"),
            ("task 1 delete karo", "'doctor' task delete ho gaya"),
            ("gym wala khatam karo", "'gym jana' task delete karna hai"),
            ("sab delete karo", "3 tasks delete kar doon?\n2. gym jana"),
            ("gym wala khatam karo", "'gym jana' task delete karna hai"),
            ("delete the meeting", "'meeting with Ahmed' is deleted"),
        ),
        ("gym jana",),
    ),
    "Urdu, khatam, then another task is named": Dialogue(
        ("میٹنگ", "بجلی کا بل بھرنا"),
        (("میٹنگ ختم", "حذف کرنا ہے یا مکمل"), ("بجلی والا ڈیلیٹ کرو", "'بجلی کا بل بھرنا' ٹاسک حذف ہو گیا")),
        ("میٹنگ",),
    ),
    "what to change, then another task is named": Dialogue(
        FIVE,
        (
            ("gym wala badal do", "Kya tabdeel karna hai 'gym jana' task mein"),
            ("chai kal kar do", "'chai' task update ho gaya: kal"),
            ("gym wala badal do", "Kya tabdeel karna hai 'gym jana' task mein"),
            ("report urgent kar do", "'report' task update ho gaya (priority: fori)"),
            ("gym wala badal do", "Kya tabdeel karna hai 'gym jana' task mein"),
            ("task 1 kal kar do", "'doctor' task update ho gaya: kal"),
            ("gym wala badal do", "Kya tabdeel karna hai 'gym jana' task mein"),
            ("kal namaz parhna add karo", "'namaz parhna' task add ho gaya"),
            ("gym wala badal do", "Kya tabdeel karna hai 'gym jana' task mein"),
            ("parson kar do", "'gym jana' task update ho gaya: parson"),
        ),
        (*FIVE, "namaz parhna"),
    ),
    "advice is asked back": Dialogue(
        MILK,
        (
            ("garam wala delete kar doon?", "1 task delete kar doon?\n2. doodh garam karna"),
            ("nahi", "kuch nahi kiya"),
            ("can I delete doodh lana?", "Delete this task?"),
            ("yes", "'doodh lana' is deleted"),
        ),
        MILK[1:],
    ),
    "small talk answers no question": Dialogue(
        ("office ki meeting", "walk pe jana"),
        (
            ("delete karo", "Kaunsa task?"),
            ("office ja raha hun", "samajh nahi aaya"),
            ("delete karo", "Kaunsa task?"),
            ("walk pe ja raha hun", "samajh nahi aaya"),
        ),
        ("office ki meeting", "walk pe jana"),
    ),
    "a command is no name in an answer": Dialogue(
        ("dawai lana", "kal ki tayari"),
        (
            ("time hata do", "Kaunsa task?"),
            ("date hata do", "Kaunsa task?"),
            ("1 aur 2 ko kal kar do", "'dawai lana' task update ho gaya: kal"),
        ),
        ("dawai lana", "kal ki tayari"),
    ),
    "a name that is only near deletes nothing unasked": Dialogue(
        ("doctor ke paas jana",),
        (("docter wala delete karo", "delete kar doon?\n1. doctor"), ("haan", "'doctor ke paas jana' task delete")),
        (),
    ),
    "three by number are asked about": Dialogue(
        FIVE,
        (
            ("1, 2 aur 4 delete karo", "3 tasks delete kar doon?\n1. doctor\n2. gym jana\n4. report"),
            ("haan lekin 2 nahi", "2 tasks delete ho gaye"),
            ("delete 2, 3 and 44", "44"),
            ("2, 3, 5 ho gaye", "3 tasks mukammal kar doon?"),
        ),
        (FIVE[1], FIVE[2], FIVE[4]),
    ),
    "which one, by its day or its hour": Dialogue(
        (),
        (
            ("kal shaam 5 baje doctor Ali add karo", "kal shaam 5 baje"),
            ("parson subah 9 baje doctor Sara add karo", "parson subah 9 baje"),
            ("parson shaam 6 baje doctor Umar add karo", "parson shaam 6 baje"),
            ("doctor wala delete karo", "3 tasks milay, kaunsa?"),
            ("parson wala", "2 tasks milay, kaunsa?\n2. doctor Sara"),
            ("9 baje wala", "'doctor Sara' task delete ho gaya"),
            ("doctor wala delete karo", "2 tasks milay, kaunsa?"),
            ("kal milte hain", "nahi mila"),
            ("doctor wala urgent kar do", "2 tasks milay, kaunsa?"),
            ("kal wala", "'doctor Ali' task update ho gaya"),
        ),
        ("doctor Ali", "doctor Umar"),
    ),
    "which one, another task is named": Dialogue(
        (*MILK, "report"),
        (("doodh wala delete karo", "kaunsa"), ("report wala", "2 tasks milay, kaunsa?"), ("2", "'doodh garam karna'")),
        ("doodh lana", "report"),
    ),
    "a question is no answer": Dialogue(
        MEETINGS, (("meeting wala delete karo", "kaunsa"), ("Ali wali meeting kab hai?", "samajh nahi aaya")), MEETINGS
    ),
    "them all, after one of them": Dialogue(
        MILK, (("doodh lana wala urgent karo", "fori"), ("complete them all", "2 tasks are complete")), ()
    ),
    "everything": Dialogue(
        BILLS, (("sab kuch delete kardo", "3 tasks delete kar doon?"), ("no wait", "kuch nahi")), BILLS
    ),
    "what is complete is not changed unsaid": Dialogue(
        MILK,
        (
            ("doodh lana wala ho gaya", "mukammal ho gaya"),
            ("doodh wala kal kar do", "'doodh garam karna' task update ho gaya: kal"),
            ("task 1 kal kar do", "'doodh lana' task mukammal ho chuka hai, is liye kuch nahi badla"),
            ("isko urgent kar do", "mukammal ho chuka hai"),
            ("reopen task 1", "phir se baqi hai"),
            ("doodh lana wala kal kar do", "'doodh lana' task update ho gaya: kal"),
        ),
        MILK,
    ),
    "opened again": Dialogue(
        BILLS,
        (
            ("gas wala ho gaya", "mukammal ho gaya"),
            ("gas wala wapas khol do", "'gas ka bill' task phir se baqi hai"),
            ("gas wala ho gaya", "mukammal ho gaya"),
            ("2 number wala wapas pending kar do", "'gas ka bill' task phir se baqi hai"),
            ("gas wala ho gaya", "mukammal ho gaya"),
            ("mark gas as not done", "'gas ka bill' is open again"),
        ),
        BILLS,
    ),
    "undo says what came of it": Dialogue(
        ("doodh lana",),
        (
            ("chai lana add karo", "add ho gaya"),
            ("undo", "pichli tabdeeli wapas ho gayi: 'chai lana' task hata diya gaya"),
            ("doodh wala delete karo", "delete ho gaya"),
            ("undo", "'doodh lana' task wapas aa gaya"),
            ("doodh wala ho gaya", "mukammal ho gaya"),
            ("undo", "'doodh lana' task phir se baqi hai"),
            ("doodh wala urgent karo", "fori"),
            ("undo", "'doodh lana' task pehle jaisa ho gaya"),
        ),
        ("doodh lana",),
    ),
    "what repeats is not complete, also among others": Dialogue(
        BILLS,
        (
            ("har jumme ko safai karna add karo", "har jumme"),
            ("sab mukammal kar do", "4 tasks mukammal kar doon?"),
            ("haan", "3 tasks mukammal ho gaye\nShabash! 'safai karna' task is baar mukammal ho gaya; agli baar"),
        ),
        ("safai karna",),
    ),
    "talk is no agreement": Dialogue(
        BILLS,
        (
            ("sab delete karo", "3 tasks delete kar doon?"),
            ("han bhai kya haal hai", "Salam"),
            ("sab delete karo", "3 tasks delete kar doon?"),
            ("main theek hun", ""),
            ("sab delete karo", "3 tasks delete kar doon?"),
            ("sab theek hai?", ""),
            ("sab delete karo", "3 tasks delete kar doon?"),
            ("delete kar doon?", "3 tasks delete kar doon?"),
            ("nahi", "kuch nahi kiya"),
        ),
        BILLS,
    ),
    "advice about the answer": Dialogue(
        BILLS,
        (
            ("bill wala delete karo", "kaunsa?"),
            ("pehla delete kar doon?", "1 task delete kar doon?\n1. bijli ka bill"),
            ("nahi", "kuch nahi kiya"),
            ("gas wala khatam karo", "delete karna hai ya mukammal"),
            ("delete kar doon?", "1 task delete kar doon?\n2. gas ka bill"),
            ("nahi", "kuch nahi kiya"),
            ("gas wala khatam karo", "delete karna hai ya mukammal"),
            ("delete nahi complete karo", "'gas ka bill' task mukammal ho gaya"),
        ),
        (BILLS[0], BILLS[2]),
    ),
    "khatam, deleted": Dialogue(
        ("meeting",), (("meeting ka task khatam karo", "delete karna hai"), ("delete karo", "delete ho gaya")), ()
    ),
    "already done": Dialogue(
        ("doodh",),
        (("doodh wala mukammal karo", "mukammal ho gaya"), ("doodh wala mukammal karo", "pehle hi mukammal")),
        (),
    ),
    "repeating": Dialogue(
        (), (("har jumme ko safai karna add karo", "har jumme"), ("safai wala ho gaya", "agli baar")), ("safai karna",)
    ),
    "greeting, thanks, help": Dialogue(
        (), (("assalam o alaikum", "Salam"), ("help", "tasks"), ("shukriya", "Koi baat nahi")), ()
    ),
    "small talk does nothing": Dialogue(
        ("office ki meeting",),
        (
            ("theek hai", "Theek hai."),
            ("👍", "Theek hai."),
            ("haan", "samajh nahi aaya"),
            ("aaj kaunsa din hai", "Aaj "),
            ("hi, what can you do?", "I look after your tasks"),
            ("never mind", "Okay."),
            ("office wali meeting cancel ho gayi hai", "1 task delete kar doon?\n1. office ki meeting"),
            ("acha", "1 task delete kar doon?"),
            ("nahi", "kuch nahi kiya"),
            ("kaunsa task karun", "Aap ka 1 task hai"),
        ),
        ("office ki meeting",),
    ),
    "chatter": Dialogue(
        MEETINGS, (("aaj mausam acha hai", ""), ("meeting achi thi", ""), ("bohat kaam hai aaj", "")), MEETINGS
    ),
    "correction of the choice": Dialogue(
        MEETINGS,
        (
            ("meeting wala task delete karo", "kaunsa"),
            ("nahi, doosra wala", "'Sara ke sath meeting' task delete ho gaya"),
        ),
        ("Ali ke sath meeting", "doodh lana"),
    ),
    "correction of the time": Dialogue(
        (), (("kal shaam 5 baje doctor add karo", "shaam 5 baje"), ("5 nahi 6 baje", "kal shaam 6 baje")), ("doctor",)
    ),
    "English": Dialogue(
        (),
        (
            ("add buy milk tomorrow at 5 pm", "tomorrow at 5 pm"),
            ("show my tasks", "1. buy milk"),
            ("mark buy milk as done", "is complete"),
            ("undo", "took back"),
        ),
        ("buy milk",),
    ),
    "English, which one": Dialogue(
        ("meeting with Ali", "meeting with Sara"),
        (("delete the meeting task", "which one"), ("the second one", "'meeting with Sara' is deleted")),
        ("meeting with Ali",),
    ),
    "Urdu": Dialogue(
        (),
        (
            ("کل صبح 9 بجے دودھ لانا شامل کرو", "کل صبح 9 بجے"),
            ("میرے ٹاسک دکھاؤ", "دودھ لانا"),
            ("دودھ والا ٹاسک حذف کر دو", "حذف ہو گیا"),
        ),
        (),
    ),
    "Urdu script, tasks in Latin letters": Dialogue(
        ("doodh lana", "gas ka bill"),
        (
            ("بل والے دکھاؤ", "آپ کا 1 ٹاسک ہے:\n2. gas ka bill"),
            ("دودھ لے آیا", "'doodh lana' ٹاسک مکمل"),
            ("گیس والا حذف کر دو", "1 ٹاسک حذف کر دوں؟\n2. gas ka bill"),
            ("نہیں", "کچھ نہیں کیا"),
        ),
        ("gas ka bill",),
    ),
    "Urdu, which one": Dialogue(
        ("علی سے میٹنگ", "سارہ سے میٹنگ"),
        (("میٹنگ والا ٹاسک مکمل کرو", "کون سا"), ("دوسرا", "'سارہ سے میٹنگ' ٹاسک مکمل ہو گیا")),
        ("علی سے میٹنگ",),
    ),
    "so much later, so much earlier": Dialogue(
        (),
        (
            ("10 december ko dentist jana hai", "10 December"),
            ("dentist wala ek hafta late kar do", "17 December"),
            ("dentist wala 2 din aage kar do", "19 December"),
            ("dentist wala ek din pehle kar do", "18 December"),
            ("postpone the dentist by a week", "25 December"),
            ("dentist wala 5 baje kar do", "25 December shaam 5 baje"),
            ("dentist wala 2 ghante aage kar do", "25 December shaam 7 baje"),
            ("remind me about the dentist a day earlier", "a day earlier?"),
            ("yes", "24 December at 7 pm"),
        ),
        ("dentist jana",),
    ),
    "a new rhythm begins on its first day": Dialogue(
        ("walk pe jana",),
        (("walk wala ab sirf somwar aur jumme ko", "har peer aur jumme"), ("make walk weekly", "every week")),
        ("walk pe jana",),
    ),
    "renamed, and asked about": Dialogue(
        ("doodh lana",),
        (("rename doodh to milk", "'milk'"), ("doodh wala kal kar do", "nahi mila")),
        ("milk",),
    ),
    "what is no title": Dialogue(
        (),
        (
            *(
                turn
                for said in ("pata nahi abhi", "baad mein batata hun", "nahi chahiye", "ek minute", "kuch nahi")
                for turn in (("add karo", "kya likhoon"), (said, "kuch nahi kiya"))
            ),
            ("add karo", "kya likhoon"),
            ("kyun?", "samajh nahi aaya"),
            ("add a task", "What should"),
            ("can you remind me?", "What should"),
            ("why did you add that?", "did not understand"),
            ("add karo", "kya likhoon"),
            ("cheeni nahi khani", "'cheeni nahi khani'"),
        ),
        ("cheeni nahi khani",),
    ),
    "from one hour to another": Dialogue(
        (),
        (
            ("kal 3 baje client meeting add karo", "dopahar 3 baje"),
            ("client meeting 3 baje se 5 baje kar do", "kal shaam 5 baje"),
            ("client wala task kal 5 bje se 7 bje par kar do", "kal shaam 7 baje"),
        ),
        ("client meeting",),
    ),
    "a day that is gone is told": Dialogue(
        (),
        (("1 january 2026 ko bill dena hai", "guzar chuka"), ("kal bill dena hai add karo", "add ho gaya, kal.")),
        ("bill dena", "bill dena"),
    ),
    "a date by itself is of what was added or changed last": Dialogue(
        (),
        (
            ("kal dentist jana hai", "kal"),
            ("4 baje", "'dentist jana' task update ho gaya: kal shaam 4 baje"),
            ("balke parson", "parson shaam 4 baje"),
            ("no, 6pm", "parson shaam 6 baje"),
            ("actually make it 5", "5 pm"),
            ("dentist should be at 7 pm", "7 pm"),
            ("aaj?", "samajh nahi aaya"),
            ("dentist wala parson kar do", "parson"),
            ("urgent", "priority: fori"),
            ("har hafte", "har hafte"),
            ("5 baje nahi", "samajh nahi aaya"),
            ("mere tasks dikhao", "1 task hai"),
            ("4 baje", "samajh nahi aaya"),
        ),
        ("dentist jana",),
    ),
    "its name, its repetition, its tags": Dialogue(
        ("doodh lana",),
        (
            ("doodh ki jagah dahi kar do", "'doodh lana' task ka naam ab 'dahi' hai"),
            ("us ka naam dahi lana rakh do", "'dahi' task ka naam ab 'dahi lana' hai"),
            ("iska naam lassi lana kar do", "'dahi lana' task ka naam ab 'lassi lana' hai"),
            ("lassi wala rozana kar do", "rozana"),
            ("lassi wali repeat band karo", "'lassi lana' task update ho gaya"),
            ("lassi wale pe #ghar tag laga do", "'lassi lana' task update ho gaya"),
            ("lassi pe #bazaar laga do", "'lassi lana' task update ho gaya"),
            ("#ghar wale dikhao", "1. lassi lana"),
            ("#bazaar wale kal kar do", "'lassi lana' task update ho gaya: kal"),
        ),
        ("lassi lana",),
    ),
    "what is denied at once was not done": Dialogue(
        ("doodh lana",),
        (
            ("doodh ho gaya", "mukammal ho gaya"),
            ("nahi hua", "doodh lana"),
            ("mark doodh done", "is complete"),
            ("oops, not yet", "doodh lana"),
            ("doodh ho gaya", "mukammal ho gaya"),
            ("نہیں وہ نہیں ہوا", "doodh lana"),
            ("doodh wala kal kar do", "kal"),
            ("nahi hua", "samajh nahi aaya"),
        ),
        ("doodh lana",),
    ),
    "it is what the same message added": Dialogue(
        ("alpha",),
        (
            ("beta add karo", "'beta'"),
            ("add gamma and delete it", "'gamma' is deleted"),
            ("delta add karo. usay delete kar do.", "'delta' task delete ho gaya"),
            ("دودھ شامل کرو اور اسے حذف کر دو", "'دودھ' ٹاسک حذف"),
            ("chai add karo aur isko zaroori kar do aur usay delete kar do", "'chai' task delete ho gaya"),
            ("juice add karo, lassi add karo aur usay delete kar do", "'lassi' task delete ho gaya"),
            ("add tea and complete it", "'tea' is complete"),
        ),
        ("alpha", "beta", "juice"),
    ),
    "it is what the same message changed": Dialogue(
        ("alpha", "lassi", "roti"),
        (
            ("beta add karo", "'beta'"),
            ("rename lassi to lassi meethi and complete it", "'lassi meethi' is complete"),
            ("beta ko zaroori kar do", "'beta'"),
            ("alpha complete karo aur phir usay delete kar do", "'alpha' task delete ho gaya"),
            ("beta ko kal kar do", "'beta'"),
            ("روٹی شامل کرو", "'روٹی'"),
            ("roti mukammal karo aur usay delete kar do", "'roti' task delete ho gaya"),
        ),
        ("beta", "روٹی"),
    ),
    "it is what the same message deleted, and no other": Dialogue(
        ("alpha", "beta"),
        (
            ("beta ko zaroori kar do", "'beta'"),
            ("alpha delete kar do aur usay complete kar do", "'alpha' task delete ho gaya.\nNumber 1 ka koi task nahi"),
            ("delete nothing such and complete it", "Which task?"),
        ),
        ("beta",),
    ),
    "the first is that of the list in the same message": Dialogue(
        ("alpha", "beta"),
        (
            ("mere tasks dikhao", "2 tasks hain"),
            ("kal gamma add karo", "'gamma'"),
            ("kal ke tasks dikhao aur pehla delete kar do", "'gamma' task delete ho gaya"),
            ("mere tasks dikhao", "2 tasks hain"),
            ("pehla delete karo aur doosra mukammal karo", "'beta' task mukammal"),
        ),
        (),
    ),
    "a repeating task is moved this once": Dialogue(
        (),
        (
            ("har somwar subah 8 baje staff meeting add karo", "har peer."),
            ("staff wala 1 january 2031 ko kar do", ", phir har peer."),
            ("staff wala 1 january 2026 ko kar do", "guzar chuka"),
            ("staff wala har mangal kar do", ", har mangal."),
        ),
        ("staff meeting",),
    ),
}


@pytest.mark.parametrize("name", DIALOGUES)
def test_a_dialogue_goes_as_people_expect(newcomer: UserClient, name: str) -> None:
    dialogue = DIALOGUES[name]
    for title in dialogue.tasks:
        newcomer.post("tasks", {"title": title})
    for said, expected in dialogue.turns:
        response = newcomer.chat(said, "c")["response"]
        assert expected in response, (said, response)
    left = newcomer.get("tasks", status="pending").json()["tasks"]
    assert tuple(task["title"] for task in left) == dialogue.left
