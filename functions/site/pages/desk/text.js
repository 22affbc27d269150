/* What the desk says, in Bangla and English, and how it writes numbers and times. */

import { habits } from "./session.js";

/** @typedef {keyof typeof TEXTS} Key */

const TEXTS = {
  desk: ["আলাপ ডেস্ক", "Alap desk"],
  language: ["ভাষা", "Language"],

  // Log-in
  "log-in": ["লগ ইন", "Log in"],
  "log-in-title": ["প্রতিনিধিদের ডেস্ক", "The representatives' desk"],
  "log-in-hint": [
    "কেবল এই ট্যাবেই লগ ইন থাকবে। ট্যাব বন্ধ করলে আবার কী লাগবে।",
    "You stay logged in in this tab only. Once it is closed, the key is needed again.",
  ],
  key: ["অ্যাক্সেস কী", "Access key"],
  "key-shape": ["alap_ দিয়ে শুরু", "It begins with alap_"],
  "key-wrong": [
    "এই কী দিয়ে ঢোকা গেল না। কোনো অক্ষর বাদ পড়েছে কি না দেখে আবার দিন।",
    "This key doesn't open the desk. Please see whether a character is missing and try again.",
  ],
  "key-empty": ["অ্যাক্সেস কী দিন।", "Please enter your access key."],
  "log-in-failed": [
    "এখন লগ ইন করা যাচ্ছে না। একটু পরে আবার চেষ্টা করুন।",
    "Logging in is not possible just now. Please try again in a moment.",
  ],
  "log-in-unreachable": [
    "সার্ভারে পৌঁছানো যাচ্ছে না। ইন্টারনেট সংযোগ দেখে আবার চেষ্টা করুন।",
    "The server can't be reached. Please look at your connection and try again.",
  ],
  "log-in-expired": [
    "অনেকক্ষণ হয়ে যাওয়ায় লগ ইনের মেয়াদ শেষ হয়েছে। আবার লগ ইন করুন; যা লিখছিলেন তা হারায়নি।",
    "Your log-in has expired. Log in again: nothing you were writing is lost.",
  ],
  "logging-in": ["লগ ইন হচ্ছে…", "Logging in…"],
  "log-out": ["লগ আউট", "Log out"],
  "log-out-title": ["লগ আউট করবেন?", "Log out?"],
  "log-out-chats": [
    "আপনার {count}টি চ্যাট এখনো চলছে। লগ আউট করলে সেগুলো অপেক্ষার তালিকার শুরুতে ফিরে যাবে।",
    "You still have {count} open chats. They will go back to the front of the queue.",
  ],
  cancel: ["থাক", "Cancel"],

  // Top bar
  chats: ["চ্যাট", "Chats"],
  figures: ["পরিসংখ্যান", "Figures"],
  views: ["পাতা", "Views"],
  sound: ["শব্দে জানান", "Sound alerts"],
  shortcuts: ["কীবোর্ড শর্টকাট", "Keyboard shortcuts"],
  "link-connecting": ["সংযোগ হচ্ছে…", "Connecting…"],
  "link-live": ["সংযুক্ত", "Connected"],
  "link-offline": ["সংযোগ নেই", "No connection"],
  "link-limited": ["অনুরোধ বেশি হয়ে গেছে", "Too many requests"],
  "link-busy": ["সার্ভার ব্যস্ত", "The server is busy"],
  "link-failing": ["সার্ভারে সমস্যা", "Server trouble"],
  "link-closed": ["শেষ", "Over"],
  "trouble-offline": [
    "সার্ভারে পৌঁছানো যাচ্ছে না। যা লিখবেন, সংযোগ ফিরলেই চলে যাবে।",
    "The server can't be reached. What you write is sent as soon as the connection is back.",
  ],
  "trouble-limited": [
    "এই সাইট থেকে একসঙ্গে অনেক অনুরোধ গেছে। কিছুই হারায়নি।",
    "There were too many requests at once. Nothing is lost.",
  ],
  "trouble-busy": ["সার্ভার এখন খুব ব্যস্ত। কিছুই হারায়নি।", "The server has too much to do right now. Nothing is lost."],
  "trouble-failing": [
    "সার্ভার ঠিকমতো উত্তর দিচ্ছে না। কিছুই হারায়নি।",
    "The server does not answer as it should. Nothing is lost.",
  ],
  "retry-in": ["{time} পরে আবার চেষ্টা হবে", "Trying again in {time}"],
  "retry-now": ["এখনই চেষ্টা করুন", "Try now"],

  // Lists
  lists: ["তালিকা", "Lists"],
  "take-next": ["পরের চ্যাট নিন", "Take next chat"],
  "nobody-waits": ["কেউ অপেক্ষায় নেই", "Nobody is waiting"],
  "waiting-longest": ["{count} জন অপেক্ষায়, সবচেয়ে বেশি {time}", "{count} waiting, longest {time}"],
  "full-hand": ["আপনার সব জায়গা ভরা: {count}টি চ্যাট", "All your places are taken: {count} chats"],
  "my-chats": ["আমার চ্যাট", "My chats"],
  "no-chats": ["কোনো চ্যাট নেই", "No chats yet"],
  "no-chats-hint": ["{key} চাপলে অপেক্ষায় থাকা পরের গ্রাহকের চ্যাট আসবে।", "Press {key} to take the next customer who waits."],
  waiting: ["অপেক্ষায়", "Waiting"],
  messages: ["রেখে যাওয়া বার্তা", "Messages left"],
  customer: ["গ্রাহক", "Customer"],
  you: ["আপনি", "You"],
  returned: ["ফিরে আসা", "Returned"],
  gone: ["চ্যাট বক্সে নেই", "Has left"],
  unread: ["না-পড়া {count}টি", "{count} unread"],
  bn: ["বাংলা", "Bangla"],
  en: ["ইংরেজি", "English"],
  more: ["আরও {count}", "{count} more"],

  // A chat
  back: ["তালিকায় ফিরুন", "Back to the list"],
  verified: ["পরিচয় যাচাই করা", "Verified"],
  "verified-hint": [
    "গ্রাহক অ্যাপ বা সাইটে লগ ইন করা: নাম ও নম্বর সেখান থেকে এসেছে",
    "The customer is logged in to the app or site: name and number come from there",
  ],
  "your-turn": ["আপনার পালা", "Your turn"],
  "their-turn": ["গ্রাহকের পালা", "Their turn"],
  "closes-in": ["বন্ধ হতে {time}", "closes in {time}"],
  "closes-now": ["বন্ধ হচ্ছে", "closing"],
  "show-number": ["নম্বর দেখুন", "Show number"],
  "hide-number": ["নম্বর ঢাকুন", "Hide number"],
  "number-noted": ["নম্বর দেখা হলে তা চ্যাটে লেখা থাকে", "Looking at the number is noted in the chat"],
  "form-open": ["ফর্মের উত্তরের অপেক্ষায়", "Form not answered yet"],
  "customer-typing": ["গ্রাহক লিখছেন…", "The customer is typing…"],
  log: ["{name}-এর সঙ্গে কথোপকথন", "Conversation with {name}"],
  loading: ["আনা হচ্ছে…", "Loading…"],
  "before-you": ["শুরুর ধাপগুলো", "Before the queue"],
  masked: ["কিছু সংখ্যা ঢাকা", "Some digits are hidden"],
  "note-of": ["{name}-এর নোট, গ্রাহক দেখেন না", "Note by {name}, not shown to the customer"],
  "asked-for": ["তথ্য চাওয়া হয়েছে: {fields}", "Asked for: {fields}"],
  "form-answered": ["গ্রাহকের উত্তর", "The customer's answers"],
  "form-erased": ["উত্তর মুছে গেছে", "The answers are erased"],
  "form-hidden": ["উত্তর কেবল যিনি চ্যাটে আছেন তিনিই দেখেন", "Only who has the chat sees the answers"],
  "form-temporary": ["চ্যাট শেষ হলে মুছে যাবে", "Erased when the chat ends"],
  rated: ["গ্রাহকের মূল্যায়ন: ৫-এর মধ্যে {score}", "Rated {score} of 5"],
  "message-was-handled": ["{name} বার্তাটির কাজ শেষ করেছেন", "{name} has dealt with the message"],
  sending: ["যাচ্ছে…", "Sending…"],
  later: ["যায়নি, {time} পরে আবার চেষ্টা", "Not sent, next try in {time}"],
  "later-now": ["যায়নি, আবার চেষ্টা হচ্ছে", "Not sent, trying again"],
  edit: ["বদলান", "Edit"],
  discard: ["বাদ দিন", "Discard"],

  // Writing
  reply: ["উত্তর", "Reply"],
  "reply-to": ["{name}-কে উত্তর", "Reply to {name}"],
  "reply-placeholder": ["উত্তর লিখুন… / চাপলে তৈরি উত্তর", "Write a reply… / for canned replies"],
  note: ["নোট", "Note"],
  "note-on": ["{name}-এর চ্যাটে নোট", "Note on the chat with {name}"],
  "note-placeholder": ["সহকর্মীদের জন্য নোট; গ্রাহক দেখবেন না", "A note for colleagues; the customer won't see it"],
  send: ["পাঠান", "Send"],
  "send-note": ["নোট রাখুন", "Add note"],
  "too-long": ["{count} অক্ষর বেশি হয়ে গেছে", "{count} characters too many"],
  "left-over": ["আর {count} অক্ষর", "{count} characters left"],
  canned: ["তৈরি উত্তর", "Canned replies"],
  "canned-search": ["তৈরি উত্তর খুঁজুন", "Search canned replies"],
  "canned-none": ["এমন কোনো উত্তর নেই", "No such reply"],
  "secret-title": ["বার্তাটি পাঠানো হয়নি: এতে পিন বা ওটিপি চাওয়া হয়েছে।", "Not sent: this asks for a PIN or an OTP."],
  "secret-why": [
    "গ্রাহকের পিন বা ওটিপি কখনো চাওয়া যাবে না, কারণ যা-ই হোক। পরিচয় মেলাতে “তথ্য চান” বোতামটি ব্যবহার করুন। লেখাটি নিচে আছে, বদলে আবার পাঠাতে পারেন।",
    "Never ask for a PIN or an OTP, for whatever reason. To see who owns the account, use “Ask details”. Your text is below: change it and send it again.",
  ],

  // Doing
  "ask-details": ["তথ্য চান", "Ask details"],
  "ask-details-title": ["অ্যাকাউন্ট যে গ্রাহকেরই, তা মেলাতে কী চান?", "What should confirm that the account is theirs?"],
  "ask-details-hint": [
    "গ্রাহক একটি ফর্ম পাবেন। উত্তর কেবল আপনি দেখবেন, চ্যাট শেষ হলে মুছে যাবে।",
    "The customer gets a form. Only you see the answers, and they are erased when the chat ends.",
  ],
  "ask-details-send": ["ফর্ম পাঠান", "Send form"],
  "ask-details-none": ["অন্তত একটি বেছে নিন।", "Please choose at least one."],
  "date-of-birth": ["জন্ম তারিখ", "Date of birth"],
  "nid-number": ["এনআইডি নম্বর", "NID number"],
  "last-transaction-amount": ["শেষ লেনদেনের পরিমাণ", "Amount of the last transaction"],
  transfer: ["হস্তান্তর", "Transfer"],
  "transfer-title": ["চ্যাটটি কার কাছে যাবে?", "Who should take over?"],
  "to-colleague": ["সহকর্মী", "A colleague"],
  "to-queue": ["তালিকা", "A queue"],
  "nobody-else": ["আর কোনো সহকর্মী অনলাইনে নেই।", "No colleague is online."],
  "is-full": ["জায়গা নেই", "full"],
  load: ["{max}-এর মধ্যে {count}টি", "{count} of {max}"],
  end: ["শেষ করুন", "End chat"],
  "end-title": ["চ্যাট শেষ করবেন?", "End this chat?"],
  "end-solved": ["সমাধান হয়েছে", "It is solved"],
  "end-solved-hint": ["গ্রাহকের কাজ হয়ে গেছে", "The customer has what they came for"],
  "end-agent": ["সমাধান ছাড়াই শেষ", "End without a solution"],
  "end-agent-hint": ["গ্রাহককে অন্য উপায়ে যোগাযোগ করতে হবে", "The customer has to reach us another way"],
  handled: ["কাজ শেষ", "Mark handled"],
  dismiss: ["সরিয়ে দিন", "Dismiss"],
  close: ["বন্ধ", "Close"],

  // What came of it
  "form-sent": ["{name}-কে ফর্ম পাঠানো হয়েছে।", "The form was sent to {name}."],
  "chat-ended": ["{name}-এর চ্যাট শেষ হলো।", "The chat with {name} has ended."],
  "chat-transferred": ["{name}-এর চ্যাট {to}-এর কাছে গেছে।", "{to} has the chat with {name} now."],
  "message-handled": ["{name}-এর বার্তার কাজ শেষ।", "The message from {name} is dealt with."],
  "new-text": ["{name} লিখেছেন", "{name} wrote"],
  "new-below": ["নতুন বার্তা", "New messages"],
  "came-in": ["{name}-এর চ্যাট আপনার কাছে এসেছে।", "You have the chat with {name} now."],
  "new-waiting": ["একজন গ্রাহক অপেক্ষায়", "A customer is waiting"],
  "over-idle": ["গ্রাহক উত্তর না দেওয়ায় চ্যাট বন্ধ হয়ে গেছে।", "Closed: the customer did not answer."],
  "over-customer": ["গ্রাহক চ্যাট শেষ করেছেন।", "The customer has ended the chat."],
  "over-agent": ["চ্যাট শেষ হয়েছে।", "The chat has ended."],
  "over-requeued": ["চ্যাটটি আবার অপেক্ষার তালিকায় গেছে।", "The chat is back in the queue."],
  "over-handed-on": ["চ্যাটটি এখন অন্য কারও কাছে।", "Somebody else has the chat now."],
  "over-message": ["বার্তাটি তালিকায় আর নেই।", "The message is off the list."],

  // What was refused
  "refused-unreachable": [
    "সার্ভারে পৌঁছানো যায়নি। সংযোগ ফিরলে আবার করুন।",
    "The server could not be reached. Please try again once you are connected.",
  ],
  "refused-queue-empty": ["এখন কেউ অপেক্ষায় নেই।", "Nobody is waiting right now."],
  "refused-already-assigned": ["একজন সহকর্মী আগেই চ্যাটটি নিয়েছেন।", "A colleague was quicker and has this chat."],
  "refused-agent-full": ["আর চ্যাট নেওয়ার জায়গা নেই।", "There is no place for another chat."],
  "refused-chat-closed": ["চ্যাটটি আগেই বন্ধ হয়ে গেছে।", "The chat is closed already."],
  "refused-not-assigned": ["চ্যাটটি আর আপনার কাছে নেই।", "You don't have this chat any more."],
  "refused-form-open": ["গ্রাহকের কাছে একটি ফর্ম আছে, যার উত্তর এখনো আসেনি।", "The customer has a form to answer already."],
  "refused-chat-full": [
    "এই চ্যাটে আর বার্তা ধরবে না। গ্রাহককে নতুন চ্যাট শুরু করতে বলুন।",
    "This chat can take no more messages. Please ask for a new one.",
  ],
  "refused-asks-for-secret": [
    "এতে পিন বা ওটিপি চাওয়া হয়েছে, তাই পাঠানো হয়নি।",
    "Not sent, since it asks for a PIN or an OTP.",
  ],
  "refused-not-asked": ["এই চ্যাটে এটি নেই।", "This chat doesn't have that."],
  "refused-field-invalid": ["সার্ভার এটি নেয়নি।", "The server did not accept this."],
  "refused-too-many": ["অনুরোধ বেশি হয়ে গেছে। একটু পরে আবার করুন।", "Too many requests. Please try again in a moment."],
  "refused-busy": ["সার্ভার এখন ব্যস্ত। একটু পরে আবার করুন।", "The server is busy. Please try again in a moment."],
  "refused-other": ["কাজটি করা গেল না।", "That did not work."],

  // Figures
  "figures-title": ["এখন কেমন চলছে", "How busy it is"],
  now: ["এই মুহূর্তে", "Right now"],
  today: ["আজ", "Today"],
  "waiting-now": ["অপেক্ষায় আছেন", "Waiting"],
  "longest-wait": ["সবচেয়ে দীর্ঘ অপেক্ষা", "Longest wait"],
  online: ["অনলাইন প্রতিনিধি", "Representatives online"],
  "of-team": ["{max} জনের মধ্যে", "of {max}"],
  "places-taken": ["চলতি চ্যাট", "Chats in progress"],
  "of-places": ["{max}টি জায়গার মধ্যে", "of {max} places"],
  "chats-today": ["চ্যাট", "Chats taken"],
  "in-target": ["{time} মিনিটের মধ্যে নেওয়া", "Taken within {time} min"],
  "average-wait": ["গড় অপেক্ষা", "Average wait"],
  "average-handling": ["একটি চ্যাটে গড় সময়", "Average time of a chat"],
  ratings: ["মূল্যায়ন", "Ratings"],
  "ratings-count": ["{count}টি মূল্যায়ন", "{count} ratings"],
  "not-yet": ["এখনো নেই", "None yet"],
  "waiting-curve": ["অপেক্ষায় থাকা গ্রাহক, এই পাতা খোলার পর থেকে", "Customers waiting, since this page was opened"],
  "curve-most": ["সর্বোচ্চ {count}", "{count} at most"],
  team: ["প্রতিনিধিরা", "The team"],
  name: ["নাম", "Name"],
  state: ["অবস্থা", "State"],
  queues: ["তালিকা", "Queues"],
  "chats-taken": ["চ্যাট", "Chats"],
  "is-online": ["অনলাইন", "Online"],
  "is-offline": ["অফলাইন", "Offline"],

  // Shortcuts
  "keys-anywhere": ["যেকোনো জায়গায়", "Anywhere"],
  "keys-in-chat": ["খোলা চ্যাটে", "In the open chat"],
  "keys-in-box": ["লেখার ঘরে", "In the reply box"],
  "key-take": ["পরের চ্যাট নিন", "Take the next chat"],
  "key-number": ["তালিকার ওই নম্বরের চ্যাট", "Go to the chat with that number"],
  "key-neighbour": ["আগের বা পরের চ্যাট", "The chat before or after"],
  "key-urgent": ["যিনি সবচেয়ে বেশিক্ষণ আপনার উত্তরের অপেক্ষায়", "Who has waited longest for your answer"],
  "key-figures": ["পরিসংখ্যান ও চ্যাটের মধ্যে যাওয়া-আসা", "Figures and back"],
  "key-sound": ["শব্দ চালু বা বন্ধ", "Sound on or off"],
  "key-list": ["অপেক্ষার তালিকা", "The queue"],
  "key-help": ["এই তালিকা", "This sheet"],
  "key-reply": ["উত্তরের ঘর", "The reply box"],
  "key-note": ["নোট লিখুন", "Write a note"],
  "key-details": ["তথ্য চান", "Ask for details"],
  "key-transfer": ["হস্তান্তর", "Transfer"],
  "key-phone": ["নম্বর দেখুন বা ঢাকুন", "Show or hide the number"],
  "key-end": ["চ্যাট শেষ করুন, বা শেষ হওয়া চ্যাট সরান", "End the chat, or dismiss one that is over"],
  "key-log": ["কথোপকথন, তীর চিহ্ন দিয়ে ওপর-নিচ", "The conversation, to scroll with the arrows"],
  "key-send": ["পাঠান", "Send"],
  "key-line": ["নতুন লাইন", "New line"],
  "key-canned": ["তৈরি উত্তর (ঘর খালি থাকলে)", "Canned replies (in the empty box)"],
  "key-canned-any": ["তৈরি উত্তর (যেকোনো সময়)", "Canned replies (at any time)"],
  "single-keys": ["? একাই এই তালিকা খুলবে", "Let ? alone open this sheet"],
};

