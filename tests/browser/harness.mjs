// What all browser tests share: where the server is, Chromium, a representative who works over HTTP, a website that
// embeds the widget, and accessibility checks.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { after } from "node:test";
import { chromium } from "playwright-core";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Frame} Frame */
/** @typedef {import("playwright-core").Browser} Browser */
/** @typedef {import("playwright-core").BrowserContext} Context */
/** @typedef {import("../../functions/site/pages/wire").Answer} Answer */

const required = (/** @type {string} */ name) => {
  const value = process.env[name];
  assert.ok(value, `${name} has to be set: \`cargo xtask test browser\` starts a server and sets it`);
  return value;
};

/** The server under test, without a slash at its end. */
export const server = required("ALAP_URL").replace(/\/$/, "");

/** The origin of the website in these tests; the server has to allow it. */
export const site = process.env.ALAP_SITE ?? "http://127.0.0.1:4399";

/** The access key of a representative who is a supervisor too. */
export const deskKey = required("ALAP_DESK_KEY");

/** How long anything may take that a test waits for, in milliseconds. */
export const patience = 20_000;

/** @type {Promise<Browser> | undefined} */
let launched;

/** The browser of this test file; it ends with it. */
export function browser() {
  launched ??= chromium.launch({
    executablePath: process.env.ALAP_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return launched;
}

after(async () => (await launched)?.close());

/**
 * A person's browser: nothing shared with the others.
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function person(options = {}) {
  const context = await (await browser()).newContext({ locale: "en-US", reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(patience);
  return context;
}

/**
 * A page whose errors fail the test that looks at them: `problems` holds what the console called an error.
 * @param {Context} context
 * @param {string} url
 */
export async function open(context, url) {
  const page = await context.newPage();
  const problems = watch(page);
  await page.goto(url);
  return { page, problems };
}

/**
 * Collects what goes wrong in a page: uncaught errors, and what the console calls one.
 * @param {Page} page
 */
export function watch(page) {
  /** @type {string[]} */
  const problems = [];
  page.on("pageerror", error => problems.push(String(error)));
  page.on("console", message => {
    // A request that fails is said by the browser as well, whatever the page makes of it.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      problems.push(message.text());
    }
  });
  return problems;
}

/**
 * Waits until `look` gives something that is true, and gives it.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} look
 * @returns {Promise<NonNullable<T>>}
 */
export async function eventually(what, look) {
  const until = Date.now() + patience;
  /** @type {unknown} */
  let last;
  while (Date.now() < until) {
    try {
      const found = await look();
      if (found) return found;
      last = found;
    } catch (error) {
      last = error;
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(`not within ${patience} ms: ${what} (last: ${last})`);
}

const axe = createRequire(import.meta.url)("axe-core");

/**
 * Fails where axe-core finds a violation of WCAG 2.2 A, AA or best practice.
 * @param {Page | Frame} page
 * @param {string} state what the page shows, for the message
 */
export async function accessible(page, state) {
  // Evaluated rather than added as an element, so that the page's policy doesn't matter.
  const first = !(await page.evaluate(() => "axe" in window));
  if (first) await page.evaluate(axe.source);
  const found = await page.evaluate(async first => {
    // The page around a widget stays as it is.
    const changing = (!first && document.querySelector("alap-chat")) || document;
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    // @ts-expect-error axe is a global of the page now
    const result = await window.axe.run(changing, { runOnly: { type: "tag", values: tags } });
    return result.violations.map(
      (/** @type {{id: string, help: string, nodes: {target: unknown, failureSummary: string}[]}} */ violation) =>
        `${violation.id}: ${violation.help}\n${violation.nodes
          .map(node => `    ${JSON.stringify(node.target)} ${node.failureSummary}`)
          .join("\n")}`,
    );
  }, first);
  assert.deepEqual(found, [], `${state}:\n${found.join("\n")}`);
}

/**
 * What assistive technology is given of a page, as Chromium has it: a line `role "name"` for each node, in order.
 * @param {Page} page
 */
export async function heard(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const byId = new Map(nodes.map(node => [node.nodeId, node]));
  /** @param {string} id @returns {string[]} */
  const told = id => {
    const { ignored, role, name, properties = [], childIds = [] } = byId.get(id) ?? { ignored: true };
    const level = properties.find(({ name }) => name === "level")?.value.value;
    const own = `${role?.value} "${name?.value ?? ""}"${level ? ` ${level}` : ""}`;
    return [...(ignored || role?.value === "InlineTextBox" ? [] : [own]), ...childIds.flatMap(told)];
  };
  return told(nodes[0]?.nodeId ?? "");
}

/** What the API answers. @param {string} path @param {RequestInit} [options] */
export async function ask(path, options = {}) {
  const response = await fetch(server + path, options);
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
}

/** A representative who works over HTTP. */
export class Representative {
  /** @type {Record<string, number>} what was read of each chat */
  #cursors = {};
  #token = "";

  /** Logs in and looks at the desk, which tells customers that somebody is there. */
  static async logIn(key = deskKey) {
    const representative = new Representative();
    const { status, body } = await ask("/v1/desk/login", { method: "POST", body: JSON.stringify({ key }) });
    assert.equal(status, 200, JSON.stringify(body));
    representative.#token = body.token;
    representative.name = body.agent.name;
    await representative.look();
    return representative;
  }

  name = "";

  /** @param {string} path @param {unknown} [body] */
  async ask(path, body) {
    const headers = { authorization: `Bearer ${this.#token}` };
    return ask(path, body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) });
  }

  /** What the desk shows; a look is also the sign that somebody is there. */
  async look() {
    return (await this.ask("/v1/desk")).body;
  }

  /** Takes the next chat, waiting for one, and gives its id. @returns {Promise<string>} */
  async take() {
    return eventually("a chat to take", async () => (await this.ask("/v1/desk/next", {})).body.chat);
  }

  /** @param {string} chat @param {string} text */
  async say(chat, text) {
    const { status, body } = await this.#post(chat, { kind: "text", text, client_id: randomUUID() });
    assert.equal(status, 201, JSON.stringify(body));
  }

  /** Says that a text is being typed. @param {string} chat */
  async type(chat) {
    await this.#post(chat, { kind: "typing" });
  }

  /** @param {string} chat @param {string[]} fields */
  async askForm(chat, fields) {
    const { status, body } = await this.ask(`/v1/desk/chats/${chat}/form`, { fields, client_id: randomUUID() });
    assert.equal(status, 200, JSON.stringify(body));
  }

  /** What is new in the chat. @param {string} chat @returns {Promise<Answer["events"]>} */
  async read(chat) {
    const { body } = await this.ask(`/v1/chats/${chat}/events?after=${this.#cursors[chat] ?? 0}`);
    this.#cursors[chat] = body.cursor;
    return body.events;
  }

  /** Everything in the chat. @param {string} chat @returns {Promise<Answer["events"]>} */
  async everything(chat) {
    /** @type {Answer["events"]} */
    const events = [];
    for (let after = 0; ; ) {
      const { body } = await this.ask(`/v1/chats/${chat}/events?after=${after}`);
      events.push(...body.events);
      if (body.cursor === after) return events;
      after = body.cursor;
    }
  }

  /** @param {string} chat */
  async close(chat) {
    await this.ask(`/v1/chats/${chat}/close`, { reason: "solved" });
  }

  /** Ends whatever chats are left over, so that the next test begins with an empty desk. */
  async clear() {
    const { mine, queue } = await this.look();
    for (const { chat } of queue) await this.ask(`/v1/desk/chats/${chat}/claim`, {});
    for (const { chat } of [...mine, ...queue]) await this.close(chat);
  }

  /** @param {string} chat @param {unknown} body */
  #post(chat, body) {
    return this.ask(`/v1/chats/${chat}/messages`, body);
  }
}

/**
 * A website of its own origin.
 * @param {Record<string, string | {body: string, headers?: Record<string, string>}>} pages by path
 */
export async function website(pages) {
  const listening = createServer((request, response) => {
    const page = pages[new URL(request.url ?? "/", site).pathname];
    if (page === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { body, headers } = typeof page === "string" ? { body: page, headers: {} } : page;
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers }).end(body);
  });
  const { port, hostname } = new URL(site);
  await new Promise((resolve, reject) => {
    listening.on("error", reject);
    listening.listen(Number(port), hostname, () => resolve(undefined));
  });
  return {
    url: site,
    close: () =>
      new Promise(resolve => {
        listening.closeAllConnections();
        listening.close(resolve);
      }),
  };
}
