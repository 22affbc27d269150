// Messages that were left while nobody was there.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { atDesk, Customer, column, emptyDesk, log } from "./desk-harness.mjs";
import { accessible, eventually, patience } from "./harness.mjs";

/** The longest a representative who left may count as there, in milliseconds: the server's setting without tests. */
const LOST = 60_000;

/** A customer who finds nobody. @param {string} name */
async function turnedAway(name) {
  const until = Date.now() + LOST + patience;
  for (;;) {
    const customer = await Customer.start();
    await customer.goTo("en", name);
    if (customer.phase === "flow") return customer;
    await customer.close();
    assert.ok(Date.now() < until, "somebody still counts as online");
    await new Promise(resolve => setTimeout(resolve, 500));
  }
}

test("a message is read, noted on and dealt with", async () => {
  await emptyDesk();
  // Messages of an earlier run may be there.
  const name = `Ayesha ${randomUUID().slice(0, 6)}`;
  const customer = await turnedAway(name);
  await customer.post({ kind: "option", option: "leave-message" });
  await customer.say("Please call me about TrxID 9HX7K2M1QP.");

  const desk = await atDesk();
  const { page } = desk;
  const messages = page.getByRole("region", { name: /^Messages left/ });
  await messages
    .getByRole("button", { name: /Ayesha/ })
    .first()
    .click();
  await log(page, name).getByText("Please call me about TrxID 9HX7K2M1QP.").waitFor();
  await accessible(page, "a message");
  assert.equal(await column(page, name).getByRole("button", { name: "Reply" }).isVisible(), false);
  await page.keyboard.press("Alt+KeyP");
  await column(page, name).getByRole("link", { name: "+8801712345678" }).waitFor();
  await column(page, name)
    .getByRole("textbox", { name: `Note on the chat with ${name}` })
    .fill("Called back.");
  await page.keyboard.press("Enter");
  await log(page, name).getByText("Called back.").waitFor();
  await page.keyboard.press("Alt+KeyE");
  await page.getByText(`The message from ${name} is dealt with.`).waitFor();
  await column(page, name).waitFor({ state: "hidden" });
  await eventually("the message is off the list", async () => !(await messages.getByRole("button", { name }).count()));
  assert.deepEqual(desk.problems, []);
  await desk.close();
});
