// By keyboard alone, and as assistive technology meets it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Customer } from "./customer.mjs";
import { accessible, eventually, heard, person, Representative, server } from "./harness.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** The name of what has the focus. @param {Page} page @returns {Promise<string>} */
const focus = page =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const [label] = element instanceof HTMLInputElement ? (element.labels ?? []) : [];
    return element?.getAttribute("aria-label") ?? label?.textContent ?? element?.textContent ?? "";
  });

/** Presses the key until that has the focus. @param {Page} page @param {string} name @param {string} key */
const reach = async (page, name, key) => {
  for (let steps = 0; steps < 60; steps++) {
    if ((await focus(page)).startsWith(name)) return;
    await page.keyboard.press(key);
  }
  assert.fail(`nothing called ${name} can be reached with ${key}`);
};

for (const language of /** @type {const} */ (["bn", "en"])) {
  test(`the whole flow by keyboard in ${language}`, async () => {
    const desk = await Representative.logIn();
    await desk.clear();
    const customer = new Customer(await (await person()).newPage(), language);
    const { page, says } = customer;
    const { keyboard } = page;
    await page.goto(`${server}/`);
    const focused = () => focus(page);
    const tabTo = (/** @type {string} */ name, key = "Tab") => reach(page, name, key);
    const pick = async (/** @type {string} */ name) => {
      await customer.button(name).waitFor();
      await tabTo(name);
      await keyboard.press("Enter");
    };
    const type = async (/** @type {string} */ field, /** @type {string} */ text) => {
      // The field has the focus by itself: nobody has to look for it.
      await eventually(`focus on ${field}`, async () => (await focused()) === field);
      await keyboard.type(text);
      await keyboard.press("Enter");
    };

    await tabTo("লাইভ চ্যাট");
    await keyboard.press("Enter");
    await pick(says.language);
    await customer.button(says.service).waitFor();
    await eventually("focus on the first option", async () => (await focused()) === says.service);
    await pick(says.service);
    await pick(says.yes);
    await type(says.name, says.person);
    await type(says.number, says.digits);
    await customer.field(says.write).waitFor();
    const chat = await desk.take();
    await customer.wake();
    await customer.reads(says.joined);
    await type(says.write, says.problem);
    await customer.reads(says.problem);
    await desk.askForm(chat, ["nid-number"]);
    await customer.wake();
    await customer.box.getByLabel(says.nid).waitFor();
    assert.equal(await focused(), says.write, "nothing takes the focus from who is writing");
    await tabTo(says.nid, "Shift+Tab");
    await keyboard.type("১২৩৪৫৬৭৮৯০");
    await keyboard.press("Enter");
    await customer.reads(says.received);
    await desk.close(chat);
    await customer.wake();
    await customer.button(says.again).waitFor();
    await tabTo(says.highest, "Shift+Tab");
    for (const key of ["Space", "ArrowLeft"]) await keyboard.press(key);
    assert.equal(await focused(), says.score);
    await pick(says.send);
    await customer.reads(says.thanks);
    await keyboard.press("Escape");
    await eventually("the box is closed", async () => !(await customer.box.isVisible()));
    assert.equal((await focused()).startsWith("লাইভ চ্যাট"), true, "the focus is back on the button");
    await customer.leave();
  });
}

test("the menu by keyboard, and the focus never lost", async () => {
  const customer = await Customer.arrive();
  const { page, says } = customer;
  const { keyboard } = page;
  await customer.press(says.language);
  await customer.button(says.service).waitFor();
  /** Opens the menu, and goes on to what is called so in it. @param {string} name */
  const choose = async name => {
    await reach(page, says.menu, "Shift+Tab");
    await keyboard.press("Enter");
    await customer.button(says.save).waitFor();
    await reach(page, name, "Tab");
  };
  const isClosed = async () => {
    await customer.button(says.save).waitFor({ state: "detached" });
    assert.equal(await customer.button(says.menu).getAttribute("aria-expanded"), "false");
  };

  await choose("Sound");
  assert.equal(await customer.button(says.menu).getAttribute("aria-expanded"), "true");
  await accessible(page, "the open menu");
  await keyboard.press("Enter");
  await isClosed();
  assert.equal(await focus(page), says.menu, "back where the menu was opened");
  await choose(says.save);
  await keyboard.press("Escape");
  await isClosed();
  assert.equal(await focus(page), says.menu);
  await choose(says.end);
  await keyboard.press("Enter");
  await isClosed();
  assert.equal(await focus(page), "Go on", "the safe answer first");
  await keyboard.press("Enter");
  await customer.button(says.service).waitFor();
  assert.equal(await focus(page), says.service);
  await customer.leave();
});

