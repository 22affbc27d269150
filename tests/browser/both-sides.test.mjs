// The whole article with both sides in Chromium: a customer at the widget, a representative at the desk.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Customer } from "./customer.mjs";
import { atDesk, column, emptyDesk, log } from "./desk-harness.mjs";
import { eventually } from "./harness.mjs";

for (const language of /** @type {const} */ (["bn", "en"])) {
  test(`customer and representative in ${language}`, async () => {
    await emptyDesk();
    const desk = await atDesk({ language });
    const { keyboard } = desk.page;
    const customer = await Customer.arrive({ language });
    const { says } = customer;
    const said = log(desk.page, says.person);

    // The customer goes through the flow to the queue, where the desk sees them.
    await customer.queue();
    await customer.box.getByRole("status").filter({ hasText: says.place }).waitFor();
    await desk.page
      .getByRole("region", { name: /^(Waiting|অপেক্ষায়)/ })
      .getByRole("button", { name: says.person })
      .waitFor();
    await keyboard.press("F2");
    await column(desk.page, says.person).waitFor();
    await customer.reads(says.joined);

    // Both talk; each sees the other typing.
    await customer.field(says.write).pressSequentially(says.problem);
    await desk.page
      .getByText(/গ্রাহক লিখছেন|The customer is typing/)
      .first()
      .waitFor();
    await customer.field(says.write).press("Enter");
    await said.getByText(says.problem).waitFor();
    await keyboard.type(says.answer);
    await customer.box.getByRole("status").filter({ hasText: says.typing }).waitFor();
    await keyboard.press("Enter");
    await customer.reads(says.answer);
    await customer.say(says.secret);
    await customer.press(says.anyway);
    await said.getByText(says.hidden).waitFor();
    assert.ok(!(await desk.page.content()).includes(says.secret.match(/[\d০-৯]+/)?.[0] ?? ""), "the PIN is nowhere");

    // The representative asks who the customer is.
    await keyboard.press("Alt+KeyA");
    await desk.page.getByRole("dialog").waitFor();
    await keyboard.press("Space");
    await keyboard.press("Enter");
    await customer.box.getByLabel(says.birth).fill("31/12/1990");
    await customer.press(says.securely);
    await customer.reads(says.received);
    await said.getByText("1990-12-31").waitFor();
    assert.equal(await customer.log.getByText("1990").count(), 0, "the answers are for the representative alone");

    // The end, and what the customer thought of it.
    await keyboard.press("Alt+KeyE");
    await desk.page.getByRole("dialog").waitFor();
    await keyboard.press("Enter");
    await column(desk.page, says.person).waitFor({ state: "hidden" });
    await customer.box.getByLabel(says.score).check();
    await customer.press(says.send);
    await customer.reads(says.thanks);
    await customer.press(says.again);
    await customer.reads(says.welcomeBack);
    await eventually("in the queue again", () =>
      desk.page
        .getByRole("region", { name: /^(Waiting|অপেক্ষায়)/ })
        .getByRole("button", { name: says.person })
        .isVisible(),
    );
    await customer.leave();
    assert.deepEqual(desk.problems, []);
    await desk.close();
  });
}
