/** @import {Desk} from "../desk.js" */
/** @import {Chat} from "../chat.js" */
import { h, icon } from "../dom.js";
import { queueName } from "../queues.js";
import { habits, remember } from "../session.js";
import { number, text, textOr } from "../text.js";

/** The fields that exist: the server knows what a value of each looks like. */
const FIELDS = ["date-of-birth", "nid-number", "last-transaction-amount"];

/**
 * A dialog of the browser's own: it keeps the focus, ends with Escape and gives the focus back.
 * @param {string} title
 * @param {string} kind
 * @param {(close: () => void) => (Node | null)[]} build
 */
function dialog(title, kind, build) {
  if (document.querySelector("dialog[open]")) return;
  const id = `dialog-${kind}`;
  const element = h("dialog", {
    class: kind,
    "aria-labelledby": id,
    onclose: () => element.remove(),
    onclick: outside,
  });
  const close = () => element.close();
  element.append(
    h(
      "header",
      {},
      h("h2", { id }, title),
      h("button", { type: "button", class: "quiet", "aria-label": text("close"), onclick: close }, icon("cross")),
    ),
    ...build(close).filter(part => part !== null),
  );
  document.body.append(element);
  element.showModal();
  /** @type {HTMLElement | null} */ (element.querySelector("[data-first]"))?.focus();

  /** @param {MouseEvent} event */
  function outside(event) {
    if (event.target === element) close();
  }
}

/** A choice in a dialog. @param {string} title @param {string} hint @param {() => void} act @param {{first?: boolean, off?: boolean, main?: boolean}} [how] */
function choice(title, hint, act, { first, off, main } = {}) {
  return h(
    "button",
    { type: "button", class: main ? "choice main" : "choice", "data-first": first, disabled: off, onclick: act },
    h("strong", {}, title),
    h("span", {}, hint),
  );
}

/** The arrows go from choice to choice. @param {(HTMLElement | null)[]} buttons */
function choices(...buttons) {
  const element = h("div", {
    class: "choices",
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      if (!step) return;
      event.preventDefault();
      const all = [...element.querySelectorAll("button:enabled")];
      const place = all.indexOf(/** @type {Element} */ (document.activeElement));
      /** @type {HTMLElement | undefined} */ (all.at((place + step) % all.length))?.focus();
    },
  });
  element.append(...buttons.filter(button => button !== null));
  return element;
}

/** How a chat ends. @param {Desk} desk @param {Chat} chat */
export function askEnd(desk, chat) {
  dialog(text("end-title"), "end", close => {
    const end = (/** @type {"agent" | "solved"} */ reason) => () => {
      close();
      desk.actions.close(chat, reason);
    };
    return [
      choices(
        choice(text("end-solved"), text("end-solved-hint"), end("solved"), { first: true, main: true }),
        choice(text("end-agent"), text("end-agent-hint"), end("agent")),
      ),
    ];
  });
}

/** Who takes over. @param {Desk} desk @param {Chat} chat */
export function askTransfer(desk, chat) {
  dialog(text("transfer-title"), "transfer", close => {
    const { agents = [], queues = [] } = desk.overview ?? {};
    const give = (/** @type {{queue: string} | {agent: string}} */ to, /** @type {string} */ name) => () => {
      close();
      desk.actions.transfer(chat, to, name);
    };
    const colleagues = agents.filter(other => other.online && other.id !== desk.agent?.id);
    const free = colleagues.findIndex(other => other.chats < other.most);
    const people = colleagues.map((other, place) => {
      const load = text("load", { count: number(other.chats), max: number(other.most) });
      const full = other.chats >= other.most;
      const hint = full ? `${load} · ${text("is-full")}` : load;
      return choice(other.name, hint, give({ agent: other.id }, other.name), { first: place === free, off: full });
    });
    const rows = queues.map(({ id }, place) => {
      const name = queueName(desk, id);
      return choice(name, text("to-queue"), give({ queue: id }, name), { first: free < 0 && place === 0 });
    });
    return [
      h("h3", {}, text("to-colleague")),
      people.length ? choices(...people) : h("p", { class: "hint" }, text("nobody-else")),
      h("h3", {}, text("to-queue")),
      choices(...rows),
    ];
  });
}

