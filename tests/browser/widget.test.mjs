// What the box does beside the conversation itself: calling the customer back, sounds, what the page around it hears,
// and when it asks for news.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Customer, embedding } from "./customer.mjs";
import { accessible, eventually, person, Representative, server, site, website } from "./harness.mjs";

/** @typedef {import("playwright-core").Route} Route */

/** @type {Awaited<ReturnType<typeof website>>} */
let running;
before(async () => {
  running = await website({ "/": embedding(), "/loud": embedding('data-sound="on"') });
});
after(() => running.close());

/** @param {string} [url] @param {() => void} [script] */
const arrive = async (url = `${server}/`, script) => {
  const customer = new Customer(await (await person()).newPage());
  if (script) await customer.page.addInitScript(script);
  await customer.page.goto(url);
  await customer.launcher.click();
  await customer.button(customer.says.language).waitFor();
  return customer;
};

const atDesk = async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  return desk;
};

/** Counts the sounds that are played. */
const deaf = () => {
  let sounds = 0;
  const node = { connect: (/** @type {unknown} */ next) => next, gain: { value: 0 }, start: () => sounds++, stop() {} };
  Object.assign(window, {
    sounds: () => sounds,
    AudioContext: class {
      currentTime = 0;
      createOscillator = () => node;
      createGain = () => node;
    },
  });
};
// @ts-expect-error the page's own
const sounds = (/** @type {Customer} */ { page }) => page.evaluate(() => window.sounds());

test("a sound when the turn comes, where it is wished", async () => {
  const desk = await atDesk();
  const customer = await arrive(`${site}/loud`, deaf);
  await customer.queue();
  assert.equal(await sounds(customer), 0);
  const chat = await desk.take();
  await customer.wake();
  await customer.reads(customer.says.joined);
  assert.equal(await sounds(customer), 1);
  // Whoever is looking needs no sound for what they see.
  await desk.say(chat, "Good morning");
  await customer.wake();
  await customer.reads("Good morning");
  assert.equal(await sounds(customer), 1);
  await customer.press(customer.says.close);
  await desk.say(chat, "Are you there?");
  await customer.wake();
  await customer.launcher.getByText("1 new").waitFor();
  assert.equal(await sounds(customer), 2);
  await desk.close(chat);
  await customer.leave();
});

test("sounds are switched on and off in the menu, for good", async () => {
  const customer = await arrive(`${server}/`, deaf);
  const { page } = customer;
  const menu = customer.button(customer.says.menu);
  const sound = customer.box.getByRole("button", { name: "Sound" });
  await customer.press(customer.says.language);
  await customer.button(customer.says.service).waitFor();
  await menu.click();
  await accessible(page, "the menu of the box");
  assert.equal(await sound.getAttribute("aria-pressed"), "false");
  await sound.click();
  assert.equal(await sounds(customer), 1, "it is heard at once");
  await page.reload();
  await customer.button(customer.says.service).waitFor();
  await menu.click();
  assert.equal(await sound.getAttribute("aria-pressed"), "true");
  await sound.click();
  await page.reload();
  await customer.button(customer.says.service).waitFor();
  await menu.click();
  assert.equal(await sound.getAttribute("aria-pressed"), "false");
  await customer.leave();
});

test("the title calls back who looks elsewhere when the turn comes", async () => {
  const desk = await atDesk();
  const customer = await arrive();
  const { page } = customer;
  const title = await page.title();
  await customer.queue();
  await customer.press(customer.says.close);
  const chat = await desk.take();
  await customer.wake();
  const titles = new Set();
  await eventually("the title changes to and fro", async () => titles.add(await page.title()).size > 1);
  assert.deepEqual(titles, new Set([title, "● It's your turn!"]));
  await customer.launcher.click();
  await eventually("the title as it was", async () => (await page.title()) === title);
  await desk.close(chat);
  await customer.leave();
});

test("the page around it hears of everything but what is said", async () => {
  const desk = await atDesk();
  const customer = await arrive(`${site}/`);
  const { page } = customer;
  await page.evaluate(() => {
    Object.assign(window, { told: [] });
    for (const name of ["open", "message", "unread", "closed"]) {
      // @ts-expect-error the page's own
      document.addEventListener(`alap:${name}`, event => window.told.push([name, event.detail]));
    }
  });
  // @ts-expect-error the page's own
  const told = () => page.evaluate(() => window.told);
  const chat = await customer.talk(desk);
  await customer.press(customer.says.close);
  await desk.say(chat, "Good morning");
  await customer.wake();
  await customer.launcher.getByText("1 new").waitFor();
  await customer.launcher.click();
  assert.deepEqual((await told()).slice(-5), [
    ["closed", null],
    ["message", { from: "agent", kind: "text" }],
    ["unread", { count: 1 }],
    ["open", null],
    ["unread", { count: 0 }],
  ]);
  assert.doesNotMatch(JSON.stringify(await told()), /Good morning|Rahima/);
  await desk.close(chat);
  await customer.leave();
});

