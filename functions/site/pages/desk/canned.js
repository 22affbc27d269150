/* Replies that are needed all day, in both languages. {name} is the customer's name, {agent} the representative's. */

/** @typedef {{id: string, words: string, bn: {title: string, text: string}, en: {title: string, text: string}}} Canned */

/** @type {Canned[]} */
export const CANNED = [
  {
    id: "greet",
    words: "hello hi welcome salam shuvo স্বাগতম সালাম শুভেচ্ছা",
    bn: { title: "শুভেচ্ছা", text: "স্বাগতম, {name}। আমি {agent}। বলুন, কীভাবে সাহায্য করতে পারি?" },
    en: { title: "Greeting", text: "Hello {name}, this is {agent}. How can I help you?" },
  },
  {
    id: "moment",
    words: "wait check hold opekkha অপেক্ষা দেখছি",
    bn: { title: "একটু সময় চাই", text: "একটু সময় দিন, আমি এখনই দেখে জানাচ্ছি।" },
    en: { title: "One moment", text: "Please give me a moment, I am looking into it." },
  },
  {
    id: "still-working",
    words: "sorry longer delay deri দেরি দুঃখিত",
    bn: { title: "আরও কিছুক্ষণ লাগবে", text: "দুঃখিত, আরও দু-এক মিনিট লাগছে। আমি এখনো আপনার বিষয়টিই দেখছি।" },
    en: {
      title: "It takes longer",
      text: "Sorry, this takes a minute or two longer. I am still working on it for you.",
    },
  },
  {
    id: "details",
    words: "explain problem when bistarito বিস্তারিত সমস্যা কখন",
    bn: { title: "বিস্তারিত জানতে চাই", text: "সমস্যাটা কখন হয়েছে আর তখন পর্দায় কী লেখা দেখেছেন, একটু বিস্তারিত লিখবেন?" },
    en: {
      title: "Tell me more",
      text: "When did this happen, and what did you see on the screen? Please tell me a little more.",
    },
  },
  {
    id: "transaction",
    words: "trxid transaction id lenden লেনদেন আইডি টাকা",
    bn: {
      title: "লেনদেনের তথ্য",
      text: "লেনদেনের আইডি (TrxID), তারিখ আর টাকার পরিমাণ জানাবেন? অ্যাপের লেনদেনের তালিকায় এগুলো পাবেন।",
    },
    en: {
      title: "Transaction details",
      text: "Please send me the transaction ID (TrxID), the date and the amount. You find them in the list of transactions in the app.",
    },
  },
  {
    id: "ownership",
    words: "verify form nid identity porichoy পরিচয় যাচাই ফর্ম",
    bn: {
      title: "পরিচয় মেলানো",
      text: "অ্যাকাউন্টটি যে আপনারই, তা মিলিয়ে নিতে একটি ছোট ফর্ম পাঠাচ্ছি। আপনার উত্তর শুধু আমিই দেখব, চ্যাট শেষ হলে তা মুছে যাবে।",
    },
    en: {
      title: "Confirm ownership",
      text: "To make sure that the account is yours I am sending you a short form. Only I see your answers, and they are erased when we are done.",
    },
  },
  {
    id: "never-share",
    words: "pin otp safety secret nirapotta পিন ওটিপি নিরাপত্তা",
    bn: { title: "পিন-ওটিপি নিয়ে সতর্কতা", text: "মনে রাখবেন, আমরা কখনোই আপনার পিন বা ওটিপি চাই না। কেউ চাইলে দেবেন না।" },
    en: {
      title: "PIN and OTP safety",
      text: "Please remember: we never ask for your PIN or OTP. Don't give them to anybody.",
    },
  },
  {
    id: "wrong-number",
    words: "wrong send money vul number ভুল নম্বর টাকা ফেরত",
    bn: {
      title: "ভুল নম্বরে টাকা",
      text: "ভুল নম্বরে টাকা যাওয়ার কথা জেনে দুঃখিত। লেনদেনটি দেখে আপনাকে পরের ধাপ জানাচ্ছি। এর মধ্যে ওই নম্বরে আর কোনো টাকা পাঠাবেন না।",
    },
    en: {
      title: "Money sent to a wrong number",
      text: "I am sorry to hear that the money went to a wrong number. I will look at the transaction and tell you the next step. Meanwhile please don't send anything more to that number.",
    },
  },
  {
    id: "not-arrived",
    words: "pending deducted cut pouchayni কেটেছে পৌঁছায়নি",
    bn: {
      title: "টাকা পৌঁছায়নি",
      text: "লেনদেনটি এখনো চলছে দেখা যাচ্ছে। শেষ হলে বা টাকা ফেরত এলে আপনি একটি মেসেজ পাবেন। তার আগে আবার টাকা পাঠাবেন না, তাহলে দুবার যেতে পারে।",
    },
    en: {
      title: "Money not arrived yet",
      text: "The transaction is still in progress. You will get a message once it is done or the money is back. Please don't send it again before that, or you may pay twice.",
    },
  },
  {
    id: "app-update",
    words: "app update restart reinstall অ্যাপ আপডেট চালু",
    bn: {
      title: "অ্যাপ আপডেট",
      text: "অ্যাপটি আপডেট করে ফোনটি একবার বন্ধ করে চালু করুন, তারপর আবার চেষ্টা করে দেখুন। কাজ না হলে এখানেই জানান।",
    },
    en: {
      title: "Update the app",
      text: "Please update the app, restart your phone and try once more. If it still doesn't work, tell me here.",
    },
  },
  {
    id: "limits",
    words: "limit charge fee লিমিট চার্জ খরচ",
    bn: { title: "লিমিট ও চার্জ", text: "এখনকার লিমিট ও চার্জ অ্যাপে আর www.bkash.com ওয়েবসাইটে পাবেন। কোন সেবাটির কথা জানতে চান?" },
    en: {
      title: "Limits and charges",
      text: "You find today's limits and charges in the app and on www.bkash.com. Which service are you asking about?",
    },
  },
  {
    id: "service-centre",
    words: "visit branch center kendro কেন্দ্র যেতে হবে",
    bn: {
      title: "সেবা কেন্দ্রে যেতে হবে",
      text: "এই কাজটির জন্য এনআইডি কার্ড নিয়ে আপনাকে কাছের গ্রাহক সেবা কেন্দ্রে যেতে হবে। যাওয়ার আগে ১৬২৪৭ নম্বরে জেনে নিতে পারেন আর কী লাগবে।",
    },
    en: {
      title: "Visit a service centre",
      text: "For this you will have to visit a service centre with your NID card. You can call 16247 beforehand to ask what else to bring.",
    },
  },
  {
    id: "call-helpline",
    words: "urgent security stolen lost helpline 16247 জরুরি হেল্পলাইন চুরি হারিয়েছে",
    bn: {
      title: "এখনই হেল্পলাইনে কল",
      text: "এটি নিরাপত্তার বিষয়, চ্যাটে এর সেবা দেওয়া যায় না। দেরি না করে এখনই ১৬২৪৭ নম্বরে কল করুন।",
    },
    en: {
      title: "Call the helpline now",
      text: "This is a security matter, which can't be handled by chat. Please call 16247 right away.",
    },
  },
  {
    id: "transferring",
    words: "transfer colleague department hosta hostantor হস্তান্তর বিভাগ সহকর্মী",
    bn: {
      title: "অন্য প্রতিনিধির কাছে",
      text: "এই বিষয়ে আমার এক সহকর্মী আপনাকে ভালো সাহায্য করতে পারবেন। তাঁর কাছে চ্যাটটি পাঠাচ্ছি; আপনাকে আর কিছু নতুন করে বলতে হবে না।",
    },
    en: {
      title: "Passing you on",
      text: "A colleague of mine can help you better with this. I am passing the chat on, and you won't have to explain it again.",
    },
  },
  {
    id: "there",
    words: "there still reply idle achen আছেন উত্তর",
    bn: { title: "আছেন কি?", text: "আপনি কি এখনো আছেন? উত্তর না পেলে কিছুক্ষণের মধ্যে চ্যাট বন্ধ হয়ে যাবে।" },
    en: { title: "Are you there?", text: "Are you still there? If you don't answer, the chat will close in a while." },
  },
  {
    id: "anything-else",
    words: "else more ar kichu আর কিছু",
    bn: { title: "আর কিছু?", text: "আপনার জন্য আর কিছু করতে পারি?" },
    en: { title: "Anything else?", text: "Is there anything else I can do for you?" },
  },
  {
    id: "goodbye",
    words: "bye thanks thank you dhonnobad ধন্যবাদ বিদায়",
    bn: { title: "বিদায়", text: "যোগাযোগ করার জন্য ধন্যবাদ, {name}। ভালো থাকবেন।" },
    en: { title: "Goodbye", text: "Thank you for getting in touch, {name}. Take care." },
  },
];

/** The replies that have every word of `search` in either language. @param {string} search */
export function find(search) {
  const words = search.toLowerCase().normalize("NFC").split(/\s+/u).filter(Boolean);
  const all = (/** @type {Canned} */ { words: more, bn, en }) =>
    `${more} ${bn.title} ${bn.text} ${en.title} ${en.text}`.toLowerCase();
  return CANNED.filter(canned => words.every(word => all(canned).includes(word)));
}

/** @param {Canned} canned @param {"bn" | "en"} language @param {{name?: string, agent: string}} who */
export function fill(canned, language, { name, agent }) {
  const { text } = canned[language];
  // Without a name the comma before it goes too.
  const named = name ? text.replace("{name}", name) : text.replace(/,? ?\{name\}/u, "");
  return named.replace("{agent}", agent);
}
