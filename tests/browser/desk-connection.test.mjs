// A bad line: what is written arrives once, and one always sees how the connection is.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { atDesk, Customer, column, emptyDesk, log } from "./desk-harness.mjs";
import { accessible } from "./harness.mjs";

/** @type {Customer} */
let customer;

beforeEach(async () => {
  await emptyDesk();
  customer = await Customer.waiting({ name: "Ayesha", language: "en" });
});

async function talking() {
  const desk = await atDesk();
  await desk.page.keyboard.press("F2");
  await column(desk.page, "Ayesha").waitFor();
  return desk;
}

test("without a connection texts wait, and go once it is back", async () => {
  const desk = await talking();
  const { page, context } = desk;
  await context.setOffline(true);
  await page.getByText("No connection").waitFor();
  await page.keyboard.type("one");
  await page.keyboard.press("Enter");
  await page.keyboard.type("two");
  await page.keyboard.press("Enter");
  await log(page, "Ayesha").getByText("Not sent").first().waitFor();
  await accessible(page, "no connection");
  await customer.say("Are you there?");
  await page.keyboard.type("three");

  await context.setOffline(false);
  await page.getByText("Connected").waitFor();
  await log(page, "Ayesha").getByText("Are you there?").waitFor();
  await customer.hear("two");
  assert.equal(customer.heard("one").length, 1);
  assert.equal(customer.heard("two").length, 1);
  const said = customer.events.flatMap(event => (event.from === "agent" && event.kind === "text" ? [event.text] : []));
  assert.deepEqual(said, ["one", "two"], "in the order they were written");
  assert.equal(await column(page, "Ayesha").getByRole("textbox").inputValue(), "three");
  await log(page, "Ayesha").getByText("Not sent").waitFor({ state: "hidden" });
  await desk.close();
});

test("an answer that was lost is not sent twice", async () => {
  const desk = await talking();
  const { page } = desk;
  let lost = 0;
  await page.route("**/messages", async route => {
    if (!route.request().postData()?.includes('"text"') || lost) return route.continue();
    lost++;
    // The server has taken it; the desk never hears.
    await route.fetch();
    return route.abort("connectionreset");
  });
  await page.keyboard.type("only once");
  await page.keyboard.press("Enter");
  await customer.hear("only once");
  await log(page, "Ayesha")
    .getByText(/Not sent|Sending/)
    .waitFor({ state: "hidden" });
  await page.keyboard.type("and then this");
  await page.keyboard.press("Enter");
  await customer.hear("and then this");
  assert.equal(lost, 1);
  assert.equal(customer.heard("only once").length, 1);
  assert.equal(await log(page, "Ayesha").getByText("only once", { exact: true }).count(), 1);
  await desk.close();
});

test("what could not be sent outlives a reload", async () => {
  const desk = await talking();
  const { page } = desk;
  await page.route("**/messages", route => route.abort("connectionfailed"));
  await page.keyboard.type("hold on to this");
  await page.keyboard.press("Enter");
  await log(page, "Ayesha").getByText("Not sent").waitFor();
  await page.unroute("**/messages");
  await page.reload();
  await customer.hear("hold on to this");
  await log(page, "Ayesha").getByText("hold on to this").waitFor();
  assert.equal(customer.heard("hold on to this").length, 1);
  await desk.close();
});

for (const { status, code, words } of [
  { status: 429, code: "too-many-requests", words: "There were too many requests at once." },
  { status: 503, code: "busy", words: "The server has too much to do right now." },
]) {
  test(`${status} is explained, with a countdown and a way not to wait`, async () => {
    const desk = await talking();
    const { page } = desk;
    let turned = 0;
    const body = JSON.stringify({ status, code, retry_after_s: 30 });
    const refuse = (/** @type {import("playwright-core").Route} */ route) => {
      turned++;
      return route.fulfill({ status, contentType: "application/problem+json", headers: { "Retry-After": "30" }, body });
    };
    await page.route("**/v1/desk?*", refuse);
    await page.route("**/messages", refuse);
    await page.keyboard.type("patience");
    await page.keyboard.press("Enter");
    await log(page, "Ayesha").getByText("Not sent, next try in").waitFor();
    await page.reload();
    await page.getByText(words).waitFor();
    await page.getByText(/Trying again in 0:[0-3]\d/).waitFor();
    await accessible(page, `${status}`);
    const before = turned;
    await page.unroute("**/v1/desk?*");
    await page.unroute("**/messages");
    assert.ok(before >= 2);
    await page.getByRole("button", { name: "Try now" }).click();
    await page.getByText("Connected").waitFor();
    await customer.hear("patience");
    await page.getByText(words).waitFor({ state: "hidden" });
    await desk.close();
  });
}
