// One chat from "take next" to its end, without a mouse.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANNED, fill } from "../../functions/site/pages/desk/canned.js";
import { atDesk, Customer, column, emptyDesk, focused, log, row, secondDeskKey } from "./desk-harness.mjs";
import { accessible, eventually, patience, Representative } from "./harness.mjs";

test("a chat is handled with the keyboard alone", async () => {
  await emptyDesk();
  const desk = await atDesk({ language: "bn" });
  const { page } = desk;
  await page.keyboard.press("F2");
  await page.getByText("এখন কেউ অপেক্ষায় নেই।").waitFor();
  const customer = await Customer.waiting({ name: "করিম" });
  await page
    .getByRole("region", { name: /^অপেক্ষায়/ })
    .getByRole("button", { name: "করিম" })
    .waitFor();
  await accessible(page, "somebody waits");
  await customer.say("আমি অপেক্ষা করছি");

  await page.keyboard.press("F2");
  await column(page, "করিম").waitFor();
  await log(page, "করিম").getByText("আমি অপেক্ষা করছি").waitFor();
  await customer.say("আমার টাকা পৌঁছায়নি। পিন ১২৩৪৫");
  await log(page, "করিম").getByText("কিছু সংখ্যা ঢাকা").waitFor();
  assert.ok(!(await page.content()).includes("১২৩৪৫"), "the PIN is nowhere");
  assert.equal(await focused(page), `box-${customer.chat}`, "the reply box has the keyboard");

  await page.keyboard.type("একটু সময় দিন");
  await eventually("the customer sees somebody type", async () => {
    await customer.read();
    return customer.typing;
  });
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("দেখছি");
  await page.keyboard.press("Enter");
  await customer.hear("একটু সময় দিন\nদেখছি");
  const typing = row(page, "গ্রাহক লিখছেন").or(page.getByRole("button", { name: /গ্রাহক লিখছেন/ }));
  await eventually("the desk shows somebody type", async () => {
    await customer.type();
    return typing.isVisible();
  });

  await page.keyboard.press("/");
  await page.getByRole("combobox", { name: "তৈরি উত্তর খুঁজুন" }).waitFor();
  await accessible(page, "canned replies");
  await page.keyboard.type("bye");
  await page.keyboard.press("Enter");
  const box = column(page, "করিম").getByRole("textbox", { name: "করিম-কে উত্তর" });
  assert.match(await box.inputValue(), /করিম/);
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");

  await page.keyboard.press("Alt+KeyI");
  await page.keyboard.type("আগেও ফোন করেছেন");
  await page.keyboard.press("Enter");
  await log(page, "করিম").getByText("আগেও ফোন করেছেন").waitFor();
  await customer.read();
  assert.ok(!JSON.stringify(customer.events).includes("আগেও ফোন"), "a note is for colleagues");

  const masked = column(page, "করিম").getByText("•••");
  assert.equal(await masked.first().isVisible(), true);
  await page.keyboard.press("Alt+KeyP");
  await column(page, "করিম").getByRole("link", { name: "+8801712345678" }).waitFor();
  await log(page, "করিম").getByText("গ্রাহকের মোবাইল নম্বর দেখা হয়েছে।").waitFor();
  await accessible(page, "a chat with note and number");
  await page.keyboard.press("Alt+KeyP");
  await column(page, "করিম").getByRole("link", { name: "+8801712345678" }).waitFor({ state: "hidden" });

  await page.keyboard.press("Alt+KeyA");
  const asked = page.getByRole("dialog", { name: /কী চান/ });
  await asked.waitFor();
  await accessible(page, "the question what to ask for");
  await page.keyboard.press("Enter");
  await asked.getByText("অন্তত একটি বেছে নিন।").waitFor();
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await asked.waitFor({ state: "hidden" });
  await column(page, "করিম").getByText("ফর্মের উত্তরের অপেক্ষায়").waitFor();
  await customer.post({ kind: "form", values: { "date-of-birth": "৩১/১২/১৯৯০", "nid-number": "1234567890" } });
  await log(page, "করিম").getByText("1990-12-31").waitFor();
  await accessible(page, "the answers to a form");

  await page.keyboard.press("Alt+KeyE");
  const end = page.getByRole("dialog", { name: "চ্যাট শেষ করবেন?" });
  await end.waitFor();
  await accessible(page, "the question how it ends");
  await page.keyboard.press("Enter");
  await column(page, "করিম").waitFor({ state: "hidden" });
  await page.getByText("করিম-এর চ্যাট শেষ হলো।").waitFor();
  await customer.read();
  const closed = customer.events.find(event => event.kind === "closed");
  assert.ok(closed?.kind === "closed" && closed.by === "agent" && closed.reason === "solved");
  assert.deepEqual(desk.problems, []);
  await desk.close();
});

