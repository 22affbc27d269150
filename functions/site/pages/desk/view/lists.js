/** @import {Desk} from "../desk.js" */
/** @import {Chat} from "../chat.js" */
/** @import {QueueRow} from "../wire.d.ts" */
import { everySecond, serverNow } from "../clock.js";
import { h, icon, list, reveal, set, write } from "../dom.js";
import { duration, number, text } from "../text.js";
import { SHORT } from "./language.js";
import { NO_LIMITS, QUEUE_LIMITS, TURN_LIMITS, waitedFor } from "./waited.js";

/** The lists beside the chats: what to take, what one has, who waits, what was left. @param {Desk} desk */
export function listsView(desk) {
  const next = h(
    "button",
    { type: "button", class: "primary take", id: "take-next", onclick: () => desk.actions.take() },
    icon("take"),
    h("span", {}, text("take-next")),
    h("kbd", {}, "F2"),
  );
  const why = h("p", { class: "why" });
  const chats = h("ul", { class: "rows" });
  const none = h("p", { class: "hint" });
  const queue = h("ul", { class: "rows" });
  const messages = h("ul", { class: "rows" });
  const counts = {
    chats: h("span", { class: "badge soft" }),
    queue: h("span", { class: "badge soft" }),
    messages: h("span", { class: "badge soft" }),
  };
  const part = (
    /** @type {string} */ id,
    /** @type {string} */ title,
    /** @type {HTMLElement} */ count,
    /** @type {HTMLElement[]} */ ...rest
  ) => h("section", { "aria-labelledby": id, class: id }, h("h2", { id }, title, " ", count), ...rest);
  const parts = {
    chats: part("my-chats", text("my-chats"), counts.chats, chats, none),
    queue: part("waiting", text("waiting"), counts.queue, queue),
    messages: part("messages", text("messages"), counts.messages, messages),
  };
  const element = h(
    "section",
    { class: "lists", "aria-label": text("lists") },
    h("div", { class: "next" }, next, why),
    parts.chats,
    parts.queue,
    parts.messages,
  );

  const showChats = list(
    chats,
    (/** @type {Chat} */ chat) => chat.id,
    chat => chatRow(desk, chat),
  );
  const showQueue = list(
    queue,
    (/** @type {QueueRow} */ row) => row.chat,
    row => queueRow(row, QUEUE_LIMITS, () => desk.actions.take(current(row))),
  );
  const showMessages = list(
    messages,
    (/** @type {QueueRow} */ row) => row.chat,
    row => queueRow(row, NO_LIMITS, () => desk.layout.openMessage(row)),
  );
  const current = (/** @type {QueueRow} */ row) => desk.overview?.queue.find(other => other.chat === row.chat) ?? row;

  const update = () => {
    const { overview, agent } = desk;
    const waiting = overview?.stats.waiting ?? 0;
    const most = agent?.most ?? 0;
    const full = desk.own.length >= most;
    // Not `disabled`: whoever presses the key learns why nothing came.
    set(next, "aria-disabled", String(full || desk.taking || waiting === 0));
    sayWhy(full, waiting);
    const own = [...desk.chats.values()].filter(chat => chat.kind === "own");
    showChats(own);
    reveal(none, own.length === 0);
    write(none, desk.layout.narrow ? text("no-chats") : text("no-chats-hint", { key: "F2" }));
    write(counts.chats, `${number(desk.own.length)}/${number(most)}`);
    showQueue(overview?.queue ?? []);
    write(counts.queue, number(waiting));
    reveal(parts.queue, waiting > 0);
    showMessages(overview?.messages ?? []);
    write(counts.messages, number(overview?.messages.length ?? 0));
    reveal(parts.messages, (overview?.messages.length ?? 0) > 0);
    for (const row of [...queue.children, ...messages.children]) {
      set(
        /** @type {HTMLElement} */ (row.firstElementChild),
        "aria-current",
        desk.layout.active === row.getAttribute("data-chat") && "true",
      );
    }
  };
  const sayWhy = (/** @type {boolean} */ full, /** @type {number} */ waiting) => {
    const since = desk.overview?.stats.waiting_since;
    const words = () => {
      if (full) return text("full-hand", { count: number(desk.own.length) });
      if (!waiting) return text("nobody-waits");
      const time = duration(since === undefined ? 0 : serverNow() - since);
      return text("waiting-longest", { count: number(waiting), time });
    };
    everySecond(why, () => write(why, words()));
  };
  return { element, update };
}

