// Bad lines: nothing is lost, nothing is doubled, and the customer sees what happens.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Customer } from "./customer.mjs";
import { accessible, eventually, person, Representative, server } from "./harness.mjs";

/** @typedef {import("playwright-core").Route} Route */

const MESSAGES = "**/v1/chats/*/messages";

/** What the desk has of the customer's in the conversation. @param {Representative} desk @param {string} chat */
const counted = async (desk, chat) => {
  const events = await desk.everything(chat);
  const talk = events.slice(events.findIndex(({ kind }) => kind === "assigned"));
  return talk.flatMap(event => (event.kind === "text" && event.from === "customer" ? [event.text] : []));
};

/** A problem as the server says it. @param {number} status @param {string} code @param {number} seconds */
const problem = (status, code, seconds) => ({
  status,
  contentType: "application/problem+json",
  headers: { "retry-after": `${seconds}` },
  body: JSON.stringify({ type: "about:blank", status, code, retry_after_s: seconds }),
});

const talking = async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  const customer = await Customer.arrive();
  const chat = await customer.talk(desk);
  return { desk, customer, chat, page: customer.page };
};

test("off-line for half a minute in the middle of a conversation", async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  const customer = await Customer.arrive();
  const { page } = customer;
  await page.clock.install();
  const chat = await customer.talk(desk);
  await customer.say("before");
  await customer.sent();

  await page.context().setOffline(true);
  await customer.say("one");
  await customer.say("two");
  await customer.box.getByText("No connection. Trying again in").waitFor();
  await customer.outbox.getByText("Will be sent once connected").first().waitFor();
  await accessible(page, "off-line");
  await desk.say(chat, "Are you there?");
  await page.clock.fastForward(30_000);
  assert.equal(await customer.outbox.count(), 2);

  await page.context().setOffline(false);
  await customer.sent();
  await customer.reads("Are you there?");
  await customer.say("three");
  await customer.sent();
  assert.deepEqual(await counted(desk, chat), ["before", "one", "two", "three"]);
  assert.equal(await customer.box.getByText("No connection").count(), 0);
  await customer.leave();
});

test("an answer that gets lost doubles nothing", async () => {
  const { desk, customer, chat, page } = await talking();
  let lost = 0;
  await page.route(MESSAGES, async (/** @type {Route} */ route) => {
    const stored = await route.fetch();
    if (route.request().postDataJSON().kind === "text" && lost++ < 2) await route.abort("connectionreset");
    else await route.fulfill({ response: stored });
  });
  await customer.say("only once");
  await customer.reads("only once");
  await customer.sent();
  assert.ok(lost > 2);
  assert.deepEqual(await counted(desk, chat), ["only once"]);
  assert.equal((await customer.texts()).filter(text => text === "only once").length, 1);
  await customer.leave();
});

test("what is refused because it was too much comes later by itself", async () => {
  const { desk, customer, chat, page } = await talking();
  let refused = 0;
  await page.route(MESSAGES, (/** @type {Route} */ route) => {
    const typing = route.request().postDataJSON().kind === "typing";
    return typing || refused++ > 0 ? route.continue() : route.fulfill(problem(429, "too-many-requests", 2));
  });
  await customer.say("a bit later");
  await customer.box.getByText("Too many requests. Trying again in").waitFor();
  await customer.box.getByText(/0:0[123]/).waitFor();
  await accessible(page, "too many requests");
  await customer.reads("a bit later");
  assert.deepEqual(await counted(desk, chat), ["a bit later"]);
  await customer.leave();
});

test("a service that is down is said, and can be asked at once", async () => {
  const { desk, customer, chat, page } = await talking();
  let down = true;
  await page.route("**/v1/**", (/** @type {Route} */ route) =>
    down ? route.fulfill(problem(503, "store-unavailable", 120)) : route.continue(),
  );
  await customer.say("patience");
  await customer.box.getByText("The service is not available. Trying again in").waitFor();
  await customer.box.getByText(/^0[12]:\d\d$/).waitFor();
  down = false;
  await customer.press("Try again");
  await customer.reads("patience");
  assert.deepEqual(await counted(desk, chat), ["patience"]);
  await customer.leave();
});