test("a text that asks for a PIN stays in the box and says why", async () => {
  await emptyDesk();
  const customer = await Customer.waiting({ name: "Nusrat", language: "en" });
  const desk = await atDesk();
  const { page } = desk;
  await page.keyboard.press("F2");
  const box = column(page, "Nusrat").getByRole("textbox", { name: "Reply to Nusrat" });
  await box.waitFor();
  for (const words of ["Please send me your PIN", "আপনার ওটিপি নম্বরটা দিন"]) {
    await page.keyboard.type(words);
    await page.keyboard.press("Enter");
    await column(page, "Nusrat").getByRole("alert").getByText("asks for a PIN or an OTP").waitFor();
    assert.equal(await box.inputValue(), words);
    await accessible(page, "a refused text");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("x");
    await column(page, "Nusrat").getByRole("alert").getByText("asks for a PIN or an OTP").waitFor({ state: "hidden" });
    await page.keyboard.press("Backspace");
  }
  await customer.read();
  assert.ok(!customer.events.some(event => event.from === "agent" && event.kind === "text"));

  // What was refused while the next text is being written waits beside it.
  let answer = () => {};
  const held = new Promise(resolve => {
    answer = () => resolve(undefined);
  });
  await page.route("**/messages", async route => {
    if (route.request().postData()?.includes('"text"')) await held;
    await route.continue();
  });
  await page.keyboard.type("What is your PIN?");
  await page.keyboard.press("Enter");
  await page.keyboard.type("meanwhile");
  answer();
  await column(page, "Nusrat").getByRole("button", { name: "Edit" }).click();
  assert.equal(await box.inputValue(), "What is your PIN?\nmeanwhile");
  await column(page, "Nusrat").getByRole("alert").getByText("asks for a PIN or an OTP").waitFor();
  await desk.close();
});

test("a chat goes to a queue, and comes back", async () => {
  await emptyDesk();
  const customer = await Customer.waiting({ name: "Salma", language: "en" });
  const desk = await atDesk();
  const { page } = desk;
  await page.keyboard.press("F2");
  await column(page, "Salma").waitFor();
  await customer.say("I need somebody else.");
  await page.keyboard.press("Alt+KeyT");
  const dialog = page.getByRole("dialog", { name: "Who should take over?" });
  await dialog.waitFor();
  await accessible(page, "the question who takes over");
  await dialog.getByRole("button", { name: "Customer service" }).focus();
  await page.keyboard.press("Enter");
  await column(page, "Salma").waitFor({ state: "hidden" });
  await eventually("the customer waits again", async () => {
    await customer.read();
    return customer.phase === "waiting";
  });
  const waiting = page.getByRole("region", { name: /^Waiting/ }).getByRole("button", { name: /Salma/ });
  await waiting.getByText("Returned").waitFor();
  await page.keyboard.press("F2");
  await log(page, "Salma").getByText("I need somebody else.").waitFor();

  // What a customer ends says so, and is put away with the same key.
  await customer.close();
  await column(page, "Salma").getByText("The customer has ended the chat.").waitFor();
  await accessible(page, "a chat that is over");
  await column(page, "Salma").getByRole("textbox", { name: "Note on the chat with Salma" }).fill("Will call tomorrow.");
  await page.keyboard.press("Enter");
  await log(page, "Salma").getByText("Will call tomorrow.").waitFor();
  await page.keyboard.press("Alt+KeyE");
  await column(page, "Salma").waitFor({ state: "hidden" });
  assert.deepEqual(desk.problems, []);
  await desk.close();
});

