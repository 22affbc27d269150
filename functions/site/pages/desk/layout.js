/** @import {QueueRow, Work} from "./wire.d.ts" */
import { Chat } from "./chat.js";

/** Which chats are open, and what of them the screen has room for. */
export class Layout {
  /** The chats whose columns are open, the one last used at the end. @type {string[]} */
  used = [];
  /** The chat with the keyboard. @type {string | null} */
  active = null;
  /** @type {"chats" | "figures"} */
  view = "chats";
  /** How many columns there is room for. */
  room = 1;
  /** Whether the screen has room for either the lists or one chat. */
  narrow = false;
  /** Which of the two it shows then. @type {"list" | "chat"} */
  pane = "list";

  /** @param {{chats: Map<string, Chat>, readonly own: Chat[], moved: () => void}} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /** What is here when somebody logs in. */
  clear() {
    this.used = [];
    this.active = null;
    this.view = "chats";
    this.pane = "list";
  }

  /** The open columns that there is room for, in the order of the list. @returns {Chat[]} */
  get shown() {
    if (this.narrow && this.pane === "list") return [];
    const open = new Set(this.used.slice(-this.room));
    return [...this.desk.chats.values()].filter(chat => open.has(chat.id));
  }

  /** The chat that somebody who looks at the page looks at. */
  get lookedAt() {
    if (document.hidden || !document.hasFocus() || this.view !== "chats") return undefined;
    return this.shown.find(open => open.id === this.active);
  }

  /** Opens a chat's column and gives it the keyboard. @param {string} id */
  open(id) {
    if (!this.desk.chats.has(id)) return;
    this.#use(id);
    this.active = id;
    this.view = "chats";
    this.pane = "chat";
    this.desk.moved();
  }

  /** Opens a message that was left. @param {QueueRow} row */
  openMessage(row) {
    const { chats } = this.desk;
    if (!chats.has(row.chat)) chats.set(row.chat, new Chat(row.chat, "message", row));
    this.open(row.chat);
  }

  /** The keyboard is in this column now. @param {string} id */
  activate(id) {
    if (this.active === id || !this.desk.chats.has(id)) return;
    this.active = id;
    this.#use(id);
    this.desk.moved();
  }

  /** Shows the lists on a narrow screen. */
  leave() {
    this.pane = "list";
    this.desk.moved();
  }

  /** Takes a chat off the desk. @param {Chat} chat */
  dismiss(chat) {
    const place = this.shown.indexOf(chat);
    this.desk.chats.delete(chat.id);
    this.used = this.used.filter(id => id !== chat.id);
    this.fill();
    if (this.narrow) this.pane = "list";
    if (this.active === chat.id) {
      const left = this.shown;
      this.active = (left[place] ?? left.at(-1))?.id ?? null;
    }
    this.desk.moved();
  }

  /** Fills empty places, first with who waits for an answer. */
  fill() {
    const closed = this.desk.own.filter(chat => !this.used.includes(chat.id));
    closed.sort((a, b) => Number(b.row.turn === "agent") - Number(a.row.turn === "agent"));
    const fitting = closed.slice(0, Math.max(0, this.room - this.used.length));
    this.used = [...fitting.map(chat => chat.id), ...this.used];
  }

  /** Opens what was open before a reload, if anything was. @param {Work | null} work */
  settleIn(work) {
    const { chats } = this.desk;
    if (work) {
      this.used = work.used.filter(id => chats.has(id));
      this.active = work.active && chats.has(work.active) ? work.active : null;
      this.view = work.view;
      this.pane = this.active ? work.pane : "list";
    }
    this.fill();
    this.active ??= this.used[0] ?? null;
  }

  /** @param {number} room how many columns @param {boolean} narrow */
  setRoom(room, narrow) {
    if (room === this.room && narrow === this.narrow) return;
    this.room = room;
    this.narrow = narrow;
    this.fill();
    this.desk.moved();
  }

  /** @param {"chats" | "figures"} view */
  show(view) {
    this.view = view;
    this.desk.moved();
  }

  /** The chat whose customer has waited longest for an answer. @returns {Chat | undefined} */
  get mostUrgent() {
    const due = this.desk.own.filter(chat => chat.row.turn === "agent" && chat.id !== this.active);
    return due.sort((a, b) => (a.row.turn_since ?? 0) - (b.row.turn_since ?? 0))[0];
  }

  /** @param {string} id */
  #use(id) {
    this.used = [...this.used.filter(other => other !== id), id];
  }
}
