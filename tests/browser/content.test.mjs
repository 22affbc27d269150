// Whatever anybody writes is shown as it was written, and long chats stay usable.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Customer } from "./customer.mjs";
import { eventually, Representative } from "./harness.mjs";

const talking = async (/** @type {import("playwright-core").BrowserContextOptions} */ context = {}) => {
  const desk = await Representative.logIn();
  await desk.clear();
  const customer = await Customer.arrive({ context });
  const chat = await customer.talk(desk);
  return { desk, customer, chat };
};

const TEXTS = [
  "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">",
  "**bold** _italic_ [link](https://example.com) `code` &lt;b&gt;",
  "https://example.com/?a=1&b=2",
  "👩🏽‍💻👨‍👩‍👧‍👦🇧🇩 ❤️",
  "العربية ثم English ثم বাংলা",
  "ক্ষ্ম্য র‍্যাব ঙ্ক্ষ ্য",
  "a\u202Eb\u2066c",
  "line one\nline two\n\n  indented",
  "{name} #1 % $& $1 \\n",
];

test("text is text, from either side", async () => {
  const { desk, customer, chat } = await talking();
  for (const text of TEXTS) {
    await customer.say(text);
    await customer.sent();
    await desk.say(chat, text);
  }
  await eventually("all of it", async () => {
    const shown = await customer.log.locator(".m > p").evaluateAll(nodes => nodes.map(node => node.textContent));
    return TEXTS.every(text => shown.filter(one => one === text).length === 2);
  });
  assert.notEqual(await customer.page.title(), "taken");
  assert.equal(await customer.log.locator("script, img, a, b + b, strong, em").count(), 0);
  await customer.leave();
});

test("each text in its own direction and language", async () => {
  const { customer } = await talking();
  for (const text of ["العربية", "আলাপ", "Hello"]) await customer.say(text);
  await customer.sent();
  const look = (/** @type {string} */ text) =>
    customer.log
      .getByText(text, { exact: true })
      .evaluate(node => [getComputedStyle(node).direction, node.getAttribute("lang")]);
  assert.deepEqual(await look("العربية"), ["rtl", "en"]);
  assert.deepEqual(await look("আলাপ"), ["ltr", "bn"]);
  assert.deepEqual(await look("Hello"), ["ltr", "en"]);
  await customer.leave();
});

test("a message has the time of day where its reader is", async () => {
  const timezoneId = "Asia/Kathmandu";
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: timezoneId, timeStyle: "short" });
  const { customer } = await talking({ timezoneId });
  const before = clock.format();
  await customer.say("Hello");
  await customer.sent();
  const shown = await customer.log.locator(".me:last-child > small").evaluate(small => small.firstChild?.textContent);
  assert.ok([before, clock.format()].includes(shown ?? ""), `${shown} is no ${before}`);
  await customer.leave();
});

for (const width of [320, 390, 768, 1280]) {
  test(`nothing is wider than the box at ${width} pixels`, async () => {
    const { desk, customer, chat } = await talking({ viewport: { width, height: 640 } });
    await customer.say("x".repeat(400));
    await desk.say(chat, "ক".repeat(400));
    await desk.askForm(chat, ["date-of-birth", "nid-number", "last-transaction-amount"]);
    await customer.box.getByLabel("NID number").waitFor();
    const wider = await customer.box.evaluate(box => {
      const { left, right } = box.getBoundingClientRect();
      const all = [...box.querySelectorAll("*:not(.off)")].filter(element => {
        const place = element.getBoundingClientRect();
        return place.width && (place.right > right + 0.5 || place.left < left - 0.5);
      });
      const scroller = box.querySelector(".scroll");
      return [
        ...all.map(element => element.outerHTML.slice(0, 80)),
        ...(scroller && scroller.scrollWidth > scroller.clientWidth ? ["it scrolls sideways"] : []),
      ];
    });
    assert.deepEqual(wider, []);
    if (width < 480) {
      const place = await customer.box.boundingBox();
      assert.deepEqual(place, { x: 0, y: 0, width, height: 640 }, "on a phone it is all there is");
    }
    await customer.leave();
  });
}

test("200 messages scroll, and new ones don't pull away what is being read", async () => {
  const { desk, customer, chat } = await talking();
  for (let number = 0; number < 200; number++) await desk.say(chat, `message ${number}`);
  await customer.reads("message 199");
  const scroller = customer.box.locator(".scroll");
  const behind = () =>
    scroller.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
  assert.ok((await behind()) < 100, "it follows");
  await customer.log.getByText("message 100", { exact: true }).scrollIntoViewIfNeeded();
  await eventually("it is no longer at the end", async () => (await behind()) > 1_000);
  const before = await customer.log.getByText("message 100", { exact: true }).boundingBox();
  await desk.say(chat, "one more");
  await customer.reads("one more");
  assert.deepEqual(await customer.log.getByText("message 100", { exact: true }).boundingBox(), before);

  // Everything is there again after a reload, though it takes several requests.
  await customer.page.reload();
  await customer.reads("one more");
  const texts = await customer.texts();
  assert.equal(texts.filter(text => text.startsWith("message ")).length, 200);
  assert.ok(!(await customer.page.title()).startsWith("●"), "none of it is news");
  await customer.leave();
});

test("a text of several lines is written with Shift and Enter, and the field grows", async () => {
  const { customer } = await talking();
  const field = customer.field(customer.says.write);
  await field.fill("one");
  const height = async () => (await field.boundingBox())?.height ?? 0;
  const before = await height();
  for (let line = 0; line < 3; line++) {
    await field.press("Shift+Enter");
    await field.pressSequentially("two");
  }
  assert.ok((await height()) > before + 30);
  await field.press("Enter");
  await customer.sent();
  assert.equal(await customer.log.getByText("one\ntwo\ntwo\ntwo", { exact: true }).count(), 1);
  await customer.leave();
});
