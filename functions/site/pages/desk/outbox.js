/** @import {Parcel} from "./wire.d.ts" */
/** @import {Chat} from "./chat.js" */
import { Refused } from "./api.js";
import { retryAfter } from "./poll.js";

/** What a client names its requests by. */
export function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Pages that came without TLS from another machine don't have it.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
}

/** Delivers what a representative wrote: in order, as often as it takes, stored once. */
export class Outbox {
  /** @type {Map<string, ReturnType<typeof setTimeout>>} the timers of chats that wait, and how often each failed */
  #timers = new Map();
  /** @type {Map<string, number>} */
  #failures = new Map();

  /**
   * @param {import("./api.js").Api} api
   * @param {{changed: () => void, trouble: (error: unknown) => void, done: (chat: Chat, parcel: Parcel) => void}} listener
   */
  constructor(api, listener) {
    this.api = api;
    this.listener = listener;
  }

  /** @param {Chat} chat @param {Pick<Parcel, "kind" | "text" | "fields">} what */
  put(chat, what) {
    chat.parcels = [...chat.parcels, { id: freshId(), state: "sending", ...what }];
    this.deliver(chat);
  }

  /** Tries what waits, now. @param {Iterable<Chat>} chats */
  hurry(chats) {
    for (const chat of chats) this.deliver(chat);
  }

  /** @param {Chat} chat */
  async deliver(chat) {
    clearTimeout(this.#timers.get(chat.id));
    if (chat.delivering) return;
    chat.delivering = true;
    let parcel = next(chat);
    while (parcel) {
      parcel.state = "sending";
      parcel.until = undefined;
      this.listener.changed();
      try {
        chat.take(await this.api.send(chat.id, parcel));
        this.#failures.delete(chat.id);
        this.drop(chat, parcel);
        this.listener.done(chat, parcel);
      } catch (error) {
        if (!this.#failed(chat, parcel, error)) break;
      }
      parcel = next(chat);
    }
    chat.delivering = false;
    this.listener.changed();
  }

  /** @param {Chat} chat @param {Parcel} parcel */
  drop(chat, parcel) {
    chat.parcels = chat.parcels.filter(other => other.id !== parcel.id);
  }

  /** Says whether the parcels behind this one can still go. @param {Chat} chat @param {Parcel} parcel @param {unknown} error */
  #failed(chat, parcel, error) {
    if (error instanceof Refused && !error.passes && error.status !== 401) {
      if (error.code === "asks-for-secret" && !chat.reply) {
        this.drop(chat, parcel);
        chat.reply = parcel.text;
        chat.refused = true;
      } else {
        parcel.state = "failed";
        parcel.code = error.code;
      }
      return true;
    }
    const failures = (this.#failures.get(chat.id) ?? 0) + 1;
    this.#failures.set(chat.id, failures);
    const pause = retryAfter(error, failures);
    parcel.state = "later";
    parcel.until = Date.now() + pause;
    this.#timers.set(
      chat.id,
      setTimeout(() => this.deliver(chat), pause),
    );
    this.listener.trouble(error);
    return false;
  }
}

/** @param {Chat} chat */
function next(chat) {
  return chat.parcels.find(parcel => parcel.state !== "failed");
}
