/** @import {Chat} from "../chat.js" */
/** @import {Event} from "../wire.d.ts" */
import { h, icon, reveal, set, write } from "../dom.js";
import { number, text, textOr, timeOfDay } from "../text.js";

/** How near the end counts as being there, in pixels. */
const NEAR = 60;

/** What was said: appended to, never drawn anew, so that assistive technology reads each thing once. @param {Chat} chat */
export function logView(chat) {
  /** @type {Map<number, HTMLElement>} */
  const drawn = new Map();
  const steps = h("div", { class: "steps" });
  const path = h("span", { lang: chat.row.language });
  const flow = h("details", { class: "flow" }, h("summary", {}, h("span", {}, text("before-you")), " ", path), steps);
  const said = h("div", { class: "said" });
  const loading = h("p", { class: "hint" }, text("loading"));
  const dots = h("span", {}, h("i"), h("i"), h("i"));
  const draft = h("q", { dir: "auto", lang: chat.row.language });
  const typing = h("p", { class: "typing", "aria-hidden": "true" }, dots, text("customer-typing"), draft);
  const pending = h("div", { class: "pending", "aria-live": "off" });
  const log = h(
    "div",
    { class: "log", role: "log", tabindex: "0", "aria-live": "off" },
    loading,
    flow,
    said,
    pending,
    typing,
  );
  const jump = h(
    "button",
    { type: "button", class: "jump", hidden: true, onclick: () => toEnd() },
    "↓ ",
    text("new-below"),
  );
  const element = h("div", { class: "log-frame" }, log, jump);

  let atEnd = true;
  /** How high the log was when its end was last shown. */
  let height = 0;
  let revision = 0;
  log.addEventListener("scroll", () => {
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    if (atEnd) reveal(jump, false);
  });
  const toEnd = () => {
    height = log.scrollHeight;
    log.scrollTop = height;
    reveal(jump, false);
  };
  // The box below grows while one writes: what was at the end stays there.
  new ResizeObserver(() => atEnd && toEnd()).observe(log);

  /** @param {boolean} live whether this is the log assistive technology follows */
  const update = live => {
    const fresh = draw();
    write(loading, chat.loaded ? "" : text("loading"));
    reveal(loading, !chat.loaded);
    const name = chat.row.name ?? text("customer");
    log.setAttribute("aria-label", text("log", { name }));
    reveal(typing, Boolean(chat.row.typing) && !chat.ending);
    write(draft, chat.row.draft ?? "");
    reveal(draft, Boolean(chat.row.draft));
    // What was there before is not news.
    set(log, "aria-live", live && chat.loaded ? "polite" : "off");
    // Where nothing was added, going to the end would only undo what the reader is scrolling right now.
    if (atEnd && log.scrollHeight !== height) toEnd();
    else if (fresh && !atEnd) reveal(jump, true);
  };

  /** Draws what is new; true if a customer said something of it. */
  const draw = () => {
    if (revision !== chat.revision) {
      revision = chat.revision;
      for (const event of chat.events) {
        const old = event.kind === "form_answer" ? drawn.get(event.seq) : undefined;
        if (!old) continue;
        const changed = shape(event, chat);
        old.replaceWith(changed);
        drawn.set(event.seq, changed);
      }
    }
    const begins = chat.events.find(event => event.kind === "assigned")?.seq ?? Number.POSITIVE_INFINITY;
    let news = false;
    /** @type {HTMLElement | null} */
    let after = null;
    for (const event of chat.events.toReversed()) {
      const inFlow = event.seq < begins && isStep(event, chat);
      let part = drawn.get(event.seq);
      if (!part) {
        part = shape(event, chat);
        drawn.set(event.seq, part);
        if (inFlow) steps.prepend(part);
        else said.insertBefore(part, after);
        news ||= event.from === "customer";
      }
      if (!inFlow) after = part;
    }
    if (steps.childElementCount > 1) orderSteps();
    reveal(flow, steps.childElementCount > 0);
    const chosen = chat.events.flatMap(event => (event.kind === "option" && event.seq < begins ? [event.label] : []));
    write(path, chosen.join(" › "));
    return news;
  };

  const orderSteps = () => {
    const sorted = chat.events.flatMap(event => {
      const part = drawn.get(event.seq);
      return part?.parentElement === steps ? [part] : [];
    });
    for (const [place, part] of sorted.entries())
      if (steps.children[place] !== part) steps.insertBefore(part, steps.children[place] ?? null);
  };

  return { element, log, pending, update };
}

