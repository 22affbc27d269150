// Who looks elsewhere hears and reads in the title that something is new.

import assert from "node:assert/strict";
import { test } from "node:test";
import { atDesk, Customer, column, emptyDesk } from "./desk-harness.mjs";
import { eventually } from "./harness.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

/** Counts the tones that a page plays, from now on. @param {Page} page */
const listen = page =>
  page.evaluate(() => {
    const { prototype } = AudioScheduledSourceNode;
    const { start } = prototype;
    Object.assign(window, { tones: 0 });
    prototype.start = function (/** @type {number | undefined} */ when) {
      // @ts-expect-error a global of this test
      window.tones++;
      return start.call(this, when);
    };
  });

/** @param {Page} page @returns {Promise<number>} */
// @ts-expect-error a global of this test
const tones = page => page.evaluate(() => window.tones);

/** Somebody who looks at another window. @param {Page} page */
const lookElsewhere = page => page.evaluate(() => Object.assign(document, { hasFocus: () => false }));

test("what is new is heard, and flashes in the title", async () => {
  await emptyDesk();
  const desk = await atDesk();
  const { page } = desk;
  await listen(page);
  await lookElsewhere(page);
  const customer = await Customer.waiting({ name: "Salma", language: "en" });
  await eventually("a customer who waits is heard", async () => (await tones(page)) === 3);
  await eventually("the title says so", async () => (await page.title()) === "A customer is waiting");
  await eventually("and the usual title in turn", async () => /1 Waiting · Alap desk$/.test(await page.title()));

  await page.keyboard.press("F2");
  await column(page, "Salma").waitFor();
  await customer.say("Hello?");
  await eventually("a text is heard", async () => (await tones(page)) === 5);
  await eventually("the title says who wrote", async () => (await page.title()) === "Salma wrote");
  await eventually("and how many texts there are", async () => /^● 1/.test(await page.title()));

  await page.keyboard.press("Alt+KeyS");
  await customer.say("Are you there?");
  await eventually("the title counts on", async () => /^● 2/.test(await page.title()));
  assert.equal(await tones(page), 5, "who switched the sound off hears nothing");
  assert.deepEqual(desk.problems, []);
  await desk.close();
});
