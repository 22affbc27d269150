// The whole article, from the red button to the rating, in both languages: each state as assistive technology meets it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Customer } from "./customer.mjs";
import { accessible, eventually, Representative, server } from "./harness.mjs";

for (const language of /** @type {const} */ (["bn", "en"])) {
  describe(`the article in ${language}`, () => {
    test("from the button to the rating", async () => {
      const desk = await Representative.logIn();
      await desk.clear();
      const customer = await Customer.arrive({ language });
      const { page, says } = customer;
      await accessible(page, "the choice of a language");

      await customer.press(says.language);
      await customer.button(says.service).waitFor();
      await accessible(page, "the menu");
      await customer.press(says.lost);
      const call = customer.box.getByRole("link", { name: says.helpline });
      assert.equal(await call.getAttribute("href"), "tel:16247");
      await accessible(page, "a matter of security");
      await customer.press(says.back);

      await customer.press(says.service);
      await customer.press(says.yes);
      await accessible(page, "the name");
      await customer.write(says.name, says.person);
      await customer.write(says.number, "12");
      const alert = customer.box.getByRole("alert").filter({ hasText: /./ });
      await alert.waitFor();
      assert.equal(await customer.field(says.number).inputValue(), "12", "what was refused can be corrected");
      await accessible(page, "a wrong number");
      await customer.write(says.number, says.digits);

      const status = customer.box.getByRole("status").filter({ hasText: says.place });
      await status.waitFor();
      await accessible(page, "waiting");
      const chat = await desk.take();
      await customer.wake();
      await customer.reads(says.joined);
      await customer.say(says.problem);
      await customer.sent();
      const typing = customer.box.getByRole("status").filter({ hasText: says.typing });
      await eventually("the customer sees somebody type", async () => {
        // Said again and again, as a desk does: one may be lost.
        await desk.type(chat);
        await customer.wake();
        return typing.isVisible();
      });
      await desk.say(chat, says.answer);
      await customer.wake();
      await customer.reads(says.answer);
      await accessible(page, "talking");

      await desk.askForm(chat, ["date-of-birth", "nid-number", "last-transaction-amount"]);
      await customer.wake();
      await customer.box.getByLabel(says.birth).fill("31/12/1990");
      await accessible(page, "a form");
      await customer.box.getByLabel(says.nid).fill("12");
      await customer.box.getByLabel(says.amount).fill("1500");
      await customer.press(says.securely);
      await eventually(
        "the wrong field is shown",
        async () => (await customer.box.getByLabel(says.nid).getAttribute("aria-invalid")) === "true",
      );
      assert.equal(await customer.box.getByLabel(says.birth).inputValue(), "31/12/1990", "the rest stays");
      await accessible(page, "a form with a mistake");
      await customer.box.getByLabel(says.nid).fill("1234567890");
      await customer.press(says.securely);
      await customer.reads(says.received);
      const answer = (await desk.everything(chat)).find(({ kind }) => kind === "form_answer");
      assert.equal(answer?.kind === "form_answer" && answer.values?.["nid-number"], "1234567890");

      await desk.close(chat);
      await customer.wake();
      await customer.button(says.again).waitFor();
      await accessible(page, "the rating");
      await customer.box.getByLabel(says.score).check();
      await customer.press(says.send);
      await customer.reads(says.thanks);
      await accessible(page, "the end");
      const events = await desk.everything(chat);
      assert.ok(events.some(event => event.kind === "rated" && event.score === 4));
      await customer.leave();
    });
  });
}

test("a text with a PIN is held back, and hidden when it is sent anyway", async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  const customer = await Customer.arrive();
  const { says } = customer;
  const chat = await customer.talk(desk);
  await customer.say(says.secret);
  await customer.button(says.change).waitFor();
  await accessible(customer.page, "the warning");
  assert.ok(!(await desk.everything(chat)).some(event => event.kind === "text" && event.text.includes("PIN")));
  await customer.press(says.change);
  assert.equal(await customer.field(says.write).inputValue(), says.secret);
  await customer.field(says.write).press("Enter");
  await customer.press(says.anyway);
  await customer.reads(says.hidden);
  const events = await desk.everything(chat);
  assert.ok(!JSON.stringify(events).includes("12345"));
  await customer.leave();
});

test("an amount is no PIN", async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  const customer = await Customer.arrive({ language: "bn" });
  await customer.talk(desk);
  for (const text of ["পিন দিয়ে ৫০০০ টাকা পাঠিয়েছি", "I forgot my PIN", "my number is 01712-345678, I forgot the PIN"]) {
    await customer.say(text);
    await customer.reads(text);
  }
  await customer.leave();
});

test("the transcript can be taken along", async () => {
  const customer = await Customer.arrive();
  const { page, says } = customer;
  await customer.press(says.language);
  await customer.button(says.service).waitFor();
  await customer.press(customer.says.menu);
  const download = page.waitForEvent("download");
  await customer.press(says.save);
  const file = await download;
  assert.equal(file.suggestedFilename(), "chat.txt");
  const text = await (await import("node:fs/promises")).readFile(await file.path(), "utf8");
  assert.match(text, /What do you need help with/);
  await customer.leave();
});

test("the customer ends the chat, after being asked", async () => {
  const customer = await Customer.arrive();
  const { says } = customer;
  await customer.press(says.language);
  await customer.button(says.service).waitFor();
  await customer.press(customer.says.menu);
  await customer.press(says.end);
  await accessible(customer.page, "the question before the end");
  await customer.press("Go on");
  await customer.button(says.service).waitFor();
  await customer.press(customer.says.menu);
  await customer.press(says.end);
  await customer.press(says.end);
  await customer.reads("You have ended the chat");
  assert.equal(await customer.box.getByText("How was our service").count(), 0, "there was nobody to rate");
  await customer.leave();
});

test("the button is red, at the bottom right, and moves nothing", async () => {
  const customer = await Customer.arrive({ url: `${server}/` });
  await customer.press("চ্যাট বক্স বন্ধ করুন");
  const place = await customer.launcher.boundingBox();
  const size = customer.page.viewportSize();
  assert.ok(place && size && place.x + place.width > size.width - 40 && place.y + place.height > size.height - 40);
  const colour = await customer.launcher.evaluate(button => getComputedStyle(button).backgroundColor);
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map(Number);
  assert.ok(red > 160 && green < 80 && blue < 120, colour);
  await accessible(customer.page, "the button");
  await customer.leave();
});
