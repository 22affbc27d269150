/** @import {Desk} from "./desk.js" */
/** @import {Parcel, QueueRow} from "./wire.d.ts" */
import { Chat } from "./chat.js";
import { serverNow } from "./clock.js";
import { reasonOf } from "./reasons.js";

/** How often a typing hint is sent while somebody types: the server forgets one after six seconds. */
const TYPING = 4_000;

/** What a representative can do to chats. */
export class Actions {
  /** @type {WeakMap<Chat, number>} when a hint was last sent */
  #typed = new WeakMap();

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /** Takes the chat that has waited longest, or a certain one. @param {QueueRow} [row] */
  async take(row) {
    const { desk } = this;
    if (desk.taking) return;
    desk.taking = true;
    desk.changed();
    try {
      const taken = row ? await desk.api.claim(row.chat) : await desk.api.next();
      const known = row ?? desk.overview?.queue.find(other => other.chat === taken.chat);
      const fresh = { language: taken.status.language ?? "bn", ...known, since: serverNow() };
      const chat = desk.chats.get(taken.chat) ?? new Chat(taken.chat, "own", fresh);
      chat.kind = "own";
      chat.ending = null;
      chat.take(taken);
      desk.chats.set(chat.id, chat);
      desk.layout.open(chat.id);
    } catch (error) {
      this.#explain(error);
    } finally {
      desk.taking = false;
      desk.poll.soon();
      desk.changed();
    }
  }

  /** Keeps what is being written, and tells the customer that something is. @param {Chat} chat @param {string} text */
  write(chat, text) {
    chat[chat.mode] = text;
    chat.refused = false;
    const now = Date.now();
    if (chat.mode === "reply" && text.trim() && !chat.ending && now - (this.#typed.get(chat) ?? 0) > TYPING) {
      this.#typed.set(chat, now);
      // A hint that is lost is none the worse for it.
      this.desk.api.typing(chat.id).catch(() => {});
    }
    this.desk.changed();
  }

  /** Sends what stands in the box. @param {Chat} chat */
  send(chat) {
    const text = chat[chat.mode].trim();
    if (!text) return;
    chat[chat.mode] = "";
    chat.refused = false;
    this.#typed.delete(chat);
    this.desk.outbox.put(chat, { kind: chat.mode === "note" ? "note" : "text", text });
    chat.mode = "reply";
    this.desk.changed();
  }

  /** Takes something that failed back into the box. @param {Chat} chat @param {Parcel} parcel */
  edit(chat, parcel) {
    const mode = parcel.kind === "note" ? "note" : "reply";
    this.desk.outbox.drop(chat, parcel);
    chat[mode] = chat[mode] ? `${parcel.text}\n${chat[mode]}` : parcel.text;
    chat.mode = mode;
    chat.refused = parcel.code === "asks-for-secret";
    this.desk.changed();
  }

  /** @param {Chat} chat @param {Parcel} parcel */
  discard(chat, parcel) {
    this.desk.outbox.drop(chat, parcel);
    this.desk.outbox.deliver(chat);
    this.desk.changed();
  }

  /** @param {Chat} chat @param {string[]} fields */
  askForm(chat, fields) {
    this.desk.outbox.put(chat, { kind: "form", text: "", fields });
    this.desk.changed();
  }

  /** Shows the contact number; the server notes that it did. @param {Chat} chat */
  async showNumber(chat) {
    const answer = await this.#try(() => this.desk.api.number(chat.id));
    if (answer) chat.number = answer.number;
    this.desk.fetch(chat);
  }

  /** @param {Chat} chat */
  hideNumber(chat) {
    chat.number = null;
    this.desk.changed();
  }

  /** @param {Chat} chat @param {"agent" | "solved"} reason */
  async close(chat, reason) {
    if (await this.#try(() => this.desk.api.close(chat.id, reason))) {
      this.desk.layout.dismiss(chat);
      this.desk.say("chat-ended", { name: chat.row.name ?? "" });
    }
  }

  /** @param {Chat} chat @param {{queue: string} | {agent: string}} to @param {string} name */
  async transfer(chat, to, name) {
    if (await this.#try(() => this.desk.api.transfer(chat.id, to))) {
      this.desk.layout.dismiss(chat);
      this.desk.say("chat-transferred", { name: chat.row.name ?? "", to: name });
    }
  }

  /** @param {Chat} chat */
  async handled(chat) {
    if (await this.#try(() => this.desk.api.handled(chat.id))) {
      this.desk.layout.dismiss(chat);
      this.desk.say("message-handled", { name: chat.row.name ?? "" });
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
      this.desk.poll.soon();
    }
  }

  /** @param {unknown} error */
  #explain(error) {
    this.desk.say(reasonOf(error));
    this.desk.trouble(error);
  }
}
