/** Every word of the page, in its three languages; the keys are the languages' own tags (BCP 47). */

/** What a tool call was about. */
export interface Told {
  /** The task, quoted. */
  name: string;
  /** What was looked for, quoted; "" for nothing. */
  search: string;
  /** How many were found. */
  total: number;
  /** What was taken back, quoted. */
  titles: string[];
}

type Say = (told: Told) => string;
/** A tool call that is done, under way, and failed. */
export type Step = [did: Say, doing: Say, failed: Say];

const inEnglish = (did: Say, todo: Say): Step => [did, todo, (told) => `could not ${todo(told)}`];
const sameStep = (did: string, doing: string, failed: string): Step => [() => did, () => doing, () => failed];
/** Urdu says what happened after the task that it happened to. */
const afterName = (did: string, doing: string, failed: string): Step => [
  ({ name }) => `${name} ${did}`,
  ({ name }) => `${name} ${doing}`,
  ({ name }) => `${name} ${failed}`,
];

const en = {
  name: "English",
  language: "Language",

  signIn: "Sign in",
  signInByAddress: "Munshi prints an address that signs you in when it starts: open that one.",
  signInByToken: ["Or paste a token here. Run", "where Munshi is installed, with your own name, and copy the long line that it prints. A Munshi with a sign-in service of its own takes the token of that service."],
  token: "Token",
  tokenUnreadable: "This is not a token. It is one long line of three parts with dots between them.",
  tokenRefused: (why: string) => `Munshi did not take the token: ${why} Please sign in again.`,
  signOut: "Sign out",

  colours: "Colours",
  themes: { "light dark": "As the device", light: "Light", dark: "Dark" },

  conversation: "Conversation",
  conversations: "Conversations",
  newConversation: ["New", "conversation"],
  searchConversations: "Search conversations",
  noConversations: "No conversations here yet.",
  conversationsUnread: "The conversations could not be read just now.",
  conversationTitle: "Title of the conversation",
  more: "More",
  rename: "Rename",
  renameOf: (title: string) => `Rename ${title}`,
  delete: "Delete",
  deleteOf: (title: string) => `Delete ${title}`,
  deleteAsked: "Delete it? The tasks stay.",
  keep: "Keep",
  save: "Save",
  cancel: "Cancel",
  close: "Close",

  opening: "Opening …",
  messages: "Messages",
  earlier: "Earlier messages",
  log: "What was said",
  steps: "What was done",
  answer: "Answer",
  you: "You:",
  munshi: "Munshi:",
  copy: "Copy",
  copied: "Copied",
  askAgain: "Ask again",
  sendAgain: "Send again",
  tryAgain: "Try again",
  edit: "Edit",
  editOf: (title: string) => `Edit ${title}`,

  starters: "What is to be done?",
  startersHint: "Write as you speak: Roman Urdu, Urdu or English.",

  message: "Message",
  writeToMunshi: "Write to Munshi",
  send: "Send",
  stop: "Stop",
  stopping: "Stopping",
  keys: "Enter sends, Shift and Enter starts a new line, Escape stops an answer.",
  tooLong: (over: number, most: number) =>
    `This message is ${over.toLocaleString("en")} ${over === 1 ? "character" : "characters"} too long: it may have ${most.toLocaleString("en")}.`,
  speak: "Speak",
  listening: "Listening",
  voiceLanguage: "Language of the voice",
  voices: { "ur-PK": "in Urdu", "en-PK": "in English" },
  voiceFaults: {
    "not-allowed": "The browser may not use the microphone. Allow it in the browser's settings for this page.",
    "audio-capture": "No microphone was found.",
    "language-not-supported": "The browser does not understand this language by voice.",
    network: "The browser could not reach its speech service.",
    "no-speech": "Nothing was heard.",
  } as Record<string, string>,
  voiceFault: "The browser could not listen.",

  messageComes: "Your message is kept, and sent as soon as that is possible.",
  answerGoesOn: "The answer goes on here as soon as that is possible.",
  answerComes: "Munshi is still at it; what comes of it appears here.",
  unsentSafe: "Sending it again is safe: nothing is done twice.",
  unsentKept: "This message is kept; it may not have reached Munshi.",
  noAnswer: "This turn ended without an answer.",
  doneAlready: "What is ticked above is done; say what is still missing.",

  tasks: "Tasks",
  toDo: "to do",
  undo: "Undo",
  addTask: "Add a task",
  newTask: "New task",
  changeTask: "Change the task",
  add: "Add",
  title: "Title",
  due: "Due",
  dueExample: "kal subah 9 baje, Friday …",
  priority: "Priority",
  note: "Note",
  whichTasks: "Which tasks",
  statuses: { pending: "To do", completed: "Done", all: "All" },
  anyPriority: "Any priority",
  priorities: { urgent: "Urgent", high: "High", normal: "Normal", low: "Low" },
  marks: { urgent: "urgent", high: "high priority", normal: "", low: "low priority" },
  searchTasks: "Search tasks",
  nothingFits: "Nothing fits.",
  empty: {
    pending: "Nothing to do. What you tell Munshi to remember appears here.",
    completed: "Nothing is done yet.",
    all: "No tasks yet. What you tell Munshi to remember appears here.",
  },
  firstOf: (shown: number, total: number) => `The first ${shown} of ${total}.`,
  tasksUnread: "The tasks could not be read just now.",
  tasksUnsure: "Munshi cannot be reached just now; the list may have changed.",
  added: (title: string) => `${title} is added.`,
  changed: (title: string) => `${title} is changed.`,
  done: (title: string) => `${title} is done.`,
  doneComesAgain: (title: string) => `${title} is done; it comes again.`,
  reopened: (title: string) => `${title} is to do again.`,
  deleted: (title: string) => `${title} is deleted. Undo brings it back.`,
  undone: {
    restored: (title: string) => `${title} is back.`,
    removed: (title: string) => `${title} is removed again.`,
    reverted: (title: string) => `${title} is as it was.`,
  },

  unreachable: "Munshi cannot be reached just now.",
  broken: "Something went wrong on this page.",
  tooOften: (seconds: number) => `That was a lot at once. Try again in ${seconds} seconds.`,
  /** By code; what is not among them is told in the server's own words. */
  problems: {} as Record<string, string>,
  invalid: (field: string, why: string) => {
    const named: Record<string, string> = { title: "The title", due: "The due", description: "The note", message: "The message" };
    return `${named[field] ?? field} ${why}.`;
  },

  taskNumber: (id: string) => `task ${id}`,
  toolSteps: {
    add_task: inEnglish(({ name }) => `added ${name}`, ({ name }) => `add ${name}`),
    complete_task: inEnglish(({ name }) => `completed ${name}`, ({ name }) => `complete ${name}`),
    delete_task: inEnglish(({ name }) => `deleted ${name}`, ({ name }) => `delete ${name}`),
    update_task: inEnglish(({ name }) => `changed ${name}`, ({ name }) => `change ${name}`),
    undo: inEnglish(({ titles }) => `took back the last change ${titles.join(", ")}`.trim(), () => "take back the last change"),
    list_tasks: inEnglish(
      ({ search, total }) => `${search ? `looked for ${search}` : "looked at the tasks"}: ${total || "none"} found`,
      ({ search }) => (search ? `look for ${search}` : "look at the tasks"),
    ),
    get_task: inEnglish(({ name }) => `looked at ${name}`, ({ name }) => `look at ${name}`),
    parse_urdu_intent: inEnglish(() => "read the message", () => "read the message"),
    generate_urdu_response: inEnglish(() => "worded the reply", () => "word the reply"),
    fetch_chat_history: inEnglish(() => "read the conversation", () => "read the conversation"),
  } as Record<string, Step>,

  yesterday: "yesterday",
  today: "today",
  tomorrow: "tomorrow",
  /** From Sunday on. */
  weekdays: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
  months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
  moment: (day: string, hour: number, minute: number) =>
    `${day}, ${hour % 12 || 12}:${twoDigits(minute)} ${hour < 12 ? "am" : "pm"}`,
  overdue: (due: string) => `${due}, overdue`,
  repeats: "repeats",
  every: (unit: Unit, count: number) => (count === 1 ? `every ${unit}` : `every ${count} ${unit}s`),
};

