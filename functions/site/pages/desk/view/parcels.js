/** @import {Desk} from "../desk.js" */
/** @import {Chat} from "../chat.js" */
/** @import {Parcel} from "../wire.d.ts" */
import { everySecond } from "../clock.js";
import { h, list, reveal, set, write } from "../dom.js";
import { explain } from "../reasons.js";
import { duration, text, textOr } from "../text.js";

/** What is on its way: each with its state, and a way out where it failed. @param {Desk} desk @param {Chat} chat @param {HTMLElement} parent */
export function parcelsView(desk, chat, parent) {
  const show = list(
    parent,
    (/** @type {Parcel} */ parcel) => parcel.id,
    parcel => parcelView(desk, chat, parcel),
  );
  return () => show(chat.parcels);
}

/** @param {Desk} desk @param {Chat} chat @param {Parcel} parcel */
function parcelView(desk, chat, parcel) {
  const state = h("span", { class: "small" });
  const actions = h(
    "span",
    { class: "fixes", hidden: true },
    parcel.kind === "form"
      ? null
      : h("button", { type: "button", onclick: () => desk.actions.edit(chat, parcel) }, text("edit")),
    h("button", { type: "button", onclick: () => desk.actions.discard(chat, parcel) }, text("discard")),
  );
  const words =
    parcel.kind === "form" ? text("asked-for", { fields: (parcel.fields ?? []).map(textOr).join(", ") }) : parcel.text;
  const element = h(
    "div",
    { class: parcel.kind === "text" ? "bubble own" : "note-card" },
    h("p", { dir: "auto" }, words),
    state,
    actions,
  );
  const update = () => {
    set(element, "data-state", parcel.state);
    reveal(actions, parcel.state === "failed");
    everySecond(state, () => write(state, stateOf(parcel)));
  };
  return { element, update };
}

/** @param {Parcel} parcel */
function stateOf({ state, until, code }) {
  if (state === "failed") return text(explain(code ?? ""));
  if (state === "sending") return text("sending");
  const left = Math.ceil(((until ?? 0) - Date.now()) / 1_000);
  return left > 0 ? text("later", { time: duration(left * 1_000) }) : text("later-now");
}