test("each message says where it is", async () => {
  const { customer, page } = await talking();
  let arrive = () => {};
  const held = new Promise(resolve => {
    arrive = () => resolve(undefined);
  });
  await page.route(MESSAGES, async (/** @type {Route} */ route) => {
    if (route.request().postDataJSON().kind === "text") await held;
    await route.continue();
  });
  await customer.say("slowly");
  await customer.outbox.getByText("Sending…").waitFor();
  await accessible(page, "a message on its way");
  arrive();
  await customer.reads("slowly");
  await customer.sent();
  await customer.log.locator(".m.me", { hasText: "slowly" }).getByText("Sent").waitFor({ state: "attached" });
  await customer.leave();
});

test("what is refused for good can be tried again or taken back", async () => {
  const { desk, customer, chat, page } = await talking();
  let refuse = true;
  await page.route(MESSAGES, (/** @type {Route} */ route) =>
    refuse ? route.fulfill(problem(422, "field-invalid", 0)) : route.continue(),
  );
  await customer.say("first");
  await customer.button("Try again").waitFor();
  await accessible(page, "a message that was refused");
  await customer.press("Remove");
  await customer.sent();
  await customer.say("second");
  await customer.button("Try again").waitFor();
  refuse = false;
  await customer.press("Try again");
  await customer.reads("second");
  assert.deepEqual(await counted(desk, chat), ["second"]);
  await customer.leave();
});

test("a chat that is no longer there can be begun anew", async () => {
  const { customer, page } = await talking();
  await page.route("**/v1/chats/*/**", (/** @type {Route} */ route) => route.fulfill(problem(403, "forbidden", 0)));
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await customer.box.getByRole("alert").filter({ hasText: "no longer there" }).waitFor();
  await accessible(page, "a chat that is lost");
  await page.unroute("**/v1/chats/*/**");
  await customer.press("Request chat again");
  await customer.button("English").waitFor();
  assert.equal(await customer.box.getByText("no longer there").count(), 0);
  await customer.leave();
});

for (const [what, files] of Object.entries({
  nothing: "**/chat/*.js",
  "not everything": "**/chat/words.*.js",
})) {
  test(`the button works once the line does, when ${what} came before`, async () => {
    const customer = new Customer(await (await person()).newPage());
    await customer.page.goto(`${server}/`);
    await customer.page.route(files, route => route.abort());
    await customer.launcher.click();
    await customer.launcher.getByText("সংযোগ নেই").waitFor();
    await accessible(customer.page, "a button that could not load the chat");
    await customer.page.unroute(files);
    await customer.launcher.click();
    await customer.button("English").waitFor();
    await customer.page.context().close();
  });
}

test("whoever waits for the first answer sees that", async () => {
  const customer = new Customer(await (await person()).newPage());
  const { page } = customer;
  /** @type {() => void} */
  let answer = () => {};
  /** @type {Promise<void>} */
  const wished = new Promise(resolve => {
    answer = resolve;
  });
  await page.route("**/v1/chats", async (/** @type {Route} */ route) => {
    await wished;
    await route.continue();
  });
  await page.goto(`${server}/en`);
  await customer.launcher.click();
  await customer.box.getByText("Connecting…").waitFor();
  await accessible(page, "before the first answer");
  answer();
  await customer.button("English").waitFor();
  await customer.leave();
});

test("a start that fails is repeated with the same key", async () => {
  const customer = new Customer(await (await person()).newPage());
  const { page } = customer;
  /** @type {(string | null)[]} */
  const keys = [];
  await page.route("**/v1/chats", async (/** @type {Route} */ route) => {
    if (route.request().method() !== "POST") return route.continue();
    keys.push(await route.request().headerValue("idempotency-key"));
    const started = await route.fetch();
    return keys.length === 1 ? route.abort("timedout") : route.fulfill({ response: started });
  });
  await page.goto(`${server}/`);
  await customer.launcher.click();
  await customer.button("English").waitFor();
  assert.equal(keys.length, 2);
  assert.ok(keys[0] && keys[0] === keys[1]);
  await page.context().close();
});

test("the line comes back when the page is looked at again", async () => {
  const { desk, customer, chat, page } = await talking();
  // A laptop that was closed: no timer has run and no request has come through meanwhile.
  await page.clock.install();
  await page.clock.pauseAt(new Date(Date.now() + 1_000));
  await desk.say(chat, "Good morning");
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
  await eventually("the news", async () => (await customer.texts()).includes("Good morning"));
  await customer.leave();
});