test("a chat goes to a colleague", { skip: !secondDeskKey }, async () => {
  await emptyDesk();
  const colleague = await Representative.logIn(secondDeskKey);
  const customer = await Customer.waiting({ name: "Salma", language: "en" });
  const desk = await atDesk();
  const { page } = desk;
  await page.keyboard.press("F2");
  await column(page, "Salma").waitFor();
  const dialog = page.getByRole("dialog", { name: "Who should take over?" });
  await eventually("the colleague is seen online", async () => {
    await colleague.look();
    await page.keyboard.press("Alt+KeyT");
    const there = await dialog.getByRole("button", { name: colleague.name }).isVisible();
    if (!there) await page.keyboard.press("Escape");
    return there;
  });
  await dialog.getByRole("button", { name: colleague.name }).focus();
  await page.keyboard.press("Enter");
  await column(page, "Salma").waitFor({ state: "hidden" });
  await eventually("the colleague has the chat", async () =>
    (await colleague.look()).mine.some((/** @type {{chat: string}} */ mine) => mine.chat === customer.chat),
  );
  await colleague.clear();
  await desk.close();
});

test("who doesn't answer is counted down, and the end is said", async t => {
  const representative = await emptyDesk();
  await Customer.waiting({ name: "Salma", language: "en" });
  const desk = await atDesk();
  const { page } = desk;
  await page.keyboard.press("F2");
  await column(page, "Salma").getByRole("textbox").fill("What happened?");
  await page.keyboard.press("Enter");
  await column(page, "Salma")
    .getByText(/closes in \d:\d\d/)
    .waitFor();
  const { mine, now } = await representative.look();
  if (mine[0].closes_at - now < patience) {
    await log(page, "Salma").getByText("Are you still there?").waitFor();
    await column(page, "Salma").getByText("Closed: the customer did not answer.").waitFor();
    await accessible(page, "a chat that went quiet");
  } else {
    t.diagnostic("the server waits longer for customers than this test does");
  }
  await desk.close();
});

test("every canned reply is one the server takes", async () => {
  const representative = await emptyDesk();
  const customer = await Customer.waiting();
  const chat = await representative.take();
  for (const canned of CANNED) {
    for (const language of /** @type {const} */ (["bn", "en"])) {
      for (const name of ["করিম", undefined]) {
        const text = fill(canned, language, { name, agent: representative.name });
        assert.ok(!/[{}]/.test(text), text);
        if (name) await representative.say(chat, text);
      }
    }
  }
  await customer.read();
  await representative.clear();
});

test("all shortcuts are on a sheet", async () => {
  await emptyDesk();
  const desk = await atDesk();
  const { page } = desk;
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await sheet.waitFor();
  await accessible(page, "the sheet of shortcuts");
  await sheet.getByRole("checkbox", { name: /alone/ }).uncheck();
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "hidden" });
  await page.keyboard.press("?");
  assert.equal(await sheet.count(), 0, "single keys can be switched off");
  await page.keyboard.press("F1");
  await sheet.waitFor();
  await page.keyboard.press("Escape");

  const sound = page.getByRole("button", { name: "Sound alerts" });
  assert.equal(await sound.getAttribute("aria-pressed"), "true");
  await page.keyboard.press("Alt+KeyS");
  assert.equal(await sound.getAttribute("aria-pressed"), "false");
  await page.reload();
  assert.equal(await sound.getAttribute("aria-pressed"), "false", "remembered");
  await desk.close();
});