test("an unfinished letter isn't sent", async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  const customer = await Customer.arrive();
  const { page, says } = customer;
  await customer.press(says.language);
  await customer.press(says.service);
  await customer.press(says.yes);
  const field = customer.field(says.name);
  await field.fill("রহ");
  await field.evaluate(node => {
    node.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, composed: true }),
    );
  });
  assert.equal(await field.inputValue(), "রহ");
  assert.equal(await customer.outbox.count(), 0);
  await page.context().close();
});

test("the log only grows, and is not read again after a reload", async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  const customer = await Customer.arrive();
  const { page, says } = customer;
  await customer.log.evaluate(log => {
    const changes = { removed: 0, changed: 0, added: /** @type {string[]} */ ([]) };
    Object.assign(window, { changes });
    new MutationObserver(records => {
      for (const { removedNodes, addedNodes, type, target } of records) {
        changes.removed += removedNodes.length;
        if (type === "characterData" || target !== log) changes.changed++;
        for (const node of addedNodes) changes.added.push(node.textContent ?? "");
      }
    }).observe(log, { childList: true, subtree: true, characterData: true });
  });
  const chat = await customer.talk(desk);
  await customer.say(says.problem);
  await desk.say(chat, says.answer);
  await customer.reads(says.answer);
  // @ts-expect-error the page's own
  const { removed, changed, added } = await page.evaluate(() => window.changes);
  assert.equal(removed + changed, 0, "append only");
  assert.equal(new Set(added).size, added.length, "each message once");
  assert.equal(await customer.log.getAttribute("aria-live"), "polite");

  await page.reload();
  await customer.reads(says.answer);
  assert.equal(await customer.log.getAttribute("aria-live"), "off", "history is not read out");
  await desk.say(chat, "Still there?");
  await customer.reads("Still there?");
  assert.equal(await customer.log.getAttribute("aria-live"), "polite");
  await customer.leave();
});

test("what assistive technology is told", async () => {
  const desk = await Representative.logIn();
  await desk.clear();
  const customer = await Customer.arrive();
  const { page, says } = customer;
  /** Fails where one of these is missing, or stands before the one that is named before it. @param {string[]} parts */
  const hears = async parts => {
    const all = await heard(page);
    let at = 0;
    for (const part of parts) {
      const found = all.findIndex((line, place) => place >= at && line.startsWith(part));
      assert.ok(found >= 0, `${part} after ${all[at]}, in\n${all.join("\n")}`);
      at = found;
    }
  };
  await customer.queue();
  await customer.box.getByText(says.place).waitFor();
  await hears([
    'dialog "Live Chat"',
    'heading "Live Chat" 2',
    'status ""',
    'StaticText "Waiting for a representative"',
    'button "Close the chat box"',
    'log "Live Chat"',
    'StaticText "You:"',
    'status ""',
    'StaticText "Your place in the queue: 1',
    'textbox "Write here"',
    'button "Send"',
  ]);
  const chat = await desk.take();
  await customer.wake();
  await customer.reads(says.joined);
  await hears(['status ""', `StaticText "Representative ${desk.name}"`, 'log "Live Chat"']);
  await desk.close(chat);
  await customer.button(says.again).waitFor();
  await hears(['log "Live Chat"', 'group "How was our service today?"', 'radio "4 out of 5"', 'button "Send"']);
  await customer.leave();
});

test("text of twice the size still fits", async () => {
  const context = await person({ viewport: { width: 640, height: 800 } });
  const page = await context.newPage();
  const customer = new Customer(page);
  await page.goto(`${server}/`);
  await page.evaluate(() => {
    const twice = new CSSStyleSheet();
    twice.replaceSync(".box, button { font-size: 32px !important }");
    document.querySelector("alap-chat")?.shadowRoot?.adoptedStyleSheets.push(twice);
  });
  await customer.launcher.click();
  await customer.press("English");
  await customer.button(customer.says.service).waitFor();
  const sideways = await customer.box.locator(".scroll").evaluate(node => node.scrollWidth > node.clientWidth);
  assert.equal(sideways, false);
  await accessible(page, "at twice the size");
  await context.close();
});
