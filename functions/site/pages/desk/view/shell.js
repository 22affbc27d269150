/** @import {Desk} from "../desk.js" */
/** @import {Chat} from "../chat.js" */
import { h, list, reveal, set } from "../dom.js";
import { habits, remember } from "../session.js";
import { text } from "../text.js";
import { barView, troubleView, wordView } from "./bar.js";
import { columnView } from "./column.js";
import { askLogOut, showKeys } from "./dialogs.js";
import { figuresView } from "./figures.js";
import { keys } from "./keys.js";
import { listsView } from "./lists.js";

/** @typedef {ReturnType<typeof columnView>} Column */

/** The least width of a column, and the width under which there is room for either lists or a chat, in pixels. */
const COLUMN = 380;
const NARROW = 720;

/** The whole desk of somebody who is logged in. @param {Desk} desk */
export function shellView(desk) {
  const sound = () => {
    remember({ sound: !habits.sound });
    desk.changed();
  };
  const bar = barView(desk, { help: showKeys, logOut: () => askLogOut(desk), sound });
  const trouble = troubleView(desk);
  const word = wordView(desk);
  const lists = listsView(desk);
  const figures = figuresView(desk);
  const empty = h("p", { class: "empty" });
  const columns = h("div", { class: "columns" });
  const stage = h("div", { class: "stage" }, columns, empty, figures.element);
  const body = h("main", { class: "body" }, lists.element, stage);
  const element = h("div", { class: "desk" }, bar.element, trouble.element, body, word.element);

  /** @type {Map<string, Column>} */
  const open = new Map();
  const show = list(
    columns,
    (/** @type {Chat} */ chat) => chat.id,
    chat => {
      const column = columnView(desk, chat);
      open.set(chat.id, column);
      return column;
    },
  );
  const column = () => (desk.layout.active ? open.get(desk.layout.active) : undefined);

  const fit = () => {
    const narrow = innerWidth < NARROW;
    set(body, "data-narrow", narrow);
    desk.layout.setRoom(narrow ? 1 : Math.max(1, Math.floor(stage.clientWidth / COLUMN)), narrow);
  };
  // The stage is hidden while a narrow screen shows the lists: then the body tells of a change.
  const measure = new ResizeObserver(fit);
  measure.observe(stage);
  measure.observe(body);
  fit();

  const press = keys(desk, {
    column: () => (desk.layout.view === "chats" ? column() : undefined),
    help: showKeys,
    sound,
    list: () => /** @type {HTMLElement | null} */ (lists.element.querySelector(".waiting button"))?.focus(),
    single: () => habits.keys,
  });

  /** The chat that had the keyboard when the page was last drawn. @type {string | null} */
  let active = null;
  let pane = "";
  const update = () => {
    const { shown, view } = desk.layout;
    bar.update();
    trouble.update();
    word.update();
    lists.update();
    set(body, "data-pane", desk.layout.pane);
    set(body, "data-view", view);
    const here = document.activeElement;
    const lost = here === document.body || here === null || columns.contains(here);
    show(shown);
    for (const id of open.keys()) if (!shown.some(chat => chat.id === id)) open.delete(id);
    reveal(columns, view === "chats" && shown.length > 0);
    reveal(empty, view === "chats" && shown.length === 0);
    if (empty.textContent === "") empty.textContent = text("no-chats-hint", { key: "F2" });
    reveal(figures.element, view === "figures");
    figures.update();
    const moved = desk.layout.active !== active || desk.layout.pane !== pane;
    active = desk.layout.active;
    pane = desk.layout.pane;
    if (moved && view === "chats") follow(lost);
  };

  /** The keyboard goes where the active chat is, unless it is there or elsewhere on purpose. @param {boolean} lost */
  const follow = lost => {
    const there = column();
    if (!there) {
      // The column that had the keyboard has gone.
      if (lost) document.getElementById("take-next")?.focus();
      return;
    }
    if (!there.element.contains(document.activeElement)) there.box.focus();
  };

  return { element, update, press, start: () => column()?.box.focus() };
}
