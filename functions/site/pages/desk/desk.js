/** @import {Language, Link, LoggedIn, Overview, Parcel, Session} from "./wire.d.ts" */
/** @import {Ending} from "./chat.js" */
/** @import {Key} from "./text.js" */
import { Actions } from "./actions.js";
import { Api, Refused } from "./api.js";
import { Chat } from "./chat.js";
import { setClock } from "./clock.js";
import { Layout } from "./layout.js";
import { Outbox } from "./outbox.js";
import { Poll } from "./poll.js";
import { forgetSession, loadSession, loadWork, saveSession, saveWork } from "./session.js";

/** How often the supervisor's curve gets a point, and how many it keeps: half an hour. */
const SAMPLE = 10_000;
const SAMPLES = 180;

/** A word to the representative that goes away by itself. @typedef {{key: Key, values?: Record<string, string>}} Word */

/** The desk: its state, and how it comes to know what is new. Whoever shows it calls `subscribe`. */
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
  /** @type {(Word & {place: number}) | null} the last one, counted */
  word = null;
  /** Whether the next chat is being taken. */
  taking = false;
  /** @type {{at: number, waiting: number}[]} */
  samples = [];
  layout = new Layout(this);
  actions = new Actions(this);

  /** @type {Set<() => void>} */
  #watchers = new Set();
  #announced = false;

  constructor() {
    this.outbox = new Outbox(this.api, {
      changed: () => this.changed(),
      trouble: error => this.trouble(error),
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

  /** Other chats may be on the screen now. */
  moved() {
    this.fetchShown();
    this.changed();
  }

  /** @param {Key} key @param {Record<string, string>} [values] */
  say(key, values) {
    this.word = { key, values, place: (this.word?.place ?? 0) + 1 };
    this.changed();
  }

  /** The representative's own chats that go on. */
  get own() {
    return [...this.chats.values()].filter(chat => chat.kind === "own" && !chat.ending);
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
    this.layout.clear();
    this.samples = [];
    this.expired = false;
  }

  #keepWork() {
    // Until the first look it isn't known which of what was kept is still of use.
    if (!this.agent || !this.overview) return;
    const { view, pane, used, active } = this.layout;
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

  /** Something could not be done. @param {unknown} error */
  trouble(error) {
    if (error instanceof Refused && error.status === 401) this.#expire();
    else if (!(error instanceof Refused)) this.poll.soon();
  }

  /** @param {Chat} chat @param {Parcel} parcel */
  #delivered(chat, parcel) {
    if (parcel.kind === "form") this.say("form-sent", { name: chat.row.name ?? "" });
    this.poll.soon();
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
      this.layout.settleIn(work);
      this.outbox.hurry(this.chats.values());
    }
    this.#sample(overview);
    this.moved();
  }

  /** A colleague handed a chat over, or another tab took it. @param {Chat} chat */
  #cameIn(chat) {
    this.chats.set(chat.id, chat);
    this.layout.fill();
    this.say("came-in", { name: chat.row.name ?? "" });
  }

  /** @param {Overview} overview */
  #sample({ now, stats }) {
    const last = this.samples.at(-1);
    if (last && now - last.at < SAMPLE && last.waiting === stats.waiting) return;
    this.samples = [...this.samples, { at: now, waiting: stats.waiting }].slice(-SAMPLES);
  }

  // What is in a chat

  /** Fetches what is new in the open columns, if somebody can see them: what is fetched counts as read. */
  fetchShown() {
    if (document.hidden || this.layout.view !== "chats" || !this.api.token) return;
    for (const chat of this.layout.shown) if (chat.behind && !chat.ending) this.fetch(chat);
    this.markSeen();
  }

  /** The active column is looked at. */
  markSeen() {
    const chat = this.layout.lookedAt;
    if (!chat?.loaded) return;
    const newest = chat.events.at(-1)?.seq ?? 0;
    if (newest <= chat.seen) return;
    chat.seen = newest;
    this.changed();
  }

  /** @param {Chat} chat @returns {Promise<boolean>} whether it could be read */
  async fetch(chat) {
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
      this.trouble(error);
      return true;
    } finally {
      chat.fetching = false;
      this.changed();
    }
  }

  /** Finds out how a chat ended that is not the representative's any more. @param {Chat} chat */
  async #findOut(chat) {
    const readable = await this.fetch(chat);
    if (!readable) this.#end(chat, "handed-on");
    else if (chat.status?.phase === "closed") this.#end(chat, "closed");
    else if (chat.status?.phase === "waiting" || chat.status?.phase === "flow") this.#end(chat, "requeued");
  }

  /** @param {Chat} chat @param {Ending} ending */
  #end(chat, ending) {
    if (chat.ending || this.overview?.mine.some(row => row.chat === chat.id)) return;
    chat.end(ending);
    this.changed();
  }
}