const which = () => (habits.language === "bn" ? 0 : 1);

/** The text `key` in the desk's language, with `values` in place of their names. @param {Key} key @param {Record<string, string>} [values] */
export function text(key, values = {}) {
  return (TEXTS[key][which()] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The text `key` if there is one: names of fields that this page may not know. @param {string} key */
export function textOr(key) {
  return key in TEXTS ? text(/** @type {Key} */ (key)) : key;
}

const locale = () => (which() === 0 ? "bn-BD" : "en-GB");

/** Making a format takes longer than using it, and clocks need one every second. @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/** @param {number} count @param {Intl.NumberFormatOptions} [options] */
export function number(count, options) {
  const key = locale() + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.NumberFormat(locale(), options);
  formats.set(key, format);
  return format.format(count);
}

/** A share as per cent. @param {number} share */
export const percent = share => number(share, { style: "percent", maximumFractionDigits: 0 });

/** The time of day. @param {number} at */
export const timeOfDay = at =>
  new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);

/** A span as minutes and seconds, or hours and minutes. @param {number} span milliseconds */
export function duration(span) {
  const seconds = Math.max(0, Math.floor(span / 1_000));
  const two = (/** @type {number} */ part) => number(part, { minimumIntegerDigits: 2 });
  if (seconds < 3_600) return `${number(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  const minutes = Math.floor(seconds / 60);
  return which() === 0
    ? `${number(Math.floor(minutes / 60))} ঘ. ${two(minutes % 60)} মি.`
    : `${number(Math.floor(minutes / 60))} h ${two(minutes % 60)} min`;
}
