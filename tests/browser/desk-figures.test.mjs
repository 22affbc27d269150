// What a supervisor sees.

import assert from "node:assert/strict";
import { test } from "node:test";
import { atDesk, Customer, emptyDesk } from "./desk-harness.mjs";
import { accessible, eventually } from "./harness.mjs";

test("the figures follow what happens", async () => {
  const representative = await emptyDesk();
  const desk = await atDesk({ height: 1200 });
  const { page } = desk;
  await page.getByRole("button", { name: "Figures" }).click();
  await page.getByRole("heading", { name: "How busy it is" }).waitFor();
  const figure = (/** @type {string} */ name) =>
    page.locator(".tile", { has: page.getByText(name, { exact: true }) }).locator("dd.value");
  const is = (/** @type {string} */ name, /** @type {RegExp} */ value) =>
    eventually(`${name} is ${value}`, async () => value.test((await figure(name).textContent()) ?? ""));
  await is("Waiting", /^0$/);
  await is("Longest wait", /^–$/);
  await is("Representatives online", /^[1-9]/);
  const before = Number(await figure("Chats taken").textContent());

  const customer = await Customer.waiting({ name: "Ayesha", language: "en" });
  await is("Waiting", /^1$/);
  await is("Longest wait", /^\d+:\d\d$/);
  await accessible(page, "figures in English");
  const chat = await representative.take();
  await is("Waiting", /^0$/);
  await is("Chats in progress", /^[1-9]/);
  await is("Chats taken", new RegExp(`^${before + 1}$`));
  await is("Average wait", /^\d+:\d\d$/);
  await representative.close(chat);
  await customer.post({ kind: "rating", score: 5 });
  await is("Ratings", /^[1-5]\.\d$/);
  await is("Average time of a chat", /^\d+:\d\d$/);
  await page
    .locator(".tile", { hasText: /Taken within/ })
    .getByRole("img")
    .waitFor();
  await page.getByRole("img", { name: /Customers waiting/ }).waitFor();
  await page
    .getByRole("row", { name: new RegExp(representative.name) })
    .getByText("Online")
    .waitFor();

  await page.getByRole("button", { name: "বাংলা" }).click();
  await page.getByRole("heading", { name: "এখন কেমন চলছে" }).waitFor();
  await accessible(page, "figures in Bangla");
  await page.setViewportSize({ width: 390, height: 800 });
  await accessible(page, "figures on a phone");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  await page.keyboard.press("Alt+KeyG");
  await page.getByRole("button", { name: "পরের চ্যাট নিন" }).waitFor();
  assert.deepEqual(desk.problems, []);
  await desk.close();
});
