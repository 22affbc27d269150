/** @import {Desk} from "../desk.js" */
import { everySecond } from "../clock.js";
import { h, icon, reveal, set, write } from "../dom.js";
import { habits } from "../session.js";
import { duration, number, text } from "../text.js";
import { languageSwitch } from "./language.js";

/** How long a word stays: long enough to be read twice. */
const WORD = 7_000;

/**
 * The bar at the top: where one is, how the connection is, and what concerns the whole desk.
 * @param {Desk} desk
 * @param {{help: () => void, logOut: () => void, sound: () => void}} can
 */
export function barView(desk, can) {
  const link = h("span", { class: "link", role: "status" });
  const sound = h("button", { type: "button", class: "quiet", title: `${text("sound")} (Alt+S)`, onclick: can.sound });
  const tab = (/** @type {"chats" | "figures"} */ view) =>
    h("button", { type: "button", onclick: () => desk.layout.show(view) }, text(view));
  const tabs = desk.agent?.supervisor ? { chats: tab("chats"), figures: tab("figures") } : null;
  const element = h(
    "header",
    { class: "bar" },
    h("h1", { class: "brand" }, text("desk")),
    tabs && h("nav", { class: "switch", "aria-label": text("views") }, tabs.chats, tabs.figures),
    link,
    h("span", { class: "push" }),
    h("span", { class: "me" }, desk.agent?.name),
    sound,
    h(
      "button",
      {
        type: "button",
        class: "quiet help",
        title: `${text("shortcuts")} (?)`,
        "aria-label": text("shortcuts"),
        onclick: can.help,
      },
      icon("help"),
    ),
    languageSwitch(desk),
    h(
      "button",
      { type: "button", class: "quiet", title: text("log-out"), "aria-label": text("log-out"), onclick: can.logOut },
      icon("out"),
    ),
  );
  let heard = !habits.sound;
  const update = () => {
    link.dataset.link = desk.link.kind;
    write(link, text(`link-${desk.link.kind}`));
    for (const [view, button] of Object.entries(tabs ?? {}))
      set(button, "aria-current", view === desk.layout.view && "page");
    if (heard !== habits.sound) {
      heard = habits.sound;
      sound.replaceChildren(icon(heard ? "sound" : "mute"));
      sound.setAttribute("aria-label", text("sound"));
      sound.setAttribute("aria-pressed", String(heard));
    }
  };
  return { element, update };
}

/** What is wrong with the connection, when the next try is, and a way not to wait. @param {Desk} desk */
export function troubleView(desk) {
  const words = h("span", { role: "status" });
  // A countdown read out every second would be worse than none.
  const count = h("span", { class: "count", "aria-hidden": "true" });
  const now = h("button", { type: "button", onclick: () => desk.poll.soon() }, text("retry-now"));
  const element = h("div", { class: "trouble" }, words, count, now);
  everySecond(count, () => {
    const left = Math.ceil(((desk.link.until ?? 0) - Date.now()) / 1_000);
    write(count, left > 0 ? text("retry-in", { time: duration(left * 1_000) }) : "");
  });
  const update = () => {
    const { kind } = desk.link;
    const wrong = kind === "offline" || kind === "limited" || kind === "busy" || kind === "failing";
    set(element, "data-shown", wrong);
    write(words, wrong ? text(`trouble-${kind}`) : "");
    reveal(now, wrong);
    reveal(count, wrong);
  };
  return { element, update };
}

/** A word about what was just done. @param {Desk} desk */
export function wordView(desk) {
  const element = h("p", { class: "word", role: "status" });
  let last = desk.word?.place ?? 0;
  const update = () => {
    if (!desk.word || desk.word.place === last) return;
    const { key, values, place } = desk.word;
    last = place;
    write(element, text(key, values));
    setTimeout(() => last === place && write(element, ""), WORD);
  };
  return { element, update };
}

/** @param {Desk} desk */
export function titleOf(desk) {
  const unread = desk.own.reduce((sum, chat) => sum + chat.unread, 0);
  const waiting = desk.overview?.stats.waiting ?? 0;
  const marks = [unread && `● ${number(unread)}`, waiting && `${number(waiting)} ${text("waiting")}`].filter(Boolean);
  return [...marks, text("desk")].join(" · ");
}
