/** @import {Desk} from "../desk.js" */
/** @import {Chat} from "../chat.js" */
import { everySecond, serverNow } from "../clock.js";
import { h, icon, reveal, set, write } from "../dom.js";
import { duration, text } from "../text.js";
import { composerView } from "./composer.js";
import { askDetails, askEnd, askTransfer } from "./dialogs.js";
import { languageMark } from "./lists.js";
import { logView } from "./log.js";
import { parcelsView } from "./parcels.js";
import { TURN_LIMITS, waitedFor } from "./waited.js";

/** Seconds before the chat closes at which the countdown looks urgent. */
const SOON = 30;

/** One chat: who it is, what was said, where one writes. @param {Desk} desk @param {Chat} chat */
export function columnView(desk, chat) {
  const id = `chat-${chat.id}`;
  const name = h("h2", { id });
  const verified = h("span", { class: "verified", title: text("verified-hint") }, icon("verified"), text("verified"));
  const about = h("span", { class: "about", lang: chat.row.language });
  const phone = h("a", { class: "number" });
  const eye = h("button", {
    type: "button",
    class: "quiet",
    title: `${text("number-noted")} (Alt+P)`,
    onclick: number,
  });
  const turn = h("span", { class: "turn" });
  const time = h("span", { class: "time" });
  const closing = h("span", { class: "closing" });
  const form = h("span", { class: "form-open" }, icon("form"), text("form-open"));
  const over = h("p", { class: "over", role: "status" });
  const action = (
    /** @type {import("../dom.js").IconName} */ picture,
    /** @type {import("../text.js").Key} */ words,
    /** @type {string} */ keys,
    /** @type {() => void} */ act,
  ) =>
    h(
      "button",
      { type: "button", title: `${text(words)} (${keys})`, onclick: act },
      icon(picture),
      h("span", {}, text(words)),
    );
  const details = action("form", "ask-details", "Alt+A", () => askDetails(desk, chat));
  const transfer = action("transfer", "transfer", "Alt+T", () => askTransfer(desk, chat));
  const end = action("end", "end", "Alt+E", finish);
  const handled = action("end", "handled", "Alt+E", finish);
  const dismiss = action("cross", "dismiss", "Alt+E", finish);
  const log = logView(chat);
  const composer = composerView(desk, chat);
  const parcels = parcelsView(desk, chat, log.pending);

  const element = h(
    "section",
    { class: "column", "aria-labelledby": id, "data-chat": chat.id, onfocusin: () => desk.layout.activate(chat.id) },
    h(
      "header",
      {},
      h(
        "button",
        {
          type: "button",
          class: "quiet back",
          "aria-label": text("back"),
          title: text("back"),
          onclick: () => history.back(),
        },
        icon("back"),
      ),
      h(
        "div",
        { class: "who" },
        h("div", { class: "line" }, name, languageMark(chat.row.language), verified),
        h("div", { class: "line soft" }, about, h("span", { class: "line phone" }, phone, eye)),
      ),
      h("div", { class: "actions" }, details, transfer, end, handled, dismiss),
      h("div", { class: "state" }, turn, time, closing, form),
    ),
    over,
    log.element,
    composer.element,
  );

  function number() {
    if (chat.number) desk.actions.hideNumber(chat);
    else desk.actions.showNumber(chat);
  }

  function finish() {
    if (chat.ending) desk.layout.dismiss(chat);
    else if (chat.kind === "message") desk.actions.handled(chat);
    else askEnd(desk, chat);
  }

  const talks = () => chat.kind === "own" && !chat.ending;
  const tick = waitedFor(
    time,
    () => (talks() && chat.row.turn === "agent" ? chat.row.turn_since : undefined),
    TURN_LIMITS,
  );
  const countDown = () => {
    const { closes_at, turn } = chat.row;
    const left = closes_at && talks() && turn !== "agent" ? closes_at - serverNow() : undefined;
    write(
      closing,
      left === undefined ? "" : left > 0 ? text("closes-in", { time: duration(left + 999) }) : text("closes-now"),
    );
    set(closing, "data-level", left !== undefined && left < SOON * 1_000 && "warn");
  };
  everySecond(closing, countDown);

  const update = () => {
    const { row } = chat;
    const active = desk.layout.active === chat.id;
    set(element, "data-active", active);
    set(element, "data-ending", Boolean(chat.ending));
    write(name, row.name ?? text("customer"));
    reveal(verified, Boolean(row.verified));
    write(about, row.topic_label ?? "");
    write(phone, chat.number ?? row.number ?? "");
    set(phone, "href", chat.number && `tel:${chat.number}`);
    reveal(eye, !chat.ending && (Boolean(row.number) || chat.kind === "message"));
    set(eye, "aria-pressed", String(Boolean(chat.number)));
    set(eye, "aria-label", text(chat.number ? "hide-number" : "show-number"));
    if (eye.dataset.shown !== String(Boolean(chat.number))) {
      eye.dataset.shown = String(Boolean(chat.number));
      eye.replaceChildren(icon(chat.number ? "hide" : "eye"));
    }
    const mine = talks() && row.turn === "agent";
    write(turn, talks() && row.turn ? text(mine ? "your-turn" : "their-turn") : "");
    set(turn, "data-mine", mine);
    reveal(form, talks() && Boolean(row.form_open));
    reveal(details, talks());
    details.setAttribute("aria-disabled", String(Boolean(row.form_open)));
    reveal(transfer, talks());
    reveal(end, talks());
    reveal(handled, chat.kind === "message" && !chat.ending);
    reveal(dismiss, Boolean(chat.ending));
    write(over, chat.ending ? text(whyOver(chat)) : "");
    reveal(over, Boolean(chat.ending));
    tick();
    countDown();
    log.update(active);
    parcels();
    composer.update();
  };
  return {
    element,
    update,
    box: composer.box,
    log: log.log,
    openCanned: composer.openCanned,
    note: composer.note,
    number,
    finish,
    details: () => details.hidden || details.click(),
    transfer: () => transfer.hidden || transfer.click(),
  };
}

/** @param {Chat} chat @returns {import("../text.js").Key} */
function whyOver(chat) {
  if (chat.kind === "message") return "over-message";
  if (chat.ending !== "closed") return `over-${chat.ending ?? "requeued"}`;
  const closed = chat.events.findLast(event => event.kind === "closed");
  const reason = closed?.kind === "closed" ? closed.reason : "agent";
  if (reason === "customer") return "over-customer";
  return reason === "idle" || reason === "gone" ? "over-idle" : "over-agent";
}
