// The widget on other people's pages: under a strict policy, inside hostile styles, right-to-left, in a frame, and
// leaving everything else there alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Customer, embedding } from "./customer.mjs";
import { accessible, eventually, person, Representative, server, site, watch, website } from "./harness.mjs";

/** What docs/widget.md tells sites with a policy of their own to add. */
const POLICY = `default-src 'none'; script-src ${server}; connect-src ${server}`;

const HOSTILE = `<style>* { all: unset !important; font-size: 60px !important; text-transform: uppercase !important }
  html { font-size: 60px; filter: none } button, input, div, p { display: none !important; color: red !important }
  alap-chat { opacity: 0.1; transform: scale(9); visibility: hidden; position: static; width: 1px; overflow: hidden }</style>`;

const PAGES = {
  "/": embedding(),
  "/attributes": embedding('data-language="bn" data-position="left" data-label="সাহায্য"'),
  "/strict": {
    body: embedding(),
    headers: { "content-security-policy": POLICY },
  },
  "/hostile": embedding().replace("<main>", `${HOSTILE}<main>`),
  "/rtl": embedding().replace('lang="en"', 'lang="ar" dir="rtl"'),
  "/frame": `<!doctype html><html lang="en"><title>A frame</title><main><h1>A frame</h1><iframe src="/" title="A bank" width="420" height="600"></iframe></main></html>`,
  "/element": embedding().replace("</main>", "</main><alap-chat style='--alap-accent: #00695c'></alap-chat>"),
  "/twice": `${embedding()}<script src="${server}/widget.js" defer></script>`,
  "/full-page": `<!doctype html><html lang="en"><title>Framed</title><main><h1>Framed</h1><iframe src="${server}/chat?lang=en" title="Chat" width="400" height="600"></iframe></main></html>`,
};

/** @type {Awaited<ReturnType<typeof website>>} */
let running;
before(async () => {
  running = await website(PAGES);
});
after(() => running.close());

/** @param {string} path @param {import("playwright-core").BrowserContextOptions} [context] */
const visit = async (path, context = {}) => {
  const page = await (await person(context)).newPage();
  const customer = new Customer(page);
  await page.goto(site + path);
  return customer;
};

/** Goes from the button to the menu. @param {Customer} customer */
const use = async customer => {
  await customer.launcher.click();
  await customer.press(customer.says.language);
  await customer.button(customer.says.service).waitFor();
};

