// A customer in front of the widget or the full page.

import assert from "node:assert/strict";
import { eventually, patience, person, server, site, watch } from "./harness.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Locator} Locator */

/** What the customer reads and presses, in both languages. */
export const says = {
  bn: {
    launcher: "লাইভ চ্যাট",
    language: "বাংলা",
    service: "গ্রাহক সেবা প্রতিনিধি",
    lost: "ফোন বা সিম হারিয়েছে বা চুরি হয়েছে",
    yes: "হ্যাঁ",
    back: "আগের ধাপ",
    name: "আপনার নাম",
    number: "মোবাইল নম্বর",
    write: "এখানে লিখুন",
    place: "আপনার সিরিয়াল: ১",
    send: "পাঠান",
    again: "আবার চ্যাটের অনুরোধ করুন",
    person: "রহিমা খাতুন",
    digits: "০১৭১২-৩৪৫৬৭৮",
    helpline: "হেল্পলাইন ১৬২৪৭",
    problem: "টাকা পাঠিয়েছি, কিন্তু পৌঁছায়নি।",
    answer: "এখনই দেখছি।",
    secret: "আমার পিন ১২৩৪৫",
    hidden: "আমার পিন •••••",
    change: "বদলে লিখুন",
    anyway: "তবু পাঠান",
    birth: "জন্ম তারিখ",
    nid: "এনআইডি নম্বর",
    amount: "শেষ লেনদেনের পরিমাণ (টাকা)",
    securely: "নিরাপদে পাঠান",
    received: "প্রতিনিধি আপনার তথ্য পেয়েছেন",
    highest: "৫-এর মধ্যে ৫",
    score: "৫-এর মধ্যে ৪",
    thanks: "মতামত দেওয়ার জন্য ধন্যবাদ",
    save: "কথোপকথন সংরক্ষণ করুন",
    end: "চ্যাট শেষ করুন",
    menu: "মেনু",
    close: "চ্যাট বক্স বন্ধ করুন",
    retry: "আবার চেষ্টা করুন",
    joined: "চ্যাটে যুক্ত হয়েছেন",
    typing: "লিখছেন…",
    welcomeBack: "আবার স্বাগতম",
  },
  en: {
    launcher: "Live Chat",
    language: "English",
    service: "Customer service representative",
    lost: "Phone or SIM lost or stolen",
    yes: "Yes",
    back: "Back",
    name: "Your name",
    number: "Mobile number",
    write: "Write here",
    place: "Your place in the queue: 1",
    send: "Send",
    again: "Request chat again",
    person: "Rahima Khatun",
    digits: "01712-345678",
    helpline: "Helpline 16247",
    problem: "I sent money and it did not arrive.",
    answer: "I am looking into it.",
    secret: "my PIN is 12345",
    hidden: "my PIN is •••••",
    change: "Change it",
    anyway: "Send anyway",
    birth: "Date of birth",
    nid: "NID number",
    amount: "Amount of the last transaction (taka)",
    securely: "Send securely",
    received: "the representative has received your answers",
    highest: "5 out of 5",
    score: "4 out of 5",
    thanks: "Thank you for your rating",
    save: "Save the conversation",
    end: "End the chat",
    menu: "Menu",
    close: "Close the chat box",
    retry: "Try again",
    joined: "has joined the chat",
    typing: "is typing…",
    welcomeBack: "Welcome back",
  },
};

/** A page that carries the widget, on a website of its own. */
export const embedding = (attributes = "") =>
  `<!doctype html><html lang="en"><title>A bank</title><meta name="viewport" content="width=device-width">
<main><h1>A bank</h1><p>Money.</p></main><script src="${server}/widget.js" defer ${attributes}></script></html>`;

export class Customer {
  /**
   * @param {Page} page
   * @param {"bn" | "en"} language
   */
  constructor(page, language = "en") {
    this.page = page;
    this.says = says[language];
    this.problems = watch(page);
    this.log = page.getByRole("log");
    this.box = page.locator(".box");
  }

  /**
   * Opens a page, and the box on it.
   * @param {{language?: "bn" | "en", url?: string, context?: import("playwright-core").BrowserContextOptions}} [options]
   */
  static async arrive({ language = "en", url = `${server}/`, context = {} } = {}) {
    const customer = new Customer(await (await person(context)).newPage(), language);
    await customer.page.goto(url);
    if (new URL(url).pathname !== "/chat") await customer.launcher.click();
    await customer.button(customer.says.language).waitFor();
    return customer;
  }

  get launcher() {
    return this.page.locator("alap-chat").getByRole("button").first();
  }

  /** @param {string} name */
  button(name) {
    return this.box.getByRole("button", { name, exact: true });
  }

  /** @param {string} name */
  async press(name) {
    await this.button(name).click();
  }

  /** The field to write in. @param {string} name */
  field(name) {
    return this.box.getByRole("textbox", { name, exact: true });
  }

  /** Writes into the field of this name and presses Enter. @param {string} name @param {string} text */
  async write(name, text) {
    await this.field(name).fill(text);
    await this.field(name).press("Enter");
  }

  /** Says something in the conversation. @param {string} text */
  async say(text) {
    await this.write(this.says.write, text);
  }

  /** Waits until the log has this. @param {string | RegExp} text */
  async reads(text) {
    await this.log.getByText(text).first().waitFor();
  }

  /** Goes through the flow to the queue. */
  async queue() {
    const { language, service, yes, name, person, number, digits } = this.says;
    await this.press(language);
    await this.press(service);
    await this.press(yes);
    await this.write(name, person);
    await this.write(number, digits);
    await this.field(this.says.write).waitFor();
  }

  /** Goes through the flow until a representative has taken the chat. @param {import("./harness.mjs").Representative} desk */
  async talk(desk) {
    await this.queue();
    const chat = await desk.take();
    await this.wake();
    await this.reads(this.says.joined);
    return chat;
  }

  /** Has the page ask for news at once, as it does when the line comes back: that saves waiting for its next time. */
  async wake() {
    await this.page.evaluate(() => dispatchEvent(new Event("online")));
  }

  /** What the log says, one text a message, without times and who wrote it. @returns {Promise<string[]>} */
  async texts() {
    return this.log.locator(".m > p").allInnerTexts();
  }

  /** What isn't in the log yet. */
  get outbox() {
    return this.box.locator("[role=log] + div .m");
  }

  /** Waits until everything is sent. */
  async sent() {
    await eventually("everything sent", async () => (await this.outbox.count()) === 0);
  }

  /** Fails where the page had errors, and leaves. */
  async leave() {
    assert.deepEqual(this.problems, []);
    await this.page.context().close();
  }
}

export { patience, server, site };
