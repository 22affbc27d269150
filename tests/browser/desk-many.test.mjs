// Several chats at once, on wide and on narrow screens, in two tabs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { atDesk, Customer, column, emptyDesk, focused, log, logIn, row } from "./desk-harness.mjs";
import { accessible, deskKey, eventually, server } from "./harness.mjs";

const NAMES = ["Ayesha", "Babul", "Chandni", "Delwar", "Emon"];

/** Five chats, taken with one key each. @param {import("./harness.mjs").Page} page */
async function takeFive(page) {
  const customers = [];
  for (const name of NAMES) {
    const customer = await Customer.waiting({ name, language: "en" });
    customers.push(customer);
    await eventually(`${name} is taken`, async () => {
      await page.keyboard.press("F2");
      return row(page, name)
        .waitFor({ timeout: 1_000 })
        .then(() => true);
    });
    // Whoever says nothing would be closed while the others are taken.
    await customer.say(`I am ${name}`);
    await log(page, name).getByText(`I am ${name}`).waitFor();
  }
  return customers;
}

test("five chats side by side, with marks for what is new", async () => {
  await emptyDesk();
  const desk = await atDesk({ width: 1600, height: 900 });
  const { page } = desk;
  const customers = await takeFive(page);
  await page.getByText("All your places are taken: 5 chats").waitFor();
  for (const name of ["Chandni", "Delwar", "Emon"]) await column(page, name).waitFor();
  assert.equal(await page.locator(".column").count(), 3, "as many columns as there is room for");
  assert.equal(await focused(page), `box-${customers[4]?.chat}`);
  await accessible(page, "five chats at 1600 pixels");
  assert.equal(await page.locator("[role=log]").count(), 3);
  const live = page.locator("[role=log][aria-live=polite]");
  assert.equal(await live.count(), 1, "assistive technology follows one conversation, not three");
  assert.match((await live.getAttribute("aria-label")) ?? "", /Emon/);

  await page.keyboard.type("for Emon");
  await customers[0]?.say("Is anybody there?");
  await row(page, "Ayesha").getByText("unread").waitFor();
  await eventually("the title counts", async () => /●/.test(await page.title()));
  assert.equal(await focused(page), `box-${customers[4]?.chat}`, "news does not take the keyboard away");

  await page.keyboard.press("Alt+1");
  await log(page, "Ayesha").getByText("Is anybody there?").waitFor();
  assert.equal(await focused(page), `box-${customers[0]?.chat}`);
  await row(page, "Ayesha").getByText("unread").waitFor({ state: "hidden" });
  await page.keyboard.type("Yes, I am.");
  await page.keyboard.press("Enter");
  await customers[0]?.hear("Yes, I am.");

  await page.keyboard.press("Alt+5");
  assert.equal(await column(page, "Emon").getByRole("textbox").inputValue(), "for Emon");
  await page.keyboard.press("Alt+ArrowUp");
  await column(page, "Delwar").waitFor();
  assert.equal(await focused(page), `box-${customers[3]?.chat}`);

  await customers[1]?.say("Hello?");
  await row(page, "Babul").getByText("unread").waitFor();
  for (const name of ["Chandni", "Delwar", "Emon"]) {
    const place = NAMES.indexOf(name) + 1;
    await page.keyboard.press(`Alt+${place}`);
    await column(page, name).getByRole("textbox").fill(`to ${name}`);
    await page.keyboard.press("Enter");
    await customers[place - 1]?.hear(`to ${name}`);
  }
  await row(page, "Babul").getByText("Your turn").waitFor();
  await eventually("who waits longest comes next", async () => {
    await page.keyboard.press("Alt+KeyU");
    return (await focused(page)) === `box-${customers[1]?.chat}`;
  });
  assert.deepEqual(desk.problems, []);
  await desk.close();
});