test("a page that does nothing else gets no request, cookie, global or shift more", async () => {
  const context = await person();
  const page = await context.newPage();
  /** @type {string[]} */
  const origins = [];
  page.on("request", request => origins.push(new URL(request.url()).origin));
  await page.addInitScript(() => {
    Object.assign(window, { shifts: 0, atFirst: new Set(Object.getOwnPropertyNames(window)) });
    new PerformanceObserver(list => {
      // @ts-expect-error the page's own; what follows input at once is no shift, as CLS counts it
      for (const entry of list.getEntries()) window.shifts += entry.hadRecentInput ? 0 : entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  // What moves soon after a click is not counted, so that answers have to come later than that.
  const { send } = await context.newCDPSession(page).then(session => ({ send: session.send.bind(session) }));
  const slow = { offline: false, latency: 550, downloadThroughput: -1, uploadThroughput: -1 };
  const desk = await Representative.logIn();
  await desk.clear();
  const customer = new Customer(page);
  await page.goto(`${site}/`);
  await customer.launcher.click();
  await customer.button(customer.says.language).waitFor();
  await send("Network.emulateNetworkConditions", slow);
  const chat = await customer.talk(desk);
  await desk.say(chat, "Good morning");
  await customer.reads("Good morning");
  await desk.askForm(chat, ["nid-number"]);
  await customer.box.getByLabel("NID number").waitFor();
  await desk.close(chat);
  await customer.button(customer.says.again).waitFor();
  assert.deepEqual(new Set(origins), new Set([site, server]));
  assert.deepEqual(await context.cookies(), []);
  const found = await page.evaluate(() => {
    // @ts-expect-error the page's own
    const { shifts, atFirst } = window;
    const added = Object.getOwnPropertyNames(window).filter(name => !atFirst.has(name));
    return { shifts, added: added.filter(name => !["shifts", "atFirst"].includes(name)) };
  });
  assert.deepEqual(found, { shifts: 0, added: [] });
  await customer.leave();
});

test("nothing is loaded but the button until it is wanted", async () => {
  const page = await (await person()).newPage();
  /** @type {string[]} */
  const asked = [];
  page.on("request", request => {
    if (request.url().startsWith(server)) asked.push(new URL(request.url()).pathname);
  });
  const customer = new Customer(page);
  await page.goto(`${site}/`);
  await page.waitForLoadState("networkidle");
  assert.deepEqual(asked, ["/widget.js"]);
  await customer.launcher.hover();
  await eventually("the chat's parts", () => asked.some(path => path.startsWith("/chat/box.")));
  assert.ok(!asked.includes("/v1/chats"), "nobody has asked for a chat yet");
  await customer.leave();
});

test("the documented lines are all that a strict policy needs", async () => {
  const customer = await visit("/strict");
  await use(customer);
  await customer.press(customer.says.menu);
  const download = customer.page.waitForEvent("download");
  await customer.press(customer.says.save);
  await download;
  await customer.leave();
});

test("hostile styles don't reach it", async () => {
  const customer = await visit("/hostile");
  const plain = await visit("/");
  for (const one of [customer, plain]) await use(one);
  const look = (/** @type {Customer} */ one) =>
    one.box.evaluate(box => {
      const of = (/** @type {Element | null} */ element) => {
        const { font, color, display, opacity, visibility, textTransform } = getComputedStyle(element ?? box);
        const { width, height, x, y } = (element ?? box).getBoundingClientRect();
        return { font, color, display, opacity, visibility, textTransform, width, height, x, y };
      };
      return [box, box.querySelector(".m p"), box.querySelector(".option"), box.querySelector("h2")].map(of);
    });
  assert.deepEqual(await look(customer), await look(plain));
  await plain.leave();
  await customer.leave();
});

test("a page that is written from right to left", async () => {
  const customer = await visit("/rtl");
  await use(customer);
  assert.equal(await customer.box.evaluate(box => getComputedStyle(box).direction), "ltr");
  const place = await customer.box.boundingBox();
  assert.ok(place && place.x > 640, "it stays at the right");
  await accessible(customer.page, "in a page from right to left");
  await customer.leave();
});

test("in a frame", async () => {
  const page = await (await person()).newPage();
  const problems = watch(page);
  await page.goto(`${site}/frame`);
  const frame = page.frameLocator("iframe");
  await frame.getByRole("button", { name: "Live Chat" }).click();
  await frame.getByRole("button", { name: "English" }).click();
  await frame.getByRole("button", { name: "Customer service representative" }).waitFor();
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("the full page can be framed by sites that may use the chat, and by no other", async () => {
  const page = await (await person()).newPage();
  await page.goto(`${site}/full-page`);
  await page.frameLocator("iframe").getByRole("button", { name: "Customer service representative" }).waitFor();
  await page.goto(`${site.replace("127.0.0.1", "localhost")}/full-page`).catch(() => {});
  assert.equal(await page.frameLocator("iframe").locator(".box").count(), 0);
  await page.context().close();
});

test("attributes choose language, place and label", async () => {
  const customer = await visit("/attributes");
  const button = customer.page.getByRole("button", { name: "সাহায্য" });
  const place = await button.boundingBox();
  assert.ok(place && place.x < 40);
  await button.click();
  // The page has chosen the language, so that nobody is asked.
  await customer.button("গ্রাহক সেবা প্রতিনিধি").waitFor();
  const box = await customer.box.boundingBox();
  assert.ok(box && box.x < 40);
  await customer.leave();
});

test("custom properties choose the colours, on an element of the page's own", async () => {
  const customer = await visit("/element");
  assert.equal(await customer.page.locator("alap-chat").count(), 1);
  const colour = await customer.launcher.evaluate(button => getComputedStyle(button).backgroundColor);
  assert.equal(colour, "rgb(0, 105, 92)");
  await use(customer);
  const head = await customer.box.locator(".head").evaluate(head => getComputedStyle(head).backgroundColor);
  assert.equal(head, "rgb(0, 105, 92)");
  await customer.leave();
});

test("a script that is there twice makes one button", async () => {
  const customer = await visit("/twice");
  await customer.launcher.waitFor();
  assert.equal(await customer.page.locator("alap-chat").count(), 1);
  await customer.leave();
});

test("methods open, close and identify, and events tell", async () => {
  const customer = await visit("/");
  const { page } = customer;
  await customer.launcher.waitFor();
  await page.evaluate(() => {
    Object.assign(window, { told: [] });
    for (const name of ["open", "message", "unread", "closed"]) {
      // @ts-expect-error the page's own
      document.addEventListener(`alap:${name}`, event => window.told.push([name, event.detail]));
    }
  });
  // @ts-expect-error the element's method
  await page.evaluate(() => document.querySelector("alap-chat").open());
  await customer.press("English");
  await customer.button(customer.says.service).waitFor();
  // @ts-expect-error the element's method
  await page.evaluate(() => document.querySelector("alap-chat").close());
  await eventually("the box is closed", async () => !(await customer.box.isVisible()));
  // @ts-expect-error the page's own
  const told = await page.evaluate(() => window.told.map(([name]) => name));
  assert.equal(told[0], "open");
  assert.equal(told.at(-1), "closed");
  assert.ok(told.includes("message"));
  await customer.leave();
});

test("no dark box on a page that asks for a light one", async () => {
  const dark = await visit("/", { colorScheme: "dark" });
  await use(dark);
  const ground = (/** @type {Customer} */ customer) =>
    customer.box.evaluate(box => getComputedStyle(box).backgroundColor);
  assert.equal(await ground(dark), "rgb(21, 22, 26)");
  await accessible(dark.page, "in the dark");
  await dark.page.evaluate(() => document.querySelector("alap-chat")?.setAttribute("data-theme", "light"));
  assert.equal(await ground(dark), "rgb(244, 245, 247)");
  await dark.leave();
});

test("high contrast", async () => {
  const customer = await visit("/", { forcedColors: "active" });
  await use(customer);
  await accessible(customer.page, "in high contrast");
  await customer.leave();
});
