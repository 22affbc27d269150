/** @import {Desk} from "../desk.js" */
/** @import {Chat} from "../chat.js" */
import { h, icon, reveal, set, write } from "../dom.js";
import { number, text } from "../text.js";
import { pickerView } from "./picker.js";

/** What the server takes, in code points, and when to begin to count. */
const MOST = 2_000;
const COUNT_FROM = 1_800;

/** Where replies and notes are written. @param {Desk} desk @param {Chat} chat */
export function composerView(desk, chat) {
  const id = `box-${chat.id}`;
  const label = h("label", { for: id, class: "unseen" });
  const count = h("span", { class: "small", id: `${id}-count`, role: "status" });
  const box = h("textarea", {
    id,
    rows: 2,
    dir: "auto",
    "aria-describedby": `${id}-secret ${id}-count`,
    onkeydown: key,
    oninput: () => desk.actions.write(chat, box.value),
  });
  const modes = {
    reply: h("button", { type: "button", onclick: () => choose("reply") }, text("reply")),
    note: h("button", { type: "button", title: "Alt+I", onclick: () => choose("note") }, text("note")),
  };
  const canned = h(
    "button",
    {
      type: "button",
      class: "quiet",
      title: `${text("canned")} (/)`,
      "aria-label": text("canned"),
      "aria-haspopup": "listbox",
      onclick: () => picker.open(),
    },
    icon("canned"),
  );
  const send = h("button", { class: "primary send" }, icon("send"), h("span", {}));
  const secret = h("div", { class: "secret", id: `${id}-secret`, role: "alert" });
  const picker = pickerView(desk, chat, insert, () => box.focus());
  const element = h(
    "form",
    { class: "composer", onsubmit: submit },
    picker.element,
    secret,
    h(
      "div",
      { class: "modes" },
      h("div", { class: "switch", role: "group", "aria-label": text("send") }, modes.reply, modes.note),
      count,
      canned,
    ),
    label,
    h("div", { class: "writing" }, box, send),
  );

  /** @param {"reply" | "note"} mode */
  function choose(mode) {
    chat.mode = mode;
    desk.changed();
    box.focus();
  }

  const excess = () => [...box.value.trim()].length - MOST;

  /** @param {Event} [event] */
  function submit(event) {
    event?.preventDefault();
    if (excess() > 0) return;
    desk.actions.send(chat);
    box.focus();
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    // An input method that is composing letters needs its Enter for itself.
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      submit();
    } else if (event.key === "/" && !box.value && chat.mode === "reply") {
      event.preventDefault();
      picker.open();
    } else if (event.key === "Escape" && chat.mode === "note") {
      choose("reply");
    }
  }

  /** Puts a canned reply where the cursor is. @param {string} words */
  function insert(words) {
    chat.mode = "reply";
    const { selectionStart, selectionEnd } = box;
    if (box.value !== chat.reply) box.value = chat.reply;
    box.setRangeText(words, selectionStart, selectionEnd, "end");
    desk.actions.write(chat, box.value);
    box.focus();
  }

  const update = () => {
    const name = chat.row.name ?? text("customer");
    // A chat that is over, and one that was left as a message, still takes notes.
    const talks = chat.kind === "own" && !chat.ending;
    const gone = chat.ending === "handed-on" || chat.ending === "requeued";
    if (!talks && chat.mode === "reply" && !chat.reply) chat.mode = "note";
    const { mode } = chat;
    if (box.value !== chat[chat.mode]) box.value = chat[chat.mode];
    write(label, text(mode === "note" ? "note-on" : "reply-to", { name }));
    set(box, "placeholder", text(mode === "note" ? "note-placeholder" : "reply-placeholder"));
    element.dataset.mode = mode;
    for (const [one, button] of Object.entries(modes)) button.setAttribute("aria-pressed", String(one === mode));
    reveal(modes.reply, talks || Boolean(chat.reply));
    reveal(canned, talks);
    reveal(element, !gone);
    set(canned, "aria-expanded", String(picker.isOpen()));
    write(/** @type {Element} */ (send.lastElementChild), text(mode === "note" ? "send-note" : "send"));
    send.disabled = !talks && mode === "reply";
    const length = excess() + MOST;
    if (length > MOST) write(count, text("too-long", { count: number(length - MOST) }));
    else write(count, length > COUNT_FROM ? text("left-over", { count: number(MOST - length) }) : "");
    set(count, "data-level", length > MOST && "bad");
    const refused = chat.refused && mode === "reply";
    set(box, "aria-invalid", refused && "true");
    if (refused === !secret.childElementCount) {
      secret.replaceChildren(
        ...(refused ? [h("strong", {}, text("secret-title")), h("p", {}, text("secret-why"))] : []),
      );
    }
  };
  return {
    element,
    box,
    update,
    openCanned: () => picker.open(),
    note: () => choose(chat.mode === "note" ? "reply" : "note"),
  };
}
