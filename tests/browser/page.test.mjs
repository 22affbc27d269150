// The full page: links to it, an app's WebView around it, and who the app says the customer is.

import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { test } from "node:test";
import { Customer, says } from "./customer.mjs";
import { accessible, eventually, person, Representative, server } from "./harness.mjs";

/** The key with which the tests sign identities, where the server knows one. */
const key = process.env.ALAP_IDENTITY_KEY;
const unsigned = !key && "the server was started without identity_keys, and ALAP_IDENTITY_KEY is not set";

/** What an organisation's server would say about its customer. @param {string} name @param {string} phone_number */
const identity = (name, phone_number) => {
  const part = (/** @type {object} */ json) => Buffer.from(JSON.stringify(json)).toString("base64url");
  const exp = Math.floor(Date.now() / 1_000) + 300;
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ name, phone_number, exp, jti: randomUUID() })}`;
  return `${signed}.${createHmac("sha256", key ?? "a key that nobody knows")
    .update(signed)
    .digest("base64url")}`;
};

/** @param {string} path @param {Partial<{language: "bn" | "en", script: () => void, page: import("./harness.mjs").Page}>} [how] */
const visit = async (path, { language = "en", script, page } = {}) => {
  page ??= await (await person({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true })).newPage();
  if (script) await page.addInitScript(script);
  const customer = new Customer(page, language);
  await page.goto(server + path);
  return customer;
};

/** An app on Android, as far as the page sees it; what it was told is in `told`. */
const android = () => {
  const told = /** @type {unknown[][]} */ ([]);
  const tell =
    (/** @type {string} */ what) =>
    (/** @type {unknown[]} */ ...details) =>
      told.push([what, ...details]);
  Object.assign(window, { told, AlapHost: { unread: tell("unread"), close: tell("close"), share: tell("share") } });
};

/** The same on iOS. */
const ios = () => {
  const told = /** @type {unknown[][]} */ ([]);
  const postMessage = (/** @type {{type: string, count?: number, text?: string}} */ { type, count, text }) =>
    told.push([type, ...[count ?? text].filter(detail => detail !== undefined)]);
  Object.assign(window, { told, webkit: { messageHandlers: { alap: { postMessage } } } });
};

// @ts-expect-error the page's own
const told = (/** @type {Customer} */ { page }) => page.evaluate(() => window.told);

/** Has the page think that nobody looks at it, or that somebody does. @param {Customer} customer @param {boolean} hidden */
const hide = ({ page }, hidden) =>
  page.evaluate(hidden => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, hidden);

for (const language of /** @type {const} */ (["bn", "en"])) {
  test(`the address chooses ${language}`, async () => {
    const customer = await visit(`/chat?lang=${language}`, { language });
    await customer.button(customer.says.service).waitFor();
    assert.equal(await customer.page.locator("html").getAttribute("lang"), language);
    assert.equal(await customer.button(says.bn.language).count(), 0, "nobody is asked for the language");
    assert.deepEqual(await customer.box.boundingBox(), { x: 0, y: 0, width: 390, height: 780 });
    await accessible(customer.page, "the full page");
    await customer.leave();
  });
}

test("the whole article on the full page", async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  const customer = await visit("/chat");
  await customer.button(customer.says.language).waitFor();
  await accessible(customer.page, "the full page's first question");
  const chat = await customer.talk(desk);
  await customer.say(customer.says.problem);
  await customer.sent();
  await desk.say(chat, customer.says.answer);
  await customer.reads(customer.says.answer);
  await accessible(customer.page, "the full page in a conversation");
  await desk.close(chat);
  await customer.button(customer.says.again).waitFor();
  await accessible(customer.page, "the full page at the end");
  await customer.leave();
});

test("an identity spares name and number, and is nowhere to be found", { skip: unsigned }, async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  const jwt = identity("Rahima Khatun", "01712345678");
  const page = await (await person()).newPage();
  /** @type {string[]} */
  const seen = [];
  page.on("request", request => seen.push(request.url(), JSON.stringify(request.headers())));
  page.on("console", message => seen.push(message.text()));
  const customer = await visit(`/chat?lang=en#identity=${jwt}`, { page });
  await customer.press(customer.says.service);
  await customer.press(customer.says.yes);
  await customer.field(customer.says.write).waitFor();
  assert.equal(page.url(), `${server}/chat?lang=en`);
  seen.push(page.url(), await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])));
  assert.deepEqual(
    seen.filter(text => text.includes(jwt)),
    [],
  );
  const chat = await desk.take();
  assert.equal((await desk.look()).mine[0].name, "Rahima Khatun");
  await desk.close(chat);
  await customer.leave();
});

test("the same customer goes on, another begins anew", { skip: unsigned }, async () => {
  const first = await visit(`/chat?lang=en#identity=${identity("Rahima Khatun", "01712345678")}`);
  const { page } = first;
  await first.press(first.says.lost);
  await first.reads("call our helpline");
  // Signed again, as an app does it whenever the chat is opened.
  await page.goto("about:blank");
  const same = await visit(`/chat?lang=en#identity=${identity("Rahima Khatun", "01712345678")}`, { page });
  await same.reads("call our helpline");
  await page.goto("about:blank");
  const other = await visit(`/chat?lang=en#identity=${identity("Karim Uddin", "01812345678")}`, { page });
  await other.button(other.says.service).waitFor();
  assert.equal(await other.log.getByText("call our helpline").count(), 0);
  await other.leave();
});

