// What a customer is writing, where the operator lets representatives see it: a server of its own.

import assert from "node:assert/strict";
import { test } from "node:test";

process.env.ALAP_URL = process.env.ALAP_PREVIEW_URL;
process.env.ALAP_DESK_KEY = process.env.ALAP_PREVIEW_DESK_KEY;
const { Customer } = await import("./customer.mjs");
const { atDesk, log } = await import("./desk-harness.mjs");
const { accessible, eventually, person, Representative, server } = await import("./harness.mjs");

test("the desk shows what the customer is writing, who was told so", async () => {
  const representative = await Representative.logIn();
  const customer = new Customer(await (await person()).newPage(), "en");
  await customer.page.goto(`${server}/chat?lang=en`);
  const { says } = customer;
  await customer.press(says.service);
  await customer.press(says.yes);
  await customer.write(says.name, says.person);
  await customer.write(says.number, says.digits);
  await customer.field(says.write).waitFor();
  await representative.take();
  await customer.wake();
  await customer.reads("can see what you are writing before you send it");

  const desk = await atDesk();
  await desk.page.getByRole("button", { name: says.person }).first().click();
  const said = log(desk.page, says.person);
  const draft = said.locator("q");
  /** @param {string} text */
  const shows = text => eventually(`a draft "${text}"`, async () => (await draft.textContent()) === text);

  const field = customer.field(says.write);
  /** @type {string[]} */
  const sent = [];
  customer.page.on("request", request => sent.push(request.postData() ?? ""));
  await field.pressSequentially("I sent 500");
  await shows("I sent •••");
  await field.pressSequentially(" taka twice");
  await shows("I sent ••• taka twice");
  await accessible(desk.page, "a draft at the desk");
  // What may become a secret stays on the device.
  await field.fill("my PIN is 12");
  await draft.waitFor({ state: "hidden" });
  assert.ok(!sent.some(body => /500|PIN/.test(body)), sent.join("\n"));
  // A text that was sent is no draft any more.
  await field.fill("It did not arrive.");
  await shows("It did not arrive.");
  await field.press("Enter");
  await said.getByText("It did not arrive.").first().waitFor();
  await draft.waitFor({ state: "hidden" });

  assert.deepEqual(desk.problems, []);
  await desk.close();
  await customer.leave();
  await representative.clear();
});