test("a chat is left behind when whoever it was begun for logs out", async () => {
  const customer = await arrive(`${site}/`);
  const { page } = customer;
  await customer.press(customer.says.language);
  await customer.button(customer.says.service).waitFor();
  // As it is kept where an identity was accepted.
  const name = `alap ${server}`;
  await page.evaluate(name => {
    localStorage[name] = JSON.stringify({ ...JSON.parse(localStorage[name]), who: "01712345678" });
  }, name);
  await page.reload();
  await customer.button(customer.says.service).waitFor();
  await page.evaluate(async () => {
    // @ts-expect-error the element's method
    await document.querySelector("alap-chat").identify();
  });
  await customer.button(customer.says.language).waitFor();
  assert.equal(await customer.log.getByText("What do you need help with").count(), 0);
  await customer.leave();
});

test("nothing with a PIN leaves in a rating, nor alone after the word", async () => {
  const desk = await atDesk();
  const customer = await arrive();
  const { page, says } = customer;
  const chat = await customer.talk(desk);
  await customer.say("they asked for my PIN");
  await customer.reads("they asked for my PIN");
  await customer.say("12345");
  await customer.button(says.change).waitFor();
  await customer.press(says.change);
  await customer.field(says.write).fill("");
  await desk.close(chat);
  await customer.wake();
  await customer.box.getByLabel(says.score).check();
  const comment = customer.box.getByLabel("Anything to add?");
  await comment.fill("my PIN is 12345");
  await customer.press(says.send);
  assert.match(
    await comment.evaluate(node => /** @type {HTMLInputElement} */ (node).validationMessage),
    /a PIN or an OTP/,
  );
  assert.ok(!JSON.stringify(await desk.everything(chat)).includes('"rated"'));
  await comment.fill("quick");
  await customer.press(says.send);
  await customer.reads(says.thanks);
  assert.ok(!JSON.stringify(await desk.everything(chat)).includes("12345"));
  await page.context().close();
});

test("a transcript that can't be had is no loss", async () => {
  const customer = await arrive();
  await customer.press(customer.says.language);
  await customer.button(customer.says.service).waitFor();
  await customer.page.context().setOffline(true);
  await customer.press(customer.says.menu);
  await customer.press(customer.says.save);
  await customer.box.getByText("No connection. Trying again in").waitFor();
  await customer.page.context().setOffline(false);
  await customer.wake();
  await eventually("the line is back", async () => !(await customer.box.getByText("No connection").isVisible()));
  await customer.leave();
});

test("news are asked for when the server says, at once when somebody looks, and never after the end", async () => {
  const customer = await arrive();
  const { page } = customer;
  await customer.press(customer.says.language);
  await customer.button(customer.says.service).waitFor();
  let polls = 0;
  /** @type {number | null} */
  let next = 60_000;
  await page.route("**/events?after=*", async (/** @type {Route} */ route) => {
    polls++;
    const response = await route.fetch();
    const answer = await response.json();
    answer.status.poll_after_ms = next;
    if (next === null) answer.status.phase = "closed";
    await route.fulfill({ response, json: answer });
  });
  await page.clock.install();
  await customer.wake();
  await eventually("the first", () => polls === 1);
  const settled = () => page.evaluate(() => new Promise(resolve => requestIdleCallback(resolve)));
  await settled();
  await page.clock.fastForward(45_000);
  await settled();
  assert.equal(polls, 1, "a minute, a fifth more or less, is not over");
  await page.clock.fastForward(30_000);
  await eventually("the second", () => polls === 2);
  for (const [count, name] of /** @type {const} */ ([
    [3, "online"],
    [4, "pageshow"],
    [5, "visibilitychange"],
  ])) {
    await settled();
    await page.evaluate(name => {
      (name === "visibilitychange" ? document : window).dispatchEvent(new Event(name, { bubbles: true }));
    }, name);
    await eventually(name, () => polls === count);
  }
  next = null;
  await settled();
  await customer.wake();
  await customer.button(customer.says.again).waitFor();
  await page.clock.fastForward(3_600_000);
  await settled();
  assert.equal(polls, 6);
  await customer.leave();
});

for (const [language, path, other] of /** @type {const} */ ([
  ["bn", "/", "English"],
  ["en", "/en", "বাংলা"],
])) {
  test(`the bank's page in ${language}`, async () => {
    const customer = new Customer(await (await person()).newPage(), language);
    const { page } = customer;
    await page.goto(server + path);
    await customer.launcher.getByText(customer.says.launcher).waitFor();
    for (const width of [320, 390, 768, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(sideways, 0, `${width} pixels`);
    }
    await accessible(page, "the bank's page");
    await page.emulateMedia({ colorScheme: "dark" });
    await accessible(page, "the bank's page in the dark");
    await page.getByRole("link", { name: other, exact: true }).click();
    assert.equal(await page.locator("html").getAttribute("lang"), language === "bn" ? "en" : "bn");
    await customer.leave();
  });
}