test("an identity that is not accepted is gone without", async () => {
  const customer = await visit(`/chat?lang=en#identity=${identity("Rahima Khatun", "01712345678").slice(0, -3)}AAA`);
  await customer.press(customer.says.service);
  await customer.press(customer.says.yes);
  await customer.field(customer.says.name).waitFor();
  await customer.leave();
});

for (const [system, script] of Object.entries({ android, ios })) {
  test(`an app on ${system} hears of news, closes, and shares`, async () => {
    const desk = await Representative.logIn();
    await desk.clear();
    const customer = await visit("/chat?lang=en", { script });
    const { page } = customer;
    await customer.press(customer.says.service);
    await customer.press(customer.says.yes);
    await customer.write(customer.says.name, customer.says.person);
    await customer.write(customer.says.number, customer.says.digits);
    await customer.field(customer.says.write).waitFor();
    const chat = await desk.take();
    await customer.wake();
    await customer.reads(customer.says.joined);
    await hide(customer, true);
    await desk.say(chat, "Good morning");
    await eventually("the app hears of it", async () => {
      await customer.wake();
      return JSON.stringify((await told(customer)).at(-1)) === '["unread",1]';
    });
    await hide(customer, false);
    assert.deepEqual((await told(customer)).at(-1), ["unread", 0]);

    await customer.press(customer.says.menu);
    await customer.press(customer.says.save);
    const shared = await eventually("the app gets the transcript", async () =>
      (await told(customer)).find((/** @type {unknown[]} */ [what]) => what === "share"),
    );
    assert.match(`${shared[1]}`, /Good morning/);

    await customer.press(customer.says.close);
    const closed = async () =>
      (await told(customer)).filter((/** @type {unknown[]} */ [what]) => what === "close").length;
    assert.equal(await closed(), 1);
    await page.goBack();
    await eventually("the back button closes as well", async () => (await closed()) === 2);
    assert.ok(await customer.box.isVisible(), "the page leaves it to the app");
    await desk.close(chat);
    await customer.leave();
  });
}

test("whoever came by a link goes back where they came from", async () => {
  const customer = await visit("/en");
  await customer.page.getByRole("link", { name: "Chat with us" }).click();
  await customer.button(customer.says.service).waitFor();
  await customer.press(customer.says.close);
  await customer.page.getByRole("heading", { level: 1, name: "Your money" }).waitFor();
  await customer.leave();
});

test("where there is nowhere to go back to, nothing offers it", async () => {
  const { page } = await visit("/en");
  const [opened] = await Promise.all([page.waitForEvent("popup"), page.evaluate(() => void open("/chat?lang=en"))]);
  const customer = new Customer(opened);
  await customer.button(customer.says.service).waitFor();
  assert.equal(await customer.button(customer.says.close).isVisible(), false);
  await customer.leave();
});

test("nothing is under the on-screen keyboard, a notch or the bar at the bottom", async () => {
  const customer = await visit("/chat?lang=en");
  const { page } = customer;
  await customer.press(customer.says.service);
  await customer.press(customer.says.yes);
  const field = customer.field(customer.says.name);
  await field.waitFor();
  const viewport = await page.locator('meta[name="viewport"]').getAttribute("content");
  assert.match(viewport ?? "", /interactive-widget=resizes-content/);
  assert.match(viewport ?? "", /viewport-fit=cover/);
  const size = await field.evaluate(node => parseFloat(getComputedStyle(node).fontSize));
  assert.ok(size >= 16, "iOS zooms into what is smaller");

  /** The height of what can be seen. @param {number} height */
  const fits = async height => {
    const place = await field.boundingBox();
    return place && place.y >= 0 && place.y + place.height <= height;
  };
  // Chromium makes the page smaller.
  await page.setViewportSize({ width: 390, height: 360 });
  await eventually("the field above the keyboard", () => fits(360));
  await page.setViewportSize({ width: 390, height: 780 });
  // Safari only says how much of it can be seen.
  await page.evaluate(() => {
    for (const [name, value] of Object.entries({ height: 400, offsetTop: 20 })) {
      Object.defineProperty(visualViewport, name, { value, configurable: true });
    }
    visualViewport?.dispatchEvent(new Event("resize"));
  });
  assert.deepEqual(await customer.box.boundingBox(), { x: 0, y: 20, width: 390, height: 400 });
  assert.ok(await fits(420));

  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setSafeAreaInsetsOverride", { insets: { top: 44, bottom: 34, left: 0, right: 0 } });
  const [head, say] = [customer.box.locator(".head"), customer.box.locator(".say")];
  await eventually("room for the notch", async () => (await head.boundingBox())?.y === 20 + 44);
  const bottom = await say.boundingBox();
  assert.equal(bottom && bottom.y + bottom.height, 420 - 34);
  await customer.leave();
});
