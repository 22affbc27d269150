// What the desk's tests share: customers who work over HTTP, and a representative who sits at the desk in Chromium.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { ask, deskKey, eventually, person, Representative, server, watch } from "./harness.mjs";

/** @typedef {import("./harness.mjs").Page} Page */
/** @typedef {import("../../functions/site/pages/wire").Answer} Answer */
/** @typedef {import("../../functions/site/pages/wire").Post} Post */

/** The access key of a colleague, where the server has one. */
export const secondDeskKey = process.env.ALAP_SECOND_DESK_KEY;

/** A customer without a chat box. */
export class Customer {
  chat = "";
  name = "";
  #token = "";
  /** @type {Answer["events"]} */
  events = [];

  static async start() {
    const { status, body } = await ask("/v1/chats", { method: "POST", body: JSON.stringify({ channel: "web" }) });
    assert.equal(status, 201, JSON.stringify(body));
    const customer = new Customer();
    customer.chat = body.chat;
    customer.#token = body.token;
    return customer;
  }

  /**
   * A customer who waits for a representative.
   * @param {{name?: string, language?: "bn" | "en"}} [who]
   */
  static async waiting({ name = "করিম", language = "bn" } = {}) {
    const customer = await Customer.start();
    await customer.goTo(language, name);
    await customer.read();
    assert.equal(customer.phase, "waiting");
    return customer;
  }

  phase = "";

  /** Through the flow to its end: a queue, or the way out where there is none. @param {string} language @param {string} name */
  async goTo(language, name) {
    this.name = name;
    for (const option of [language, "customer-service", "yes"]) await this.post({ kind: "option", option });
    await this.say(name);
    await this.say("01712-345678");
  }

  /** @param {Post} body */
  async post(body) {
    const answer = await this.#ask("/messages", { ...body, client_id: randomUUID() });
    this.phase = answer.status.phase;
    return answer;
  }

  /** @param {string} text */
  say(text) {
    return this.post({ kind: "text", text });
  }

  async type() {
    await this.#ask("/messages", { kind: "typing" });
  }

  async close() {
    await this.#ask("/close", {});
  }

  /** Reads everything, which is a sign of life too. */
  async read() {
    const headers = { authorization: `Bearer ${this.#token}` };
    const { body } = await ask(`/v1/chats/${this.chat}/events?after=0`, { headers });
    this.events = body.events;
    this.phase = body.status.phase;
    this.typing = Boolean(body.status.typing);
    return this.events;
  }

  typing = false;

  /** Waits for a text of the representative's. @param {string} text */
  hear(text) {
    return eventually(`the customer reads ${text}`, async () => {
      await this.read();
      return this.heard(text).length;
    });
  }

  /** The representative's texts that are this one: more than one would be a text sent twice. @param {string} text */
  heard(text) {
    return this.events.filter(event => event.from === "agent" && event.kind === "text" && event.text === text);
  }

  /** @param {string} path @param {unknown} body */
  async #ask(path, body) {
    const headers = { authorization: `Bearer ${this.#token}` };
    const options = { method: "POST", headers, body: JSON.stringify(body) };
    const answer = await ask(`/v1/chats/${this.chat}${path}`, options);
    assert.ok(answer.status < 300, JSON.stringify(answer.body));
    return answer.body;
  }
}

/** Where the chats of one that works over HTTP begin: none of its own, nobody waits. */
export async function emptyDesk() {
  const representative = await Representative.logIn();
  await representative.clear();
  for (;;) {
    const { body } = await representative.ask("/v1/desk/next", {});
    if (!body.chat) break;
    await representative.close(body.chat);
  }
  return representative;
}

/**
 * A representative at the desk.
 * @param {{language?: "bn" | "en", width?: number, height?: number, dark?: boolean, key?: string}} [how]
 */
export async function atDesk({ language = "en", width = 1280, height = 800, dark = false, key = deskKey } = {}) {
  const context = await person({ viewport: { width, height }, colorScheme: dark ? "dark" : "light" });
  const page = await context.newPage();
  const problems = watch(page);
  await page.goto(`${server}/desk`);
  if (language === "en") await page.getByRole("button", { name: "English" }).click();
  await logIn(page, key);
  await page.getByRole("button", { name: /Take next chat|পরের চ্যাট নিন/ }).waitFor();
  return { context, page, problems, close: () => context.close() };
}

/** @param {Page} page @param {string} key */
export async function logIn(page, key) {
  await page.getByRole("textbox", { name: /Access key|অ্যাক্সেস কী/ }).fill(key);
  await page.keyboard.press("Enter");
}

/** A chat's column. @param {Page} page @param {string} name */
export const column = (page, name) => page.getByRole("region", { name, exact: true });

/** A chat's row in the list of own chats. @param {Page} page @param {string} name */
export const row = (page, name) => page.getByRole("region", { name: /^My chats/ }).getByRole("button", { name });

/** What a chat's column shows as said. @param {Page} page @param {string} name */
export const log = (page, name) => page.getByRole("log", { name: new RegExp(name) });

/** What has the keyboard. @param {Page} page */
export const focused = page => page.evaluate(() => document.activeElement?.id ?? "");
