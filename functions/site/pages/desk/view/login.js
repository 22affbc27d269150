/** @import {Desk} from "../desk.js" */
import { Refused } from "../api.js";
import { h, write } from "../dom.js";
import { text } from "../text.js";
import { languageSwitch } from "./language.js";

/** The page before somebody is logged in. @param {Desk} desk */
export function loginView(desk) {
  const problem = h("p", { class: "problem", id: "key-problem", role: "alert" });
  const key = h("input", {
    id: "key",
    name: "key",
    type: "password",
    autocomplete: "current-password",
    autocapitalize: "none",
    spellcheck: "false",
    "aria-describedby": "key-shape key-problem",
    oninput: () => show(""),
  });
  const button = h("button", { class: "primary" }, text("log-in"));
  const show = (/** @type {string} */ words) => {
    write(problem, words);
    key.toggleAttribute("aria-invalid", false);
    if (words) key.setAttribute("aria-invalid", "true");
  };

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    if (!key.value.trim()) {
      show(text("key-empty"));
      key.focus();
      return;
    }
    write(button, text("logging-in"));
    button.disabled = true;
    try {
      await desk.logIn(key.value);
    } catch (error) {
      show(text(reason(error)));
      write(button, text("log-in"));
      button.disabled = false;
      key.focus();
      key.select();
    }
  }

  const element = h(
    "main",
    { class: "login" },
    h(
      "form",
      { class: "card", novalidate: true, onsubmit: submit },
      h("p", { class: "brand" }, text("desk")),
      h("h1", {}, text("log-in-title")),
      desk.expired && h("p", { class: "hint warn", role: "status" }, text("log-in-expired")),
      h("label", { for: "key" }, text("key")),
      key,
      h("p", { class: "hint", id: "key-shape" }, text("key-shape")),
      problem,
      button,
      h("p", { class: "hint" }, text("log-in-hint")),
    ),
    languageSwitch(desk),
  );
  return { element, update() {}, start: () => key.focus() };
}

/** @param {unknown} error @returns {import("../text.js").Key} */
function reason(error) {
  if (!(error instanceof Refused)) return "log-in-unreachable";
  return error.status === 401 || error.status === 422 ? "key-wrong" : "log-in-failed";
}