export type Unit = "day" | "week" | "month" | "year";
export type Texts = typeof en;

const roman: Texts = {
  name: "Roman Urdu",
  language: "Zaban",

  signIn: "Sign in",
  signInByAddress: "Munshi shuru hote waqt ek pata likhta hai jo aap ko sign in kar deta hai: wohi kholein.",
  signInByToken: ["Ya token yahan paste karein. Jahan Munshi install hai wahan apne naam ke saath", "chalayein, aur jo lambi line likhi aaye woh copy karein. Jis Munshi ki apni sign-in service ho, us ke liye usi service ka token chahiye."],
  token: "Token",
  tokenUnreadable: "Yeh token nahi hai. Token ek lambi line hoti hai, teen hisson ki, darmiyan mein nuqte.",
  tokenRefused: (why) => `Munshi ne token nahi maana: ${why} Dobara sign in karein.`,
  signOut: "Sign out",

  colours: "Rang",
  themes: { "light dark": "Device jaisa", light: "Halka", dark: "Gehra" },

  conversation: "Guftagu",
  conversations: "Guftagu",
  newConversation: ["Nayi", "guftagu"],
  searchConversations: "Guftagu talash karein",
  noConversations: "Yahan abhi koi guftagu nahi.",
  conversationsUnread: "Guftagu ki fehrist abhi nahi parhi ja saki.",
  conversationTitle: "Guftagu ka unwan",
  more: "Aur dikhayein",
  rename: "Naam badlein",
  renameOf: (title) => `Naam badlein: ${title}`,
  delete: "Delete karein",
  deleteOf: (title) => `Delete karein: ${title}`,
  deleteAsked: "Delete kar dein? Tasks rahenge.",
  keep: "Rehne dein",
  save: "Mehfooz karein",
  cancel: "Rehne dein",
  close: "Band karein",

  opening: "Khul rahi hai …",
  messages: "Paighamat",
  earlier: "Pehle ke paighamat",
  log: "Jo kaha gaya",
  steps: "Jo kiya gaya",
  answer: "Jawab",
  you: "Aap:",
  munshi: "Munshi:",
  copy: "Copy karein",
  copied: "Copy ho gaya",
  askAgain: "Phir poochein",
  sendAgain: "Phir bhejein",
  tryAgain: "Phir koshish karein",
  edit: "Badlein",
  editOf: (title) => `Badlein: ${title}`,

  starters: "Kya karna hai?",
  startersHint: "Jaise bolte hain waise likhein: Roman Urdu, Urdu ya English.",

  message: "Paigham",
  writeToMunshi: "Munshi ko likhein",
  send: "Bhejein",
  stop: "Rokein",
  stopping: "Ruk raha hai",
  keys: "Enter se bhejein, Shift aur Enter se nayi line, Escape se jawab rokein.",
  tooLong: (over, most) =>
    `Yeh paigham ${over.toLocaleString("en")} harf ziyada lamba hai: ${most.toLocaleString("en")} tak ho sakta hai.`,
  speak: "Bolein",
  listening: "Sun raha hai",
  voiceLanguage: "Bolne ki zaban",
  voices: { "ur-PK": "Urdu mein", "en-PK": "English mein" },
  voiceFaults: {
    "not-allowed": "Browser ko microphone ki ijazat nahi. Browser ki settings mein is page ko ijazat dein.",
    "audio-capture": "Koi microphone nahi mila.",
    "language-not-supported": "Browser yeh zaban awaz se nahi samajhta.",
    network: "Browser apni awaz samajhne wali service tak nahi pahunch saka.",
    "no-speech": "Kuch sunai nahi diya.",
  },
  voiceFault: "Browser sun nahi saka.",

  messageComes: "Aap ka paigham mehfooz hai, aur jaise hi mumkin hua bhej diya jayega.",
  answerGoesOn: "Jaise hi mumkin hua, jawab yahin jari rahega.",
  answerComes: "Munshi abhi kaam kar raha hai; nateeja yahin nazar aayega.",
  unsentSafe: "Phir bhejne mein koi harj nahi: koi kaam do baar nahi hota.",
  unsentKept: "Yeh paigham mehfooz hai; shayad Munshi tak nahi pahuncha.",
  noAnswer: "Is baar koi jawab nahi aaya.",
  doneAlready: "Jis par oopar nishan hai woh ho chuka hai; jo baqi hai woh kahein.",

  tasks: "Tasks",
  toDo: "baqi",
  undo: "Wapas lein",
  addTask: "Naya task",
  newTask: "Naya task",
  changeTask: "Task badlein",
  add: "Add karein",
  title: "Unwan",
  due: "Kab tak",
  dueExample: "kal subah 9 baje, jumme ko …",
  priority: "Ahmiyat",
  note: "Note",
  whichTasks: "Kaunse tasks",
  statuses: { pending: "Baqi", completed: "Ho gaye", all: "Sab" },
  anyPriority: "Har ahmiyat",
  priorities: { urgent: "Fori", high: "Zaroori", normal: "Aam", low: "Kam" },
  marks: { urgent: "fori", high: "zaroori", normal: "", low: "kam zaroori" },
  searchTasks: "Tasks talash karein",
  nothingFits: "Aisa koi task nahi.",
  empty: {
    pending: "Koi kaam baqi nahi. Munshi ko jo yaad rakhne ko kahenge, yahan nazar aayega.",
    completed: "Abhi kuch mukammal nahi hua.",
    all: "Abhi koi task nahi. Munshi ko jo yaad rakhne ko kahenge, yahan nazar aayega.",
  },
  firstOf: (shown, total) => `${total} mein se pehle ${shown}.`,
  tasksUnread: "Tasks abhi nahi parhe ja sake.",
  tasksUnsure: "Munshi tak abhi nahi pahuncha ja sakta; ho sakta hai fehrist badal gayi ho.",
  added: (title) => `${title} add ho gaya.`,
  changed: (title) => `${title} badal gaya.`,
  done: (title) => `${title} mukammal ho gaya.`,
  doneComesAgain: (title) => `${title} mukammal ho gaya; yeh phir aayega.`,
  reopened: (title) => `${title} phir baqi hai.`,
  deleted: (title) => `${title} delete ho gaya. "Wapas lein" se wapas aa jayega.`,
  undone: {
    restored: (title) => `${title} wapas aa gaya.`,
    removed: (title) => `${title} phir hata diya gaya.`,
    reverted: (title) => `${title} pehle jaisa ho gaya.`,
  },

  unreachable: "Munshi tak abhi nahi pahuncha ja sakta.",
  broken: "Is page par kuch ghalat ho gaya.",
  tooOften: (seconds) => `Yeh ek saath bohat ziyada tha. ${seconds} second baad phir koshish karein.`,
  problems: {
    unauthenticated: "Token theek nahi ya us ki muddat khatam ho gayi.",
    forbidden: "Is ki ijazat nahi.",
    not_found: "Yeh ab yahan nahi hai.",
    nothing_to_undo: "Wapas lene ko koi tabdeeli nahi rahi.",
    turn_in_progress: "Pichle paigham ka jawab abhi aa raha hai.",
    too_large: "Yeh bohat bara hai.",
    assistant_unavailable: "Munshi abhi jawab nahi de sakta. Thori der baad phir koshish karein.",
    assistant_timeout: "Jawab mein bohat der ho gayi. Phir koshish karein.",
    storage_unavailable: "Munshi ka khata abhi nahi khul raha. Thori der baad phir koshish karein.",
    identity_unavailable: "Abhi pata nahi chal sakta ke aap kaun hain. Thori der baad phir koshish karein.",
  },
  invalid: (field, why) => {
    const said: Record<string, string> = {
      title: "Yeh unwan nahi ho sakta: khali na ho, aur bohat lamba na ho.",
      due: "Yeh waqt samajh nahi aaya. Maslan likhein: kal subah 9 baje.",
      description: "Yeh note nahi ho sakta: bohat lamba hai.",
      message: "Yeh paigham nahi bheja ja sakta: khali ya bohat lamba hai.",
    };
    return said[field] ?? `${field}: ${why}.`;
  },

  taskNumber: (id) => `task ${id}`,
  toolSteps: {
    add_task: afterName("add kiya", "add kar raha hoon", "add nahi ho saka"),
    complete_task: afterName("mukammal kiya", "mukammal kar raha hoon", "mukammal nahi ho saka"),
    delete_task: afterName("delete kiya", "delete kar raha hoon", "delete nahi ho saka"),
    update_task: afterName("badal diya", "badal raha hoon", "badla nahi ja saka"),
    undo: [
      ({ titles }) => `pichli tabdeeli wapas li ${titles.join(", ")}`.trim(),
      () => "pichli tabdeeli wapas le raha hoon",
      () => "pichli tabdeeli wapas nahi li ja saki",
    ],
    list_tasks: [
      ({ search, total }) => `${search ? `${search} talash kiya` : "tasks dekhe"}: ${total ? `${total} ${total === 1 ? "mila" : "mile"}` : "koi nahi mila"}`,
      ({ search }) => (search ? `${search} talash kar raha hoon` : "tasks dekh raha hoon"),
      () => "tasks nahi dekhe ja sake",
    ],
    get_task: afterName("dekha", "dekh raha hoon", "nahi dekha ja saka"),
    parse_urdu_intent: sameStep("paigham parha", "paigham parh raha hoon", "paigham nahi parha ja saka"),
    generate_urdu_response: sameStep("jawab likha", "jawab likh raha hoon", "jawab nahi likha ja saka"),
    fetch_chat_history: sameStep("guftagu parhi", "guftagu parh raha hoon", "guftagu nahi parhi ja saki"),
  },

  yesterday: "guzishta kal",
  today: "aaj",
  tomorrow: "kal",
  weekdays: ["itwar", "peer", "mangal", "budh", "jumerat", "jumma", "hafta"],
  months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
  moment: (day, hour, minute) => `${day} ${partOf(hour, ["raat", "subah", "dopahar", "shaam"])} ${clockOf(hour, minute)} baje`,
  overdue: (due) => `${due}, waqt guzar gaya`,
  repeats: "baar baar",
  every: (unit, count) => {
    const units = { day: "din", week: "hafte", month: "mahine", year: "saal" };
    return count === 1 ? (unit === "day" ? "rozana" : `har ${units[unit]}`) : `har ${count} ${units[unit]}`;
  },
};

