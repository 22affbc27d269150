/** @import {Desk} from "../desk.js" */
/** @import {Chat} from "../chat.js" */
/** @import {Canned} from "../canned.js" */
import { fill, find } from "../canned.js";
import { h, reveal, write } from "../dom.js";
import { habits } from "../session.js";
import { text } from "../text.js";

/**
 * The canned replies: a search box with a list under it, worked with the arrows.
 * @param {Desk} desk
 * @param {Chat} chat
 * @param {(words: string) => void} insert
 * @param {() => void} leave
 */
export function pickerView(desk, chat, insert, leave) {
  const id = `canned-${chat.id}`;
  const options = h("ul", { role: "listbox", id, "aria-label": text("canned") });
  const none = h("p", { class: "hint", role: "status" });
  const search = h("input", {
    type: "text",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": id,
    "aria-autocomplete": "list",
    "aria-label": text("canned-search"),
    placeholder: text("canned-search"),
    autocomplete: "off",
    oninput: () => show(0),
    onkeydown: key,
  });
  const element = h("div", { class: "picker", hidden: true, onfocusout: left }, search, none, options);

  /** @type {Canned[]} */
  let found = [];
  let chosen = 0;

  /** @param {number} place */
  function show(place) {
    found = find(search.value);
    chosen = found.length ? (place + found.length) % found.length : 0;
    const { language } = chat.row;
    options.replaceChildren(
      ...found.map((canned, index) =>
        h(
          "li",
          {
            role: "option",
            id: `${id}-${canned.id}`,
            "aria-selected": String(index === chosen),
            // Not `click`: the search box would lose the focus first, and close the list.
            onpointerdown: (/** @type {Event} */ event) => {
              event.preventDefault();
              take(canned);
            },
          },
          h("strong", {}, canned[habits.language].title),
          h("span", { lang: language }, words(canned)),
        ),
      ),
    );
    write(none, found.length ? "" : text("canned-none"));
    const current = found[chosen];
    if (current) search.setAttribute("aria-activedescendant", `${id}-${current.id}`);
    else search.removeAttribute("aria-activedescendant");
    options.children[chosen]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Canned} canned */
  const words = canned => fill(canned, chat.row.language, { name: chat.row.name, agent: desk.agent?.name ?? "" });

  /** @param {Canned} canned */
  function take(canned) {
    close();
    insert(words(canned));
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    if (event.isComposing) return;
    const current = found[chosen];
    if (event.key === "ArrowDown") show(chosen + 1);
    else if (event.key === "ArrowUp") show(chosen - 1);
    else if (event.key === "Enter" && current) take(current);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") leave();
  }

  /** @param {FocusEvent} event */
  function left(event) {
    if (!element.contains(/** @type {Node | null} */ (event.relatedTarget))) close();
  }

  function open() {
    reveal(element, true);
    search.value = "";
    show(0);
    search.focus();
    desk.changed();
  }

  function close() {
    reveal(element, false);
    desk.changed();
  }

  return { element, open, isOpen: () => !element.hidden };
}
