/** @import {Answer, LoggedIn, Link, MineRow, Overview, QueueRow, Session, Parcel} from "./wire.d.ts" */
/** @import {Key} from "./text.js" */
import { Api, Refused } from "./api.js";
import { Chat } from "./chat.js";
import { serverNow, setClock } from "./clock.js";
import { Outbox } from "./outbox.js";
import { Poll } from "./poll.js";
import { reasonOf } from "./reasons.js";
import { forgetSession, loadSession, loadWork, saveSession, saveWork } from "./session.js";

/** How often a typing hint is sent while somebody types: the server forgets one after six seconds. */
const TYPING = 4_000;

/** How often the supervisor's curve gets a point, and how many it keeps: half an hour. */
const SAMPLE = 10_000;
const SAMPLES = 180;

/** A word to the representative that goes away by itself. @typedef {{key: Key, values?: Record<string, string>}} Word */

/** The desk: its state, and everything that can be done. Whoever shows it calls `subscribe`. */
export class Desk {
  api = new Api();
  /** @type {LoggedIn | null} */
  agent = null;
  /** Whether somebody was logged in until the server forgot about it. */
  expired = false;
  /** @type {Overview | null} */
  overview = null;
  /** @type {Link} */
  link = { kind: "connecting" };
  /** The representative's own chats in the order they were taken, and the messages that are open. @type {Map<string, Chat>} */
  chats = new Map();
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
  /** @type {(Word & {place: number}) | null} the last one, counted */
  word = null;
  /** Whether the next chat is being taken. */
  taking = false;
  /** @type {{at: number, waiting: number}[]} */
  samples = [];

  /** @type {Set<() => void>} */
  #watchers = new Set();
  #announced = false;
  /** @type {Map<string, number>} when a hint was last sent, by chat */
  #typed = new Map();

  constructor() {
    this.outbox = new Outbox(this.api, {
      changed: () => this.changed(),
      trouble: error => this.#trouble(error),
      done: (chat, parcel) => this.#delivered(chat, parcel),
    });
    this.poll = new Poll(this.api, {
      overview: overview => this.#look(overview),
      link: link => this.#linked(link),
      expired: () => this.#expire(),
    });
  }

  /** Calls `watcher` after every change, once for all changes of a moment. @param {() => void} watcher */
  subscribe(watcher) {
    this.#watchers.add(watcher);
  }

  changed() {
    if (this.#announced) return;
    this.#announced = true;
    queueMicrotask(() => {
      this.#announced = false;
      this.#keepWork();
      for (const watcher of this.#watchers) watcher();
    });
  }

  /** @param {Key} key @param {Record<string, string>} [values] */
  say(key, values) {
    this.word = { key, values, place: (this.word?.place ?? 0) + 1 };
    this.changed();
  }

  // Coming and going

  /** Goes on where this tab was. */
  resume() {
    const session = loadSession();
    if (session) this.#enter(session);
    this.changed();
  }

  /** @param {string} key */
  async logIn(key) {
    this.api.token = null;
    const session = await this.api.login(key.trim());
    saveSession(session);
    this.#enter(session);
  }

  logOut() {
    this.poll.stop();
    this.#forget();
    forgetSession(true);
    this.changed();
  }

  /** @param {Session} session */
  #enter({ token, agent }) {
    if (this.agent?.id !== agent.id) this.#forget();
    this.api.token = token;
    this.agent = agent;
    this.expired = false;
    this.poll.start();
    this.outbox.hurry(this.chats.values());
    this.changed();
  }

  #expire() {
    this.poll.stop();
    forgetSession(false);
    this.api.token = null;
    this.expired = true;
    this.changed();
  }

