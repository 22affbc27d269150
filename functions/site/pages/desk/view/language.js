/** @import {Desk} from "../desk.js" */
import { h } from "../dom.js";
import { habits, remember } from "../session.js";
import { text } from "../text.js";

/** The names of the languages, each in itself. */
const NAMES = { bn: "বাংলা", en: "English" };

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
      NAMES[language],
    );
  return h("div", { class: "switch", role: "group", "aria-label": text("language") }, choice("bn"), choice("en"));
}
