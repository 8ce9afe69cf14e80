"""Our own sentences: how people in Pakistan write to a task assistant, and what each must be read as."""

# text | operation | title ("-" for none). A title is compared without case.
COMMANDS = """
Mera meeting wala task delete kar do | delete | meeting
meeting wala task delete kardo | delete | meeting
doctor wala task hata do | delete | doctor
bijli ka bill wala task mita do | delete | bijli ka bill
gym wala kaam nikal do | delete | gym
mujhe report wala task delete karna hai | delete | report
kya aap meeting wala task delete kar sakte hain? | delete | meeting
plz ammi ko call wala task remove kr dein | delete | ammi ko call
doodh lana delete karo | delete | doodh lana
shopping cancel kar do | delete | shopping
groceries wala reminder cancel krdo | delete | groceries
task 3 delete karo | delete | -
3 number wala task hata do | delete | -
#5 delete kar do | delete | -
pehla wala delete kar do | delete | -
doosra task hata do | delete | -
aakhri wala mita do | delete | -
isko delete kar do | delete | -
woh wala task hata dein | delete | -
saare mukammal wale hata do | delete | -
sab tasks delete kar do | delete | -
tamam kaam mita do | delete | -
saare completed tasks delete kardo | delete | -
kal ki meeting hata do | delete | meeting
kal wali meeting cancel kardo | delete | meeting
jumme wala task delete karo | delete | -
aaj ke saare tasks hata do | delete | -
mera dentist ka task hazf kar dein | delete | dentist
car wash ka task list se nikal do | delete | car wash
school fees wala task hatao | delete | school fees
passport renewal ko list se hata dijiye | delete | passport renewal
exam ki tayari wala task radd kar do | delete | exam ki tayari
usko hata do | delete | -
zara gym wala task urha do | delete | gym
laptop repair wala task dlt krdo | delete | laptop repair
flight booking ka reminder delete kar den please | delete | flight booking
Delete the meeting task | delete | meeting
delete meeting | delete | meeting
remove the dentist appointment | delete | dentist appointment
please delete my gym task | delete | gym
Can you delete the grocery task? | delete | grocery
cancel the dinner reminder | delete | dinner
delete task 3 | delete | -
delete #4 | delete | -
remove task number 7 | delete | -
delete all completed tasks | delete | -
clear all my tasks | delete | -
delete everything | delete | -
get rid of the car wash task | delete | car wash
I want to delete the report task | delete | report
delete the first one | delete | -
remove it | delete | -
delete tomorrow's meeting | delete | meeting
erase buy milk from my list | delete | buy milk
میٹنگ والا ٹاسک حذف کر دو | delete | میٹنگ
میٹنگ والا ٹاسک ڈیلیٹ کر دیں | delete | میٹنگ
دودھ لانا ہٹا دو | delete | دودھ لانا
بجلی کے بل والا کام مٹا دو | delete | بجلی کے بل
ٹاسک 3 حذف کریں | delete | -
پہلا والا ہٹا دو | delete | -
سارے مکمل ٹاسک حذف کر دو | delete | -
کل کی میٹنگ منسوخ کر دیں | delete | میٹنگ
اسے ہٹا دیں | delete | -
رپورٹ والا ٹاسک نکال دو | delete | رپورٹ
doodh lana add karo | add | doodh lana
doodh lana add kar do | add | doodh lana
kal doodh lana add kar do | add | doodh lana
kal subah 9 baje doctor ke paas jana add karo | add | doctor ke paas jana
ek task add karo doodh lana | add | doodh lana
naya task banao: report likhna | add | report likhna
naya task: bijli ka bill jama karna | add | bijli ka bill jama karna
task add karo ammi ko call karna | add | ammi ko call karna
mujhe kal yaad dilana ke Ali ko call karna hai | add | Ali ko call karna
mujhe yaad dilao ke bijli ka bill dena hai | add | bijli ka bill dena
yaad dila dena kal shaam ko dawai leni hai | add | dawai leni
shaam 5 baje yaad dilana dawai leni hai | add | dawai leni
mujhe shaam 6 baje gym jane ka yaad dilana | add | gym jane
kal subah mujhe doctor ke paas jane ke liye yaad dilana | add | doctor ke paas jane
ammi ko phone karna yaad dila dena | add | ammi ko phone karna
har jumme namaz ke liye jana add karo | add | namaz ke liye jana
rozana subah 7 baje walk karna add kar do | add | walk karna
list mein anday lana add kar do | add | anday lana
meri list mein anday aur bread daal do | add | anday aur bread
groceries ki shopping ka task bana do | add | groceries ki shopping
ek naya task bana dein car service karwani hai | add | car service karwani
project report submit karna, zaroori hai, add kar do | add | project report submit karna
urgent: client ko email karna add karo | add | client ko email karna
kal 5 baje meeting rakh do | add | meeting
parson dentist ki appointment laga do | add | dentist ki appointment
note kar lo ke kal school fees deni hai | add | school fees deni
likh lo paani ka bill bharna hai | add | paani ka bill bharna
kal bijli ka bill dena hai | add | bijli ka bill dena
mujhe kal ammi ko hospital le kar jana hai | add | ammi ko hospital le kar jana
parson Ahmed ki shadi mein jana hai add kr lo | add | Ahmed ki shadi mein jana
doodh lana nahi bhoolna | add | doodh lana
kal report submit karna mat bhoolna | add | report submit karna
ali ki birthday 15 march ko hai yaad dila dena | add | ali ki birthday
add buy milk | add | buy milk
add buy milk tomorrow at 5pm | add | buy milk
Add a task to buy groceries | add | buy groceries
add task: call the plumber | add | call the plumber
create a task to finish the report by Friday | add | finish the report
Create a task for tomorrow | add | -
remind me to call mom tomorrow at 9 am | add | call mom
remind me tomorrow to pay the electricity bill | add | pay the electricity bill
please remind me about the dentist appointment on Monday | add | dentist appointment
set a reminder for the team meeting at 3pm | add | team meeting
new task: water the plants | add | water the plants
I need to submit the assignment by Friday | add | submit the assignment
buy eggs tomorrow | add | buy eggs
call the bank tomorrow at 10 am | add | call the bank
don't forget to lock the door | add | lock the door
add gym to my list | add | gym
put laundry on my to-do list | add | laundry
can you add "pay rent" to my tasks? | add | pay rent
make a task called Renew passport | add | Renew passport
remind me every Monday to take out the trash | add | take out the trash
add milk to my shopping list | add | milk
schedule a meeting with Sara tomorrow at 4 pm | add | meeting with Sara
دودھ لانا شامل کرو | add | دودھ لانا
کل صبح 9 بجے ڈاکٹر کے پاس جانا شامل کر دیں | add | ڈاکٹر کے پاس جانا
مجھے کل یاد دلانا کہ بجلی کا بل دینا ہے | add | بجلی کا بل دینا
نیا ٹاسک بناؤ: رپورٹ لکھنا | add | رپورٹ لکھنا
امی کو فون کرنا یاد دلا دو | add | امی کو فون کرنا
ہر جمعے نماز کے لیے جانا شامل کرو | add | نماز کے لیے جانا
کل شام 5 بجے میٹنگ رکھ دو | add | میٹنگ
انڈے لانا نوٹ کر لو | add | انڈے لانا
ایک ٹاسک ایڈ کرو گاڑی دھونا | add | گاڑی دھونا
mere tasks dikhao | list | -
meri list dikhao | list | -
saare tasks dikhao | list | -
sab tasks dikha do | list | -
mujhe mere kaam batao | list | -
aaj kya kya hai? | list | -
aaj kya kya karna hai | list | -
aaj ke tasks dikhao | list | -
aaj ke tasks | list | -
kal ka kya plan hai | list | -
kal kya karna hai mujhe? | list | -
is hafte ke kaam batao | list | -
pending tasks dikhao | list | -
baqi kaam dikhao | list | -
mukammal tasks dikhao | list | -
kaunse tasks reh gaye hain | list | -
konse kaam baqi hain? | list | -
kitne tasks hain mere | list | -
kitne kaam baqi hain | list | -
mere paas aaj kitne tasks hain? | list | -
sab se zaroori kya hai? | list | -
sabse zaroori kaam kaunsa hai | list | -
urgent tasks dikhao | list | -
zaroori kaam dikhao | list | -
meeting wale tasks dikhao | list | meeting
shopping ke tasks dikhao | list | shopping
mera schedule dikhao | list | -
aaj ka schedule kya hai | list | -
list dikhao | list | -
tasks | list | -
meri to do list | list | -
kya mera koi task hai aaj? | list | -
agle hafte kya kya hai | list | -
show my tasks | list | -
Show me all my tasks | list | -
list my tasks | list | -
what are my tasks? | list | -
what do I have today? | list | -
what's on my list? | list | -
What's my priority item? | list | -
what's my most important task? | list | -
what should I do first? | list | -
how many tasks do I have? | list | -
show pending tasks | list | -
show completed tasks | list | -
my tasks | list | -
which tasks are due tomorrow? | list | -
do I have any tasks for Friday? | list | -
what's due this week? | list | -
show high priority tasks | list | -
what do I need to do today? | list | -
میرے ٹاسک دکھاؤ | list | -
آج کیا کیا ہے؟ | list | -
آج کیا کرنا ہے | list | -
سارے کام دکھا دیں | list | -
میری فہرست دکھاؤ | list | -
کتنے کام باقی ہیں؟ | list | -
کل کے ٹاسک بتاؤ | list | -
کون سے ٹاسک باقی ہیں | list | -
سب سے ضروری کیا ہے؟ | list | -
meeting wala task mukammal karo | complete | meeting
meeting wala task complete kar do | complete | meeting
doodh lana mukammal ho gaya | complete | doodh lana
bijli ka bill wala kaam ho gaya | complete | bijli ka bill
report wala task done hai | complete | report
report ho gayi | complete | report
gym done | complete | gym
task 3 mukammal karo | complete | -
task 2 ho gaya | complete | -
task 4 complete | complete | -
3 number wala mukammal kar dein | complete | -
pehla wala done kar do | complete | -
doosra wala complete kardo | complete | -
yeh ho gaya | complete | -
isko mukammal kar do | complete | -
sab tasks complete kar do | complete | -
aaj ke saare tasks mukammal kar do | complete | -
maine report likh li, mukammal kar do | complete | report
homework kar liya | complete | homework
maine homework kar liya hai | complete | homework
bill jama kara diya | complete | bill jama
school fees de di | complete | school fees
car wash wala task poora ho gaya | complete | car wash
assignment submit kar diya | complete | assignment submit
shopping wala kaam khatam ho gaya | complete | shopping
dawai wala task nipta diya | complete | dawai
grocery wala tick kar do | complete | grocery
ammi ko call kar li | complete | ammi ko call
mark groceries as done | complete | groceries
mark the report task as complete | complete | report
complete the gym task | complete | gym
complete task 5 | complete | -
finish buy milk | complete | buy milk
I finished the report | complete | report
done with the laundry | complete | laundry
task 2 is done | complete | -
I have completed the assignment | complete | assignment
mark it as done | complete | -
mark all tasks as complete | complete | -
check off the dentist appointment | complete | dentist appointment
the meeting task is done | complete | meeting
میٹنگ والا ٹاسک مکمل کرو | complete | میٹنگ
میٹنگ والا کام ہو گیا | complete | میٹنگ
دودھ لانا مکمل ہو گیا | complete | دودھ لانا
ٹاسک 3 مکمل کر دیں | complete | -
رپورٹ مکمل کر لی | complete | رپورٹ
دوسرا والا مکمل کر دو | complete | -
ہوم ورک کر لیا | complete | ہوم ورک
meeting ko kal pe kar do | update | meeting
meeting wala task kal pe shift kar do | update | meeting
meeting ka time 5 baje kar do | update | meeting
report ko jumme pe le jao | update | report
dentist ko agle hafte kar do | update | dentist
meeting 5 baje kar do | update | meeting
task 3 ko kal pe kar do | update | -
task 2 ka naam badal do | update | -
isko kal pe kar do | update | -
doosra wala parson pe dal do | update | -
report ki priority high kar do | update | report
report ko urgent kar do | update | report
meeting wala task zaroori kar do | update | meeting
gym ki deadline jumma kar do | update | gym
shopping wala task parson tak aage kar do | update | shopping
meeting ko aage kar do | update | meeting
doctor wali appointment 3 baje ki bajaye 5 baje kar do | update | doctor wali appointment
kal ki meeting parson pe shift kar do | update | meeting
car wash wala task change kar do | update | car wash
grocery wale task mein doodh bhi add kar do | update | grocery
meeting ka naam client call rakh do | update | meeting
task 4 edit karna hai | update | -
move the meeting to Friday | update | meeting
reschedule the dentist appointment to Monday at 4pm | update | dentist appointment
change the report deadline to tomorrow | update | report
postpone gym to tomorrow | update | gym
update task 3 | update | -
rename gym to workout | update | gym
set the report priority to high | update | report
make the report urgent | update | report
mark the report as urgent | update | report
push the meeting to next week | update | meeting
move task 2 to tomorrow | update | -
change task 5 to 6 pm | update | -
میٹنگ کو کل پر کر دو | update | میٹنگ
رپورٹ والا ٹاسک جمعے پر شفٹ کر دیں | update | رپورٹ
ٹاسک 2 کا وقت 5 بجے کر دو | update | -
میٹنگ کا وقت تبدیل کر دو | update | میٹنگ
رپورٹ کو فوری کر دو | update | رپورٹ
undo | undo | -
undo karo | undo | -
wapas lao | undo | -
wapas kar do | undo | -
woh wapas le aao | undo | -
galti se delete ho gaya, wapas lao | undo | -
undo that | undo | -
undo the last change | undo | -
undo kar do please | undo | -
delete wala wapas lao | undo | -
واپس لاؤ | undo | -
واپس کر دو | undo | -
restore it | undo | -
pichla kaam undo karo | undo | -
"""