/** Whether an event is a step of the flow before a representative came. @param {Event} event @param {Chat} chat */
function isStep(event, chat) {
  if (event.kind !== "text" && event.from !== "agent" && event.kind !== "closed") return true;
  if (event.kind !== "text" || event.from !== "customer") return false;
  // The first text after a question answers it; what is written later, in the queue, is for the representative.
  const before = chat.events.filter(other => other.seq < event.seq);
  const asked = before.findLast(
    other => other.kind === "prompt" || (other.kind === "text" && other.from === "customer"),
  );
  return asked?.kind === "prompt" && (asked.input.type === "name" || asked.input.type === "number");
}

/** @param {Event} event @param {Chat} chat @returns {HTMLElement} */
function shape(event, chat) {
  const time = h("time", { datetime: new Date(event.at).toISOString() }, timeOfDay(event.at));
  const { language } = chat.row;
  switch (event.kind) {
    case "text": {
      const own = event.from === "agent";
      const who = own ? (event.agent?.name ?? text("you")) : (chat.row.name ?? text("customer"));
      return h(
        "div",
        { class: own ? "bubble own" : "bubble", "data-seq": event.seq },
        h("span", { class: "unseen" }, `${who}: `),
        h("p", { lang: language, dir: "auto" }, event.text),
        h(
          "span",
          { class: "small" },
          event.masked ? icon("lock") : null,
          event.masked ? `${text("masked")} · ` : null,
          time,
        ),
      );
    }
    case "option":
      return h(
        "div",
        { class: "bubble step" },
        h("p", { lang: language }, event.label),
        h("span", { class: "small" }, time),
      );
    case "note":
      return h(
        "div",
        { class: "note-card" },
        h("span", { class: "small" }, icon("note"), text("note-of", { name: event.agent.name }), " · ", time),
        h("p", { dir: "auto" }, event.text),
      );
    case "form_request":
      return h(
        "div",
        { class: "form-card" },
        h(
          "p",
          {},
          icon("form"),
          text("asked-for", { fields: event.fields.map(field => textOr(field.name)).join(", ") }),
        ),
        h("span", { class: "small" }, time),
      );
    case "form_answer":
      return h(
        "div",
        { class: "form-card" },
        h("p", {}, icon("form"), h("strong", {}, text("form-answered")), " ", time),
        answers(event, chat),
      );
    case "rated": {
      const stars = "★".repeat(event.score) + "☆".repeat(5 - event.score);
      return h(
        "div",
        { class: "system" },
        h("span", { class: "stars", "aria-hidden": "true" }, stars),
        " ",
        text("rated", { score: number(event.score) }),
        event.comment ? h("p", { lang: language, dir: "auto" }, event.comment) : null,
      );
    }
    case "handled":
      return h("div", { class: "system" }, text("message-was-handled", { name: event.agent.name }), " · ", time);
    case "idle_warning":
      return h(
        "div",
        { class: event.whom === "agent" ? "system urgent" : "system", lang: language },
        event.text,
        "\u00a0·\u00a0",
        time,
      );
    default:
      return h("div", { class: "system", lang: language }, event.text, "\u00a0·\u00a0", time);
  }
}

/** @param {Event & {kind: "form_answer"}} event @param {Chat} chat */
function answers(event, chat) {
  if (event.values) {
    const rows = Object.entries(event.values).map(([field, value]) =>
      h("div", {}, h("dt", {}, textOr(field)), h("dd", {}, value)),
    );
    return h("div", {}, h("dl", {}, ...rows), h("span", { class: "small" }, text("form-temporary")));
  }
  return h("p", { class: "hint" }, text(chat.ending === "closed" ? "form-erased" : "form-hidden"));
}