const urdu: Texts = {
  name: "اردو",
  language: "زبان",

  signIn: "سائن اِن",
  signInByAddress: "منشی شروع ہوتے وقت ایک پتہ لکھتا ہے جو آپ کو سائن اِن کر دیتا ہے: وہی کھولیں۔",
  signInByToken: ["یا ٹوکن یہاں پیسٹ کریں۔ جہاں منشی انسٹال ہے وہاں اپنے نام کے ساتھ", "چلائیں، اور جو لمبی سطر لکھی آئے وہ کاپی کریں۔ جس منشی کی اپنی سائن اِن سروس ہو، اس کے لیے اسی سروس کا ٹوکن چاہیے۔"],
  token: "ٹوکن",
  tokenUnreadable: "یہ ٹوکن نہیں ہے۔ ٹوکن ایک لمبی سطر ہوتی ہے، تین حصوں کی، درمیان میں نقطے۔",
  tokenRefused: (why) => `منشی نے ٹوکن نہیں مانا: ${why} دوبارہ سائن اِن کریں۔`,
  signOut: "سائن آؤٹ",

  colours: "رنگ",
  themes: { "light dark": "ڈیوائس جیسا", light: "ہلکا", dark: "گہرا" },

  conversation: "گفتگو",
  conversations: "گفتگو",
  newConversation: ["نئی", "گفتگو"],
  searchConversations: "گفتگو تلاش کریں",
  noConversations: "یہاں ابھی کوئی گفتگو نہیں۔",
  conversationsUnread: "گفتگو کی فہرست ابھی نہیں پڑھی جا سکی۔",
  conversationTitle: "گفتگو کا عنوان",
  more: "اور دکھائیں",
  rename: "نام بدلیں",
  renameOf: (title) => `نام بدلیں: ${title}`,
  delete: "حذف کریں",
  deleteOf: (title) => `حذف کریں: ${title}`,
  deleteAsked: "حذف کر دیں؟ ٹاسک رہیں گے۔",
  keep: "رہنے دیں",
  save: "محفوظ کریں",
  cancel: "رہنے دیں",
  close: "بند کریں",

  opening: "کھل رہی ہے …",
  messages: "پیغامات",
  earlier: "پہلے کے پیغامات",
  log: "جو کہا گیا",
  steps: "جو کیا گیا",
  answer: "جواب",
  you: "آپ:",
  munshi: "منشی:",
  copy: "کاپی کریں",
  copied: "کاپی ہو گیا",
  askAgain: "پھر پوچھیں",
  sendAgain: "پھر بھیجیں",
  tryAgain: "پھر کوشش کریں",
  edit: "بدلیں",
  editOf: (title) => `بدلیں: ${title}`,

  starters: "کیا کرنا ہے؟",
  startersHint: "جیسے بولتے ہیں ویسے لکھیں: رومن اردو، اردو یا انگریزی۔",

  message: "پیغام",
  writeToMunshi: "منشی کو لکھیں",
  send: "بھیجیں",
  stop: "روکیں",
  stopping: "رک رہا ہے",
  keys: "انٹر سے بھیجیں، شفٹ اور انٹر سے نئی سطر، ایسکیپ سے جواب روکیں۔",
  tooLong: (over, most) =>
    `یہ پیغام ${over.toLocaleString("en")} حرف زیادہ لمبا ہے: ${most.toLocaleString("en")} تک ہو سکتا ہے۔`,
  speak: "بولیں",
  listening: "سن رہا ہے",
  voiceLanguage: "بولنے کی زبان",
  voices: { "ur-PK": "اردو میں", "en-PK": "انگریزی میں" },
  voiceFaults: {
    "not-allowed": "براؤزر کو مائیکروفون کی اجازت نہیں۔ براؤزر کی ترتیبات میں اس صفحے کو اجازت دیں۔",
    "audio-capture": "کوئی مائیکروفون نہیں ملا۔",
    "language-not-supported": "براؤزر یہ زبان آواز سے نہیں سمجھتا۔",
    network: "براؤزر اپنی آواز سمجھنے والی سروس تک نہیں پہنچ سکا۔",
    "no-speech": "کچھ سنائی نہیں دیا۔",
  },
  voiceFault: "براؤزر سن نہیں سکا۔",

  messageComes: "آپ کا پیغام محفوظ ہے، اور جیسے ہی ممکن ہوا بھیج دیا جائے گا۔",
  answerGoesOn: "جیسے ہی ممکن ہوا، جواب یہیں جاری رہے گا۔",
  answerComes: "منشی ابھی کام کر رہا ہے؛ نتیجہ یہیں نظر آئے گا۔",
  unsentSafe: "پھر بھیجنے میں کوئی حرج نہیں: کوئی کام دو بار نہیں ہوتا۔",
  unsentKept: "یہ پیغام محفوظ ہے؛ شاید منشی تک نہیں پہنچا۔",
  noAnswer: "اس بار کوئی جواب نہیں آیا۔",
  doneAlready: "جس پر اوپر نشان ہے وہ ہو چکا ہے؛ جو باقی ہے وہ کہیں۔",

  tasks: "ٹاسک",
  toDo: "باقی",
  undo: "واپس لیں",
  addTask: "نیا ٹاسک",
  newTask: "نیا ٹاسک",
  changeTask: "ٹاسک بدلیں",
  add: "شامل کریں",
  title: "عنوان",
  due: "کب تک",
  dueExample: "کل صبح 9 بجے، جمعے کو …",
  priority: "اہمیت",
  note: "نوٹ",
  whichTasks: "کون سے ٹاسک",
  statuses: { pending: "باقی", completed: "مکمل", all: "سب" },
  anyPriority: "ہر اہمیت",
  priorities: { urgent: "فوری", high: "ضروری", normal: "عام", low: "کم" },
  marks: { urgent: "فوری", high: "ضروری", normal: "", low: "کم ضروری" },
  searchTasks: "ٹاسک تلاش کریں",
  nothingFits: "ایسا کوئی ٹاسک نہیں۔",
  empty: {
    pending: "کوئی کام باقی نہیں۔ منشی کو جو یاد رکھنے کو کہیں گے، یہاں نظر آئے گا۔",
    completed: "ابھی کچھ مکمل نہیں ہوا۔",
    all: "ابھی کوئی ٹاسک نہیں۔ منشی کو جو یاد رکھنے کو کہیں گے، یہاں نظر آئے گا۔",
  },
  firstOf: (shown, total) => `${total} میں سے پہلے ${shown}۔`,
  tasksUnread: "ٹاسک ابھی نہیں پڑھے جا سکے۔",
  tasksUnsure: "منشی تک ابھی نہیں پہنچا جا سکتا؛ ہو سکتا ہے فہرست بدل گئی ہو۔",
  added: (title) => `${title} شامل ہو گیا۔`,
  changed: (title) => `${title} بدل گیا۔`,
  done: (title) => `${title} مکمل ہو گیا۔`,
  doneComesAgain: (title) => `${title} مکمل ہو گیا؛ یہ پھر آئے گا۔`,
  reopened: (title) => `${title} پھر باقی ہے۔`,
  deleted: (title) => `${title} حذف ہو گیا۔ «واپس لیں» سے واپس آ جائے گا۔`,
  undone: {
    restored: (title) => `${title} واپس آ گیا۔`,
    removed: (title) => `${title} پھر ہٹا دیا گیا۔`,
    reverted: (title) => `${title} پہلے جیسا ہو گیا۔`,
  },

  unreachable: "منشی تک ابھی نہیں پہنچا جا سکتا۔",
  broken: "اس صفحے پر کچھ غلط ہو گیا۔",
  tooOften: (seconds) => `یہ ایک ساتھ بہت زیادہ تھا۔ ${seconds} سیکنڈ بعد پھر کوشش کریں۔`,
  problems: {
    unauthenticated: "ٹوکن ٹھیک نہیں یا اس کی مدت ختم ہو گئی۔",
    forbidden: "اس کی اجازت نہیں۔",
    not_found: "یہ اب یہاں نہیں ہے۔",
    nothing_to_undo: "واپس لینے کو کوئی تبدیلی نہیں رہی۔",
    turn_in_progress: "پچھلے پیغام کا جواب ابھی آ رہا ہے۔",
    too_large: "یہ بہت بڑا ہے۔",
    assistant_unavailable: "منشی ابھی جواب نہیں دے سکتا۔ تھوڑی دیر بعد پھر کوشش کریں۔",
    assistant_timeout: "جواب میں بہت دیر ہو گئی۔ پھر کوشش کریں۔",
    storage_unavailable: "منشی کا کھاتہ ابھی نہیں کھل رہا۔ تھوڑی دیر بعد پھر کوشش کریں۔",
    identity_unavailable: "ابھی پتہ نہیں چل سکتا کہ آپ کون ہیں۔ تھوڑی دیر بعد پھر کوشش کریں۔",
  },
  invalid: (field, why) => {
    const said: Record<string, string> = {
      title: "یہ عنوان نہیں ہو سکتا: خالی نہ ہو، اور بہت لمبا نہ ہو۔",
      due: "یہ وقت سمجھ نہیں آیا۔ مثلاً لکھیں: کل صبح 9 بجے۔",
      description: "یہ نوٹ نہیں ہو سکتا: بہت لمبا ہے۔",
      message: "یہ پیغام نہیں بھیجا جا سکتا: خالی یا بہت لمبا ہے۔",
    };
    return said[field] ?? `${field}: ${why}۔`;
  },

  taskNumber: (id) => `ٹاسک ${id}`,
  toolSteps: {
    add_task: afterName("شامل کیا", "شامل کر رہا ہوں", "شامل نہیں ہو سکا"),
    complete_task: afterName("مکمل کیا", "مکمل کر رہا ہوں", "مکمل نہیں ہو سکا"),
    delete_task: afterName("حذف کیا", "حذف کر رہا ہوں", "حذف نہیں ہو سکا"),
    update_task: afterName("بدل دیا", "بدل رہا ہوں", "بدلا نہیں جا سکا"),
    undo: [
      ({ titles }) => `پچھلی تبدیلی واپس لی ${titles.join("، ")}`.trim(),
      () => "پچھلی تبدیلی واپس لے رہا ہوں",
      () => "پچھلی تبدیلی واپس نہیں لی جا سکی",
    ],
    list_tasks: [
      ({ search, total }) => `${search ? `${search} تلاش کیا` : "ٹاسک دیکھے"}: ${total ? `${total} ${total === 1 ? "ملا" : "ملے"}` : "کوئی نہیں ملا"}`,
      ({ search }) => (search ? `${search} تلاش کر رہا ہوں` : "ٹاسک دیکھ رہا ہوں"),
      () => "ٹاسک نہیں دیکھے جا سکے",
    ],
    get_task: afterName("دیکھا", "دیکھ رہا ہوں", "نہیں دیکھا جا سکا"),
    parse_urdu_intent: sameStep("پیغام پڑھا", "پیغام پڑھ رہا ہوں", "پیغام نہیں پڑھا جا سکا"),
    generate_urdu_response: sameStep("جواب لکھا", "جواب لکھ رہا ہوں", "جواب نہیں لکھا جا سکا"),
    fetch_chat_history: sameStep("گفتگو پڑھی", "گفتگو پڑھ رہا ہوں", "گفتگو نہیں پڑھی جا سکی"),
  },

  yesterday: "گزشتہ کل",
  today: "آج",
  tomorrow: "کل",
  weekdays: ["اتوار", "پیر", "منگل", "بدھ", "جمعرات", "جمعہ", "ہفتہ"],
  months: ["جنوری", "فروری", "مارچ", "اپریل", "مئی", "جون", "جولائی", "اگست", "ستمبر", "اکتوبر", "نومبر", "دسمبر"],
  moment: (day, hour, minute) => `${day} ${partOf(hour, ["رات", "صبح", "دوپہر", "شام"])} ${clockOf(hour, minute)} بجے`,
  overdue: (due) => `${due}، وقت گزر گیا`,
  repeats: "بار بار",
  every: (unit, count) => {
    const units = { day: "دن", week: "ہفتے", month: "مہینے", year: "سال" };
    return count === 1 ? (unit === "day" ? "روزانہ" : `ہر ${units[unit]}`) : `ہر ${count} ${units[unit]}`;
  },
};

export const TEXTS = { en, "ur-Latn": roman, ur: urdu };
export type Language = keyof typeof TEXTS;

/** The part of the day as Urdu counts it: night before 4 and from 20, morning, noon from 12, evening from 16. */
function partOf(hour: number, [night, morning, noon, evening]: [string, string, string, string]): string {
  if (hour < 4 || hour >= 20) return night;
  return hour < 12 ? morning : hour < 16 ? noon : evening;
}

function clockOf(hour: number, minute: number): string {
  const twelve = hour % 12 || 12;
  return minute ? `${twelve}:${twoDigits(minute)}` : String(twelve);
}

function twoDigits(minute: number): string {
  return String(minute).padStart(2, "0");
}