CHATTER = """
yaad aaya
meeting achi thi
bohat kaam hai aaj
mujhe bohat neend aa rahi hai
aaj mausam bohat acha hai
kya haal hai
kaise ho?
salam
shukriya
thank you so much
khuda hafiz
delete mat karo
meeting wala task delete mat karna
abhi nahi hua
mera task nahi ho gaya
abhi complete nahi kiya
mukammal nahi hua
task delete na karo
don't delete the meeting
do not delete anything
maine kal task delete kiya tha
kya tum ne meeting delete kar di thi?
meeting kaisi thi?
bohat der ho gayi
subah ho gayi
raat ho gayi yaar
main thak gaya hoon
mera dil nahi lag raha
kal bohat maza aya
shadi achi rahi
kya baat hai
acha theek hai
haan bilkul
ok
hmm
lol
haha yaar
woh log aa gaye
light chali gayi
khana kha liya?
kya kar rahe ho
main ghar ja raha hoon
mujhe bhook lagi hai
aaj chutti hai
kal eid hai
Ali bohat acha larka hai
mera boss naraz ho gaya
traffic bohat thi aaj
gaari kharab ho gayi
mujhe samajh nahi aaya
yeh kya hai
tum kaun ho
kya tum robot ho
aap kya kar sakte hain
mujhe nahi pata
koi baat nahi
chalo phir milte hain
dost se baat hui
kitni garmi hai
barish ho rahi hai
match kaun jeeta
pakistan jeet gaya
I am so tired today
the meeting was good
I had a long day
what a day
how are you?
good morning
good night
thanks a lot
I love this app
that was funny
who are you?
what can you do?
it is raining
nice weather today
I don't know
maybe later
never mind
ok thanks
the list was long
I forgot my keys
my boss is angry
I was late yesterday
it's fine
میٹنگ اچھی تھی
آج بہت کام ہے
شکریہ
السلام علیکم
کیا حال ہے
بہت دیر ہو گئی
مجھے نیند آ رہی ہے
ابھی نہیں ہوا
ڈیلیٹ مت کرو
حذف نہ کریں
موسم بہت اچھا ہے
خدا حافظ
تم کون ہو
مجھے نہیں پتا
بارش ہو رہی ہے
yaad hai woh din?
tumhari yaad aa rahi hai
mujhe kuch yaad nahi
bachpan yaad aa gaya
list bohat lambi thi
kaam kaisa chal raha hai
office mein bohat kaam tha
aaj office nahi gaya
gaana sunao
song chala do
music band karo
Ali ko message bhejo
ammi ko bolo main late hoon
mausam kaisa hai
traffic kaisa hai
volume kam karo
playlist delete karo
photo delete kar do
batao kya chal raha hai
sunao kya haal hai
kuch nahi bas aise hi
sab theek hai
sab khairiyat hai
kya khayal hai
mazaaq kar raha tha
acha sunno
kal milte hain
phir baat karte hain
main soch raha tha
meeting kal thi na?
kya meeting ho gayi?
exam khatam ho gaye finally
baat khatam karo
jhagra khatam karo
dekho na kya ho gaya
meri tabiyat theek nahi hai
dawai kharab thi
"""


def commands() -> list[tuple[str, str, str | None]]:
    """The rows: text, operation, title or None."""
    rows = [line.rsplit("|", 2) for line in COMMANDS.strip().splitlines()]
    return [(text.strip(), op.strip(), None if title.strip() == "-" else title.strip()) for text, op, title in rows]


def chatter() -> list[str]:
    """Lines that ask for nothing."""
    return CHATTER.strip().splitlines()
