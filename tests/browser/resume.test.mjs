// Reloads, closed pages and second tabs: the chat goes on where it was.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Customer, says } from "./customer.mjs";
import { accessible, eventually, person, Representative, server } from "./harness.mjs";

test("a reload at every step", async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  const customer = await Customer.arrive();
  const { page } = customer;
  const { language, service, yes, name, person, number, digits, write, again } = customer.says;
  /** Reloads, and sees the same as before. @param {import("playwright-core").Locator} sign */
  const reload = async sign => {
    await sign.waitFor();
    await customer.sent();
    const before = await customer.texts();
    await page.reload();
    await sign.waitFor();
    await eventually("the same log", async () => JSON.stringify(await customer.texts()) === JSON.stringify(before));
  };
  await reload(customer.button(language));
  await customer.press(language);
  await reload(customer.button(service));
  await customer.press(service);
  await reload(customer.button(yes));
  await customer.press(yes);
  await reload(customer.field(name));
  await customer.write(name, person);
  await reload(customer.field(number));
  await customer.write(number, digits);
  await reload(customer.field(write));
  const chat = await desk.take();
  await customer.reads("has joined the chat");
  await reload(customer.field(write));
  await customer.say("hello");
  await reload(customer.field(write));
  await desk.askForm(chat, ["nid-number"]);
  await reload(customer.box.getByLabel("NID number"));
  await customer.box.getByLabel("NID number").fill("1234567890");
  await customer.press("Send securely");
  await customer.reads("has received your answers");
  await reload(customer.field(write));
  await desk.close(chat);
  await reload(customer.button(again));
  await accessible(page, "after a reload");
  await customer.leave();
});

test("a reload while a message is on its way", async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  const customer = await Customer.arrive();
  const { page } = customer;
  const chat = await customer.talk(desk);
  await page.route("**/messages", route => route.abort());
  await customer.say("not lost");
  await customer.outbox.getByText("not lost").waitFor();
  await page.reload();
  await customer.outbox.getByText("not lost").waitFor();
  await page.unroute("**/messages");
  await customer.sent();
  await customer.reads("not lost");
  const events = await desk.everything(chat);
  assert.equal(events.filter(event => event.kind === "text" && event.text === "not lost").length, 1);
  await customer.leave();
});

test("two tabs are one chat", async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  const first = await Customer.arrive();
  const second = new Customer(await first.page.context().newPage());
  await second.page.goto(`${server}/`);
  await second.launcher.click();
  await second.button(second.says.language).waitFor();

  // Either may answer.
  await first.press(says.en.language);
  await second.press(says.en.service);
  await first.press(says.en.yes);
  await second.write(says.en.name, says.en.person);
  await first.write(says.en.number, says.en.digits);
  const chat = await desk.take();
  await second.reads("has joined");
  await first.say("from the first");
  await second.reads("from the first");
  await second.say("from the second");
  await first.reads("from the second");
  await Promise.all([first.say("both"), second.say("at once")]);
  await Promise.all([first.sent(), second.sent()]);
  await eventually("the same in both", async () => {
    const [one, other] = await Promise.all([first.texts(), second.texts()]);
    return one.includes("at once") && one.includes("both") && JSON.stringify(one) === JSON.stringify(other);
  });
  const events = await desk.everything(chat);
  const texts = events.flatMap(event => (event.kind === "text" ? [event.text] : []));
  assert.equal(new Set(texts).size, texts.length, texts.join("\n"));

  await desk.close(chat);
  await first.press(says.en.again);
  await first.reads(says.en.welcomeBack);
  await second.reads(says.en.welcomeBack);
  await first.leave();
});

test("two tabs that begin at the same time begin one chat", async () => {
  const first = new Customer(await (await person()).newPage());
  const second = new Customer(await first.page.context().newPage());
  await Promise.all([first.page.goto(`${server}/`), second.page.goto(`${server}/`)]);
  await Promise.all([first, second].map(customer => customer.launcher.click()));
  await Promise.all([first, second].map(customer => customer.button("English").waitFor()));
  await first.press("English");
  await second.button(says.en.service).waitFor();
  await first.leave();
});

test("a customer who goes to another page is still there", async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  const customer = await Customer.arrive();
  const { page } = customer;
  const chat = await customer.talk(desk);
  await customer.press(says.en.close);
  await page.reload();
  // Nothing was opened; what comes in is counted.
  await customer.launcher.waitFor();
  assert.equal(await customer.box.isVisible(), false);
  await desk.say(chat, "Good morning");
  await customer.launcher.getByText("1 new").waitFor();
  await eventually("the title", async () => (await page.title()).startsWith("● "));
  await accessible(page, "something new");
  await customer.launcher.click();
  await customer.reads("Good morning");
  assert.equal(await customer.launcher.getByText("new").count(), 0);
  await eventually("the title as it was", async () => !(await page.title()).startsWith("●"));
  await customer.leave();
});

test("a customer who is quicker than the page's idle moment is left alone", async () => {
  const customer = await Customer.arrive();
  const { page, says } = customer;
  await customer.press(says.language);
  await customer.button(says.service).waitFor();
  await page.addInitScript(() => {
    Object.assign(window, { opened: 0, idle: [] });
    // @ts-expect-error the page's own
    window.requestIdleCallback = callback => window.idle.push(callback);
    // @ts-expect-error the page's own
    addEventListener("alap:open", () => window.opened++);
  });
  await page.reload();
  await customer.launcher.click();
  await customer.button(says.service).focus();
  // @ts-expect-error the page's own
  assert.equal(await page.evaluate(() => window.idle.length), 1);
  // @ts-expect-error the page's own
  await page.evaluate(() => window.idle[0]());
  // Longer than the box would wait for an answer before it opens.
  await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 200)));
  // @ts-expect-error the page's own
  assert.equal(await page.evaluate(() => window.opened), 1, "it was open");
  assert.ok(
    await customer.button(says.service).evaluate(button => button.matches(":focus")),
    "the focus is where it was",
  );
  await customer.leave();
});

test("closed for silence, and requested again in one tap", async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  const customer = await Customer.arrive();
  const chat = await customer.talk(desk);
  const timer = customer.box.getByRole("timer");
  // The representative is there all the time, or the chat would go back to the queue instead.
  /** @param {string} what @param {import("./customer.mjs").Locator} shown */
  const attended = (what, shown) =>
    eventually(what, async () => {
      await Promise.all([desk.look(), desk.read(chat)]);
      return shown.isVisible();
    });
  await attended("the warning", timer.getByText(/Unless you answer, the chat ends in 0?0:\d\d/));
  await accessible(customer.page, "the warning before the end");
  await attended("the end", customer.button(says.en.again));
  await customer.reads("Nothing was said for a long time");
  assert.equal(await timer.isVisible(), false);
  await customer.press(says.en.again);
  await customer.reads(says.en.welcomeBack);
  await customer.field(says.en.write).waitFor();
  await customer.box.getByText(says.en.place).waitFor();
  const next = await desk.take();
  assert.notEqual(next, chat);
  await customer.wake();
  await eventually("joined again", async () => (await customer.texts()).some(text => text.includes("has joined")));
  assert.equal((await desk.look()).mine[0].name, says.en.person);
  await desk.close(next);
  await customer.leave();
});