/** @param {Desk} desk @param {Chat} chat */
function chatRow(desk, chat) {
  const place = h("kbd", { class: "place", "aria-hidden": "true" });
  const name = h("span", { class: "name" });
  const about = h("span", { class: "about" });
  const turn = h("span", { class: "turn" });
  const time = h("span", { class: "time" });
  const unread = h("span", { class: "badge" });
  const words = h("span", { class: "unseen" });
  const button = h(
    "button",
    { type: "button", class: "row", onclick: () => desk.layout.open(chat.id) },
    place,
    h("span", { class: "two" }, h("span", { class: "line" }, name, languageMark(chat.row.language)), about),
    h("span", { class: "two end" }, h("span", { class: "line" }, unread, time), turn),
    words,
  );
  const tick = waitedFor(time, () => (chat.ending ? undefined : chat.row.turn_since), TURN_LIMITS);
  const element = h("li", {}, button);
  const update = () => {
    const { row } = chat;
    const number_ = [...desk.chats.values()].filter(other => other.kind === "own").indexOf(chat) + 1;
    write(place, number_ <= 9 ? number(number_) : "");
    write(name, row.name ?? text("customer"));
    const typing = row.typing && !chat.ending;
    write(about, typing ? text("customer-typing") : (row.topic_label ?? ""));
    if (typing) about.removeAttribute("lang");
    else about.lang = row.language;
    set(about, "data-typing", typing);
    const mine = row.turn === "agent" && !chat.ending;
    write(turn, chat.ending ? endingOf(chat) : text(mine ? "your-turn" : "their-turn"));
    set(button, "data-mine", mine);
    set(button, "data-ending", Boolean(chat.ending));
    write(unread, chat.unread ? number(chat.unread) : "");
    reveal(unread, chat.unread > 0);
    unread.setAttribute("aria-hidden", "true");
    write(words, chat.unread ? text("unread", { count: number(chat.unread) }) : "");
    set(button, "aria-current", desk.layout.active === chat.id && "true");
    tick();
  };
  return { element, update };
}

/** @param {Chat} chat */
function endingOf(chat) {
  if (chat.ending === "closed") return text("link-closed");
  return text(chat.ending === "requeued" ? "waiting" : "transfer");
}

/** @param {QueueRow} first @param {import("./waited.js").Limits} limits @param {() => void} act */
function queueRow(first, limits, act) {
  const name = h("span", { class: "name" });
  const about = h("span", { class: "about", lang: first.language });
  const marks = h("span", { class: "marks" });
  const time = h("span", { class: "time" });
  let { since } = first;
  const button = h(
    "button",
    { type: "button", class: "row", onclick: act },
    h("span", { class: "two" }, h("span", { class: "line" }, name, languageMark(first.language)), about),
    h("span", { class: "two end" }, time, marks),
  );
  const tick = waitedFor(time, () => since, limits);
  const element = h("li", { "data-chat": first.chat }, button);
  const update = (/** @type {QueueRow} */ row) => {
    ({ since } = row);
    write(name, row.name ?? text("customer"));
    write(about, row.topic_label ?? "");
    const words = [row.front && text("returned"), row.gone && text("gone")].filter(Boolean);
    write(marks, words.join(" · "));
    set(button, "data-gone", row.gone);
    tick();
  };
  return { element, update };
}

/** The customer's language in two letters. @param {"bn" | "en"} language */
export function languageMark(language) {
  return h(
    "span",
    { class: "mark", title: text(language) },
    h("span", { "aria-hidden": "true" }, SHORT[language]),
    h("span", { class: "unseen" }, text(language)),
  );
}
