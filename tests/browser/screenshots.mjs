// The pictures in docs/screenshots: `cargo xtask screenshots` runs this against a server of its own.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Customer as AtTheWidget } from "./customer.mjs";
import { atDesk, Customer, column, log, row, secondDeskKey } from "./desk-harness.mjs";
import { Representative } from "./harness.mjs";

const folder = process.env.ALAP_PICTURES ?? "artefacts";
await mkdir(folder, { recursive: true });

/** A phone many customers have. */
const phone = { viewport: { width: 390, height: 700 }, deviceScaleFactor: 1.5, hasTouch: true, isMobile: true };

/** @param {import("./harness.mjs").Page} page @param {string} name */
const picture = (page, name) => page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });

test("widget-closed, widget-open, widget-conversation", async () => {
  const desk = await Representative.logIn();
  const customer = await AtTheWidget.arrive({ language: "bn", context: phone });
  const { page, says } = customer;
  await customer.press(says.close);
  await picture(page, "widget-closed");
  await customer.launcher.click();
  await picture(page, "widget-open");

  const chat = await customer.talk(desk);
  await desk.say(chat, "আসসালামু আলাইকুম, কীভাবে সাহায্য করতে পারি?");
  await customer.reads("কীভাবে সাহায্য করতে পারি");
  await customer.say(says.problem);
  await customer.sent();
  await desk.say(chat, "দুঃখিত। কখন পাঠিয়েছেন, আর কত টাকা?");
  await customer.reads("কত টাকা?");
  await customer.say("আজ সকাল ১০টায়, ১৫০০ টাকা");
  await customer.sent();
  await desk.say(chat, "ধন্যবাদ। লেনদেনটি দেখে এখনই জানাচ্ছি।");
  await customer.reads("এখনই জানাচ্ছি");
  await desk.type(chat);
  await customer.box.locator(".head").getByText("…").waitFor();
  await picture(page, "widget-conversation");
  await desk.close(chat);
  await page.context().close();
});

test("desk, figures", async () => {
  const colleague = await Representative.logIn(secondDeskKey);
  const desk = await atDesk({ language: "en", width: 1280, height: 800 });
  const { page } = desk;
  for (const [name, language, text] of /** @type {const} */ ([
    ["আব্দুল করিম", "bn", "টাকা পাঠিয়েছি, কিন্তু পৌঁছায়নি।"],
    ["Kamal Hossain", "en", "My cash-out shows pending since this morning."],
  ])) {
    const customer = await Customer.waiting({ name, language });
    await page.keyboard.press("F2");
    await column(page, name).waitFor();
    await customer.say(text);
    await log(page, name).getByText(text).waitFor();
  }
  await column(page, "Kamal Hossain").getByRole("textbox").fill("Let me look into that for you.");
  await page.keyboard.press("Enter");
  await log(page, "Kamal Hossain").getByText("Let me look into that for you.").waitFor();
  await page.keyboard.press("Alt+KeyI");
  await page.keyboard.type("Agent point in Mirpur 10, second call this week.");
  await page.keyboard.press("Enter");
  await log(page, "Kamal Hossain").getByText("Agent point in Mirpur 10").waitFor();
  for (const [name, language] of /** @type {const} */ ([
    ["সালমা বেগম", "bn"],
    ["Nusrat Jahan", "en"],
  ])) {
    await Customer.waiting({ name, language });
    await page
      .getByRole("region", { name: /^Waiting/ })
      .getByRole("button", { name })
      .waitFor();
  }
  await row(page, "আব্দুল করিম").click();
  await page.keyboard.type("একটু সময় দিন, ");
  await colleague.look();
  await picture(page, "desk");
  await page.keyboard.press("Alt+KeyG");
  await page.getByRole("heading", { name: "How busy it is" }).waitFor();
  await picture(page, "desk-figures");
  await desk.close();
});
