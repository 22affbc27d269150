/** @import {Desk} from "../desk.js" */
import { h } from "../dom.js";
import { habits, remember } from "../session.js";
import { text } from "../text.js";

/** The names of the languages, each in itself. */
const NAMES = { bn: "বাংলা", en: "English" };

/** For where there is little room. */
export const SHORT = { bn: "বাং", en: "EN" };

/** @param {Desk} desk */
export function languageSwitch(desk) {
  const choice = (/** @type {"bn" | "en"} */ language) =>
    h(
      "button",
      {
        type: "button",
        lang: language,
        "data-language": language,
        "aria-pressed": String(habits.language === language),
        onclick: () => {
          remember({ language });
          desk.changed();
        },
      },
      h("span", { class: "long" }, NAMES[language]),
      h("span", { class: "short", "aria-hidden": "true" }, SHORT[language]),
    );
  return h("div", { class: "switch", role: "group", "aria-label": text("language") }, choice("bn"), choice("en"));
}
