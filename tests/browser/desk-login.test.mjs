// Who may sit at the desk, and that the desk is as it was after a reload.

import assert from "node:assert/strict";
import { test } from "node:test";
import { atDesk, Customer, column, emptyDesk, log, logIn } from "./desk-harness.mjs";
import { accessible, deskKey, open, person, server } from "./harness.mjs";

test("the desk opens to who has a key", async () => {
  await emptyDesk();
  const { page, problems } = await open(await person(), `${server}/desk`);
  const key = page.getByRole("textbox", { name: "অ্যাক্সেস কী" });
  await accessible(page, "log-in in Bangla");

  await page.keyboard.press("Enter");
  await page.getByText("অ্যাক্সেস কী দিন।").waitFor();
  await logIn(page, "alap_nokeyatall");
  const alert = page.getByRole("alert").filter({ hasText: "এই কী দিয়ে ঢোকা গেল না" });
  await alert.waitFor();
  assert.equal(await key.getAttribute("aria-invalid"), "true");
  assert.ok(await key.evaluate(element => element === document.activeElement), "the key can be typed anew at once");
  await accessible(page, "log-in with a wrong key");

  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { name: "The representatives' desk" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await logIn(page, ` ${deskKey} `);
  await page.getByRole("button", { name: "Take next chat" }).waitFor();
  await page.getByText("Connected").waitFor();
  await accessible(page, "the empty desk");

  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }) + document.cookie);
  assert.ok(!stored.includes("alap_") && !stored.includes("token"), "only this tab knows the token");
  assert.deepEqual(problems, []);

  const other = await page.context().newPage();
  await other.goto(`${server}/desk`);
  await other.getByRole("heading", { name: "The representatives' desk" }).waitFor();

  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("heading", { name: "The representatives' desk" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "The representatives' desk" }).waitFor();
  await page.context().close();
});

test("a reload changes nothing", async () => {
  await emptyDesk();
  const customer = await Customer.waiting({ name: "Rokeya", language: "en" });
  const desk = await atDesk();
  const { page } = desk;
  await page.keyboard.press("F2");
  await column(page, "Rokeya").waitFor();
  await customer.say("My money is gone.");
  await log(page, "Rokeya").getByText("My money is gone.").waitFor();
  await page.keyboard.type("half a sentence");
  await page.reload();
  await log(page, "Rokeya").getByText("My money is gone.").waitFor();
  const box = column(page, "Rokeya").getByRole("textbox", { name: "Reply to Rokeya" });
  assert.equal(await box.inputValue(), "half a sentence");

  await page.getByRole("button", { name: "বাংলা" }).click();
  await log(page, "Rokeya").getByText("My money is gone.").waitFor();
  assert.equal(await column(page, "Rokeya").getByRole("textbox").inputValue(), "half a sentence");
  await accessible(page, "one chat in Bangla");
  await page.reload();
  assert.equal(await page.locator("html").getAttribute("lang"), "bn");
  await column(page, "Rokeya").waitFor();
  await page.getByRole("button", { name: "লগ আউট" }).click();
  await page.getByRole("dialog").getByText("১টি চ্যাট").waitFor();
  await accessible(page, "asked before logging out");
  assert.deepEqual(desk.problems, []);
  await desk.close();
});

test("an expired log-in loses nothing that was written", async () => {
  await emptyDesk();
  const customer = await Customer.waiting({ name: "Rokeya", language: "en" });
  const desk = await atDesk();
  const { page } = desk;
  await page.keyboard.press("F2");
  await column(page, "Rokeya").waitFor();
  await page.keyboard.type("not sent yet");
  const body = JSON.stringify({ status: 401, code: "token-expired" });
  await page.route(/\/v1\/(desk|chats)/, route =>
    route.request().url().endsWith("/login")
      ? route.continue()
      : route.fulfill({ status: 401, contentType: "application/problem+json", body }),
  );
  await page.keyboard.press("Enter");
  await page.getByText("Your log-in has expired.").waitFor();
  await accessible(page, "an expired log-in");
  await page.unroute(/\/v1\/(desk|chats)/);
  await logIn(page, deskKey);
  await log(page, "Rokeya").getByText("not sent yet").waitFor();
  await customer.hear("not sent yet");
  assert.equal(customer.heard("not sent yet").length, 1);
  await desk.close();
});