  #forget() {
    this.api.token = null;
    this.agent = null;
    this.overview = null;
    this.chats.clear();
    this.used = [];
    this.active = null;
    this.view = "chats";
    this.pane = "list";
    this.samples = [];
    this.expired = false;
  }

  #keepWork() {
    if (!this.agent) return;
    // Until the first look it isn't known which of what was kept is still of use.
    if (!this.overview) return;
    const { view, pane, used, active } = this;
    const kept = [...this.chats.values()].flatMap(chat => (chat.kept ? [[chat.id, chat.kept]] : []));
    saveWork({ agent: this.agent.id, view, pane, used, active, chats: Object.fromEntries(kept) });
  }

  // News

  /** @param {Link} link */
  #linked(link) {
    const back = link.kind === "live" && this.link.kind !== "live";
    this.link = link;
    if (back) this.outbox.hurry(this.chats.values());
    this.changed();
  }

  /** @param {unknown} error */
  #trouble(error) {
    if (error instanceof Refused && error.status === 401) this.#expire();
    else if (!(error instanceof Refused)) this.poll.soon();
  }

  /** @param {Overview} overview */
  #look(overview) {
    const first = !this.overview;
    this.overview = overview;
    setClock(overview.now);
    const work = first && this.agent ? loadWork(this.agent.id) : null;
    for (const row of overview.mine) {
      const chat = this.chats.get(row.chat) ?? new Chat(row.chat, "own", row, work?.chats[row.chat]);
      if (!first && !this.chats.has(row.chat)) this.#cameIn(chat);
      this.chats.set(row.chat, chat);
      chat.row = row;
      chat.ending = null;
    }
    for (const chat of this.chats.values()) {
      const there = overview.mine.some(row => row.chat === chat.id);
      if (chat.kind === "own" && !there && !chat.ending) this.#findOut(chat);
    }
    if (first) {
      if (work) this.#settleIn(work);
      this.#fill();
      this.active ??= this.used[0] ?? null;
      this.outbox.hurry(this.chats.values());
    }
    this.#sample(overview);
    this.fetchShown();
    this.changed();
  }

  /** A colleague handed a chat over, or another tab took it. @param {Chat} chat */
  #cameIn(chat) {
    this.chats.set(chat.id, chat);
    this.#fill();
    this.say("came-in", { name: chat.row.name ?? "" });
  }

  /** Opens what was open before a reload. @param {import("./wire.d.ts").Work} work */
  #settleIn({ view, pane, used, active }) {
    this.used = used.filter(id => this.chats.has(id));
    this.active = active && this.chats.has(active) ? active : null;
    this.view = view;
    this.pane = this.active ? pane : "list";
  }

  /** @param {Overview} overview */
  #sample({ now, stats }) {
    const last = this.samples.at(-1);
    if (last && now - last.at < SAMPLE && last.waiting === stats.waiting) return;
    this.samples = [...this.samples, { at: now, waiting: stats.waiting }].slice(-SAMPLES);
  }

  /** The open columns that there is room for, in the order of the list. @returns {Chat[]} */
  get shown() {
    if (this.narrow && this.pane === "list") return [];
    const open = new Set(this.used.slice(-this.room));
    return [...this.chats.values()].filter(chat => open.has(chat.id));
  }

  /** The representative's own chats that go on. */
  get own() {
    return [...this.chats.values()].filter(chat => chat.kind === "own" && !chat.ending);
  }

  /** Fetches what is new in the open columns, if somebody can see them: what is fetched counts as read. */
  fetchShown() {
    if (document.hidden || this.view !== "chats" || !this.api.token) return;
    for (const chat of this.shown) if (chat.behind && !chat.ending) this.#fetch(chat);
    this.markSeen();
  }

  /** The active column is looked at. */
  markSeen() {
    const chat = this.shown.find(open => open.id === this.active);
    if (!chat?.loaded || document.hidden || !document.hasFocus() || this.view !== "chats") return;
    const newest = chat.events.at(-1)?.seq ?? 0;
    if (newest <= chat.seen) return;
    chat.seen = newest;
    this.changed();
  }

  /** @param {Chat} chat @returns {Promise<boolean>} whether it could be read */
  async #fetch(chat) {
    if (chat.fetching) return true;
    chat.fetching = true;
    const unread = chat.row.unread ?? 0;
    try {
      let before;
      do {
        before = chat.cursor;
        chat.take(await this.api.events(chat.id, before));
      } while (chat.cursor > before && chat.cursor < (chat.row.seq ?? Number.POSITIVE_INFINITY));
      chat.setLoaded(unread);
      this.markSeen();
      return true;
    } catch (error) {
      if (error instanceof Refused && error.status === 403) return false;
      this.#trouble(error);
      return true;
    } finally {
      chat.fetching = false;
      this.changed();
    }
  }

  /** Finds out how a chat ended that is not the representative's any more. @param {Chat} chat */
  async #findOut(chat) {
    const readable = await this.#fetch(chat);
    if (!readable) this.#end(chat, "handed-on");
    else if (chat.status?.phase === "closed") this.#end(chat, "closed");
    else if (chat.status?.phase === "waiting" || chat.status?.phase === "flow") this.#end(chat, "requeued");
  }

  /** @param {Chat} chat @param {import("./chat.js").Ending} ending */
  #end(chat, ending) {
    if (chat.ending || this.overview?.mine.some(row => row.chat === chat.id)) return;
    chat.end(ending);
    this.changed();
  }

  // Columns

  /** @param {string} id */
  #use(id) {
    this.used = [...this.used.filter(other => other !== id), id];
  }

  /** Opens a chat's column and gives it the keyboard. @param {string} id */
  open(id) {
    if (!this.chats.has(id)) return;
    this.#use(id);
    this.active = id;
    this.view = "chats";
    this.pane = "chat";
    this.fetchShown();
    this.changed();
  }

  /** Shows the lists on a narrow screen. */
  leave() {
    this.pane = "list";
    this.changed();
  }

  /** Opens a message that was left. @param {QueueRow} row */
  openMessage(row) {
    if (!this.chats.has(row.chat)) this.chats.set(row.chat, new Chat(row.chat, "message", row));
    this.open(row.chat);
  }

  /** The keyboard is in this column now. @param {string} id */
  activate(id) {
    if (this.active === id || !this.chats.has(id)) return;
    this.active = id;
    this.#use(id);
    this.markSeen();
    this.changed();
  }

  /** Takes a chat off the desk. @param {Chat} chat */
  dismiss(chat) {
    const open = this.shown;
    const place = open.indexOf(chat);
    this.chats.delete(chat.id);
    this.used = this.used.filter(id => id !== chat.id);
    this.#fill();
    if (this.narrow) this.pane = "list";
    if (this.active === chat.id) {
      const left = this.shown;
      this.active = (left[place] ?? left.at(-1))?.id ?? null;
    }
    this.fetchShown();
    this.changed();
  }

  /** Fills empty places, first with who waits for an answer. */
  #fill() {
    const closed = this.own.filter(chat => !this.used.includes(chat.id));
    closed.sort((a, b) => Number(b.row.turn === "agent") - Number(a.row.turn === "agent"));
    const fitting = closed.slice(0, Math.max(0, this.room - this.used.length));
    this.used = [...fitting.map(chat => chat.id), ...this.used];
  }

  /** @param {number} room how many columns @param {boolean} narrow */
  setRoom(room, narrow) {
    if (room === this.room && narrow === this.narrow) return;
    this.room = room;
    this.narrow = narrow;
    this.#fill();
    this.fetchShown();
    this.changed();
  }

  /** @param {"chats" | "figures"} view */
  show(view) {
    this.view = view;
    this.fetchShown();
    this.changed();
  }

  /** The chat whose customer has waited longest for an answer. @returns {Chat | undefined} */
  get mostUrgent() {
    const due = this.own.filter(chat => chat.row.turn === "agent" && chat.id !== this.active);
    return due.sort((a, b) => (a.row.turn_since ?? 0) - (b.row.turn_since ?? 0))[0];
  }

  // Actions

  /** Takes the chat that has waited longest, or a certain one. @param {QueueRow} [row] */
  async take(row) {
    if (this.taking) return;
    this.taking = true;
    this.changed();
    try {
      const taken = row ? await this.api.claim(row.chat) : await this.api.next();
      const known = row ?? this.overview?.queue.find(other => other.chat === taken.chat);
      const fresh = { language: taken.status.language ?? "bn", ...known, since: serverNow() };
      const chat = this.chats.get(taken.chat) ?? new Chat(taken.chat, "own", fresh);
      chat.kind = "own";
      chat.ending = null;
      chat.take(taken);
      this.chats.set(chat.id, chat);
      this.open(chat.id);
    } catch (error) {
      this.#explain(error);
    } finally {
      this.taking = false;
      this.poll.soon();
      this.changed();
    }
  }

  /** Sends what stands in the box. @param {Chat} chat */
  send(chat) {
    const text = chat[chat.mode].trim();
    if (!text) return;
    chat[chat.mode] = "";
    chat.refused = false;
    this.#typed.delete(chat.id);
    this.outbox.put(chat, { kind: chat.mode === "note" ? "note" : "text", text });
    chat.mode = "reply";
    this.changed();
  }

  /** @param {Chat} chat @param {Parcel} parcel */
  #delivered(chat, parcel) {
    if (parcel.kind === "form") this.say("form-sent", { name: chat.row.name ?? "" });
    this.poll.soon();
  }

  /** Takes something that failed back into the box. @param {Chat} chat @param {Parcel} parcel */
  edit(chat, parcel) {
    const mode = parcel.kind === "note" ? "note" : "reply";
    this.outbox.drop(chat, parcel);
    chat[mode] = chat[mode] ? `${parcel.text}\n${chat[mode]}` : parcel.text;
    chat.mode = mode;
    chat.refused = parcel.code === "asks-for-secret";
    this.changed();
  }

  /** @param {Chat} chat @param {Parcel} parcel */
  discard(chat, parcel) {
    this.outbox.drop(chat, parcel);
    this.outbox.deliver(chat);
    this.changed();
  }

  /** Keeps what is being written, and tells the customer that something is. @param {Chat} chat @param {string} text */
  write(chat, text) {
    chat[chat.mode] = text;
    chat.refused = false;
    const now = Date.now();
    if (chat.mode === "reply" && text.trim() && !chat.ending && now - (this.#typed.get(chat.id) ?? 0) > TYPING) {
      this.#typed.set(chat.id, now);
      // A hint that is lost is none the worse for it.
      this.api.typing(chat.id).catch(() => {});
    }
    this.changed();
  }

  /** @param {Chat} chat @param {string[]} fields */
  askForm(chat, fields) {
    this.outbox.put(chat, { kind: "form", text: "", fields });
    this.changed();
  }

  /** @param {Chat} chat @param {"agent" | "solved"} reason */
  async close(chat, reason) {
    if (await this.#try(() => this.api.close(chat.id, reason))) {
      this.dismiss(chat);
      this.say("chat-ended", { name: chat.row.name ?? "" });
    }
  }

  /** @param {Chat} chat @param {{queue: string} | {agent: string}} to @param {string} name */
  async transfer(chat, to, name) {
    if (await this.#try(() => this.api.transfer(chat.id, to))) {
      this.dismiss(chat);
      this.say("chat-transferred", { name: chat.row.name ?? "", to: name });
    }
  }

  /** Shows the contact number; the server notes that it did. @param {Chat} chat */
  async showNumber(chat) {
    const answer = await this.#try(() => this.api.number(chat.id));
    if (answer) chat.number = answer.number;
    this.#fetch(chat);
  }

  /** @param {Chat} chat */
  hideNumber(chat) {
    chat.number = null;
    this.changed();
  }

  /** @param {Chat} chat */
  async handled(chat) {
    if (await this.#try(() => this.api.handled(chat.id))) {
      this.dismiss(chat);
      this.say("message-handled", { name: chat.row.name ?? "" });
    }
  }

  /**
   * Does something that is not repeated by itself.
   * @template T
   * @param {() => Promise<T>} action
   * @returns {Promise<T | undefined>}
   */
  async #try(action) {
    try {
      return await action();
    } catch (error) {
      this.#explain(error);
      return undefined;
    } finally {
      this.poll.soon();
    }
  }

  /** @param {unknown} error */
  #explain(error) {
    this.say(reasonOf(error));
    this.#trouble(error);
  }
}