test("a second tab has the same chats", async () => {
  await emptyDesk();
  const customer = await Customer.waiting({ name: "Ayesha", language: "en" });
  const desk = await atDesk();
  const second = await desk.context.newPage();
  await second.goto(`${server}/desk`);
  await logIn(second, deskKey);
  await second.getByText("Connected").waitFor();
  await desk.page.keyboard.press("F2");
  await column(desk.page, "Ayesha").waitFor();
  await column(second, "Ayesha").waitFor();
  await second.bringToFront();
  await column(second, "Ayesha").getByRole("textbox").fill("from the second");
  await second.keyboard.press("Enter");
  await customer.hear("from the second");
  await desk.page.bringToFront();
  await log(desk.page, "Ayesha").getByText("from the second").waitFor();
  await desk.close();
});

test("on a phone there are the lists or one chat", async () => {
  await emptyDesk();
  const customer = await Customer.waiting({ name: "Ayesha", language: "en" });
  const desk = await atDesk({ width: 390, height: 800, dark: true });
  const { page } = desk;
  await accessible(page, "the lists on a phone");
  await page.getByRole("button", { name: "Take next chat" }).click();
  await column(page, "Ayesha").waitFor();
  assert.equal(await page.getByRole("button", { name: "Take next chat" }).isVisible(), false);
  await accessible(page, "a chat on a phone");
  await page.goBack();
  await page.getByRole("button", { name: "Take next chat" }).waitFor();
  await customer.say("Hello?");
  await row(page, "Ayesha").getByText("unread").waitFor();
  await row(page, "Ayesha").click();
  await log(page, "Ayesha").getByText("Hello?").waitFor();
  await page.reload();
  await log(page, "Ayesha").getByText("Hello?").waitFor();
  await page.getByRole("button", { name: "Back to the list" }).click();
  await page.getByRole("button", { name: "Take next chat" }).waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wide, false, "nothing to scroll sideways");
  await desk.close();
});

test("a long chat is there from its beginning, and shows its end", async () => {
  const representative = await emptyDesk();
  const customer = await Customer.waiting({ name: "Ayesha", language: "en" });
  const chat = await representative.take();
  for (let count = 1; count <= 120; count++) {
    // Who says nothing for long is taken to be gone, however busy this machine is.
    if (count % 40 === 0) await customer.say("I am here");
    await representative.say(chat, `text ${count}`);
  }
  const desk = await atDesk();
  const { page } = desk;
  const last = log(page, "Ayesha").getByText("text 120", { exact: true });
  await last.waitFor();
  await eventually("the end is on the screen", async () => {
    const [box, frame] = [await last.boundingBox(), await log(page, "Ayesha").boundingBox()];
    return box && frame && box.y + box.height <= frame.y + frame.height;
  });
  const said = await log(page, "Ayesha").locator(".bubble.own p").allTextContents();
  const written = Array.from({ length: 120 }, (_, place) => `text ${place + 1}`);
  assert.deepEqual(said, written);

  // Who has scrolled up stays there, and learns that there is more.
  await page.keyboard.press("Alt+KeyL");
  await page.keyboard.press("Home");
  const first = log(page, "Ayesha").getByText("text 1", { exact: true });
  await eventually("the beginning is on the screen", async () => ((await first.boundingBox())?.y ?? -1) > 0);
  await customer.say("I am still here");
  await representative.say(chat, "one more");
  await log(page, "Ayesha").getByText("one more").waitFor();
  assert.ok(((await first.boundingBox())?.y ?? -1) > 0);
  await desk.close();
});

test("what a customer wrote is shown as it was typed", async () => {
  await emptyDesk();
  const customer = await Customer.waiting({ name: "Ayesha", language: "en" });
  const desk = await atDesk({ width: 390, height: 800 });
  const { page } = desk;
  await page.getByRole("button", { name: "Take next chat" }).click();
  const words = ["<script>alert(1)</script><b>b</b>", "x".repeat(400), "שלום مرحبا 🙂", "*not bold* [no](link)"];
  for (const text of words) await customer.say(text);
  for (const text of words) await log(page, "Ayesha").getByText(text, { exact: true }).waitFor();
  assert.equal(await log(page, "Ayesha").locator("b, script").count(), 0);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wide, false);
  await accessible(page, "a chat with difficult texts");
  assert.deepEqual(desk.problems, []);
  await desk.close();
});