/** What the customer should fill in. @param {Desk} desk @param {Chat} chat */
export function askDetails(desk, chat) {
  if (chat.row.form_open) {
    desk.say("refused-form-open");
    return;
  }
  dialog(text("ask-details-title"), "details", close => {
    const problem = h("p", { class: "problem", role: "alert" });
    const boxes = FIELDS.map((field, place) =>
      h("input", { type: "checkbox", name: field, "data-first": place === 0 }),
    );
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      const fields = boxes.filter(box => box.checked).map(box => box.name);
      if (!fields.length) {
        problem.textContent = text("ask-details-none");
        boxes[0]?.focus();
        return;
      }
      close();
      desk.actions.askForm(chat, fields);
    };
    return [
      h(
        "form",
        { onsubmit: submit },
        h("p", { class: "hint" }, text("ask-details-hint")),
        h(
          "fieldset",
          {},
          h("legend", { class: "unseen" }, text("ask-details-title")),
          ...boxes.map(box => h("label", { class: "check" }, box, h("span", {}, textOr(box.name)))),
        ),
        problem,
        h("button", { class: "primary" }, icon("form"), text("ask-details-send")),
      ),
    ];
  });
}

/** Whether somebody with open chats means it. @param {Desk} desk */
export function askLogOut(desk) {
  const { length } = desk.own;
  if (!length) {
    desk.logOut();
    return;
  }
  dialog(text("log-out-title"), "log-out", close => {
    const logOut = () => {
      close();
      desk.logOut();
    };
    return [
      h("p", {}, text("log-out-chats", { count: number(length) })),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", "data-first": true, onclick: close }, text("cancel")),
        h("button", { type: "button", class: "primary", onclick: logOut }, text("log-out")),
      ),
    ];
  });
}

/** @typedef {import("../text.js").Key} Key */

/** @type {[Key, [string[], Key][]][]} */
const SHEET = [
  [
    "keys-anywhere",
    [
      [["F2"], "key-take"],
      [["Alt+1", "…", "Alt+9"], "key-number"],
      [["Alt+↑", "Alt+↓"], "key-neighbour"],
      [["Alt+U"], "key-urgent"],
      [["Alt+Q"], "key-list"],
      [["Alt+G"], "key-figures"],
      [["Alt+S"], "key-sound"],
      [["?", "F1"], "key-help"],
    ],
  ],
  [
    "keys-in-chat",
    [
      [["Alt+R"], "key-reply"],
      [["Alt+I"], "key-note"],
      [["Alt+C"], "key-canned-any"],
      [["Alt+A"], "key-details"],
      [["Alt+T"], "key-transfer"],
      [["Alt+P"], "key-phone"],
      [["Alt+L"], "key-log"],
      [["Alt+E"], "key-end"],
    ],
  ],
  [
    "keys-in-box",
    [
      [["Enter"], "key-send"],
      [["Shift+Enter"], "key-line"],
      [["/"], "key-canned"],
    ],
  ],
];

/** All shortcuts. */
export function showKeys() {
  const box = h("input", { type: "checkbox", onchange: () => remember({ keys: box.checked }) });
  box.checked = habits.keys;
  const table = (/** @type {(typeof SHEET)[number]} */ [title, rows]) =>
    h(
      "section",
      {},
      h("h3", {}, text(title)),
      h(
        "dl",
        {},
        ...rows.map(([keys, words]) =>
          h(
            "div",
            {},
            h("dt", {}, ...keys.map(key => (key === "…" ? key : h("kbd", {}, key)))),
            h("dd", {}, text(words)),
          ),
        ),
      ),
    );
  dialog(text("shortcuts"), "keys", () => [
    h("div", { class: "sheets" }, ...SHEET.map(table)),
    h("label", { class: "check" }, box, h("span", {}, text("single-keys"))),
  ]);
}
