// What colleagues do meanwhile is seen, and explained.

import assert from "node:assert/strict";
import { test } from "node:test";
import { atDesk, Customer, column, emptyDesk, log, secondDeskKey } from "./desk-harness.mjs";
import { accessible, Representative } from "./harness.mjs";

const AT_ONCE = { skip: !secondDeskKey };

test("a chat that a colleague took first is said to be theirs", AT_ONCE, async () => {
  await emptyDesk();
  const colleague = await Representative.logIn(secondDeskKey);
  const customer = await Customer.waiting({ name: "Salma", language: "en" });
  const desk = await atDesk();
  const { page } = desk;
  await page.route("**/claim", async route => {
    await colleague.ask(`/v1/desk/chats/${customer.chat}/claim`, {});
    await route.continue();
  });
  const waiting = page.getByRole("region", { name: /^Waiting/ }).getByRole("button", { name: /Salma/ });
  await waiting.click();
  await page.getByText("A colleague was quicker and has this chat.").waitFor();
  await waiting.waitFor({ state: "hidden" });
  await accessible(page, "a colleague was quicker");
  assert.equal(await column(page, "Salma").count(), 0);
  await colleague.clear();
  assert.deepEqual(desk.problems, []);
  await desk.close();
});

test("a chat that a colleague hands over comes with everything that was said", AT_ONCE, async () => {
  const representative = await emptyDesk();
  const colleague = await Representative.logIn(secondDeskKey);
  const customer = await Customer.waiting({ name: "Salma", language: "en" });
  const desk = await atDesk();
  const { page } = desk;
  await colleague.ask(`/v1/desk/chats/${customer.chat}/claim`, {});
  await customer.say("It is about my card.");
  await colleague.ask(`/v1/desk/chats/${customer.chat}/note`, {
    text: "Knows the steps already.",
    client_id: crypto.randomUUID(),
  });
  const { agents } = await representative.look();
  const { id } = agents.find((/** @type {{name: string}} */ agent) => agent.name === representative.name);
  const { status, body } = await colleague.ask(`/v1/desk/chats/${customer.chat}/transfer`, { agent: id });
  assert.equal(status, 200, JSON.stringify(body));

  await page.getByText("You have the chat with Salma now.").waitFor();
  await log(page, "Salma").getByText("It is about my card.").waitFor();
  await log(page, "Salma").getByText("Knows the steps already.").waitFor();
  await column(page, "Salma").getByRole("textbox").fill("I have read what you wrote.");
  await page.keyboard.press("Enter");
  await customer.hear("I have read what you wrote.");
  assert.deepEqual(desk.problems, []);
  await desk.close();
});
