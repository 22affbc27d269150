// Every state of the desk in dark colours, on a tablet: the other tests look at it in light ones.

import assert from "node:assert/strict";
import { test } from "node:test";
import { atDesk, Customer, column, emptyDesk, log } from "./desk-harness.mjs";
import { accessible, open, person, server } from "./harness.mjs";

test("all of it can be read in the dark", async () => {
  const { page: door } = await open(await person({ colorScheme: "dark" }), `${server}/desk`);
  await accessible(door, "log-in");
  await door.context().close();

  await emptyDesk();
  const desk = await atDesk({ width: 768, height: 1024, dark: true });
  const { page } = desk;
  await accessible(page, "the empty desk");
  const customer = await Customer.waiting({ name: "Salma", language: "en" });
  await page.keyboard.press("F2");
  await column(page, "Salma").waitFor();
  await customer.say("I can't log in, my PIN is 12345");
  await log(page, "Salma").getByText("Some digits are hidden").waitFor();
  await Customer.waiting({ name: "করিম" });
  await page
    .getByRole("region", { name: /^Waiting/ })
    .getByRole("button", { name: /করিম/ })
    .waitFor();
  await page.keyboard.press("Alt+KeyI");
  await page.keyboard.type("Second call this week.");
  await page.keyboard.press("Enter");
  await log(page, "Salma").getByText("Second call this week.").waitFor();
  await page.keyboard.press("Alt+KeyP");
  await column(page, "Salma").getByRole("link", { name: "+8801712345678" }).waitFor();
  await accessible(page, "a chat with note, number and hidden digits");

  for (const [key, name] of /** @type {const} */ ([
    ["Alt+KeyT", "Who should take over?"],
    ["Alt+KeyE", "End this chat?"],
    ["F1", "Keyboard shortcuts"],
    ["Alt+KeyA", "What should confirm that the account is theirs?"],
  ])) {
    await page.keyboard.press(key);
    await page.getByRole("dialog", { name }).waitFor();
    await accessible(page, name);
    if (key !== "Alt+KeyA") await page.keyboard.press("Escape");
  }
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await column(page, "Salma").getByText("Form not answered yet").waitFor();
  await accessible(page, "a form that was asked for");
  await customer.post({ kind: "form", values: { "date-of-birth": "31/12/1990" } });
  await log(page, "Salma").getByText("1990-12-31").waitFor();
  await accessible(page, "the answers to a form");

  await page.keyboard.press("Alt+KeyC");
  await page.getByRole("combobox").waitFor();
  await accessible(page, "canned replies");
  await page.keyboard.press("Escape");
  await page.keyboard.type("What is your PIN?");
  await page.keyboard.press("Enter");
  await column(page, "Salma").getByRole("alert").getByText("asks for a PIN or an OTP").waitFor();
  await accessible(page, "a refused text");
  await page.keyboard.press("Alt+KeyG");
  await page.getByRole("heading", { name: "How busy it is" }).waitFor();
  await accessible(page, "figures");
  await page.keyboard.press("Alt+KeyG");
  await desk.context.setOffline(true);
  await page.getByText("No connection").waitFor();
  await accessible(page, "no connection");
  await desk.context.setOffline(false);
  await page.getByText("Connected").waitFor();
  await customer.close();
  await column(page, "Salma").getByText("The customer has ended the chat.").waitFor();
  await accessible(page, "a chat that is over");
  assert.deepEqual(desk.problems, []);
  await desk.close();
});
