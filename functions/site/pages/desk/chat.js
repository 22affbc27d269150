/** @import {Answer, Event, Kept, MineRow, Parcel, QueueRow, Status} from "./wire.d.ts" */

/** How a chat that was the representative's own is over. @typedef {"closed" | "handed-on" | "requeued"} Ending */

/** One chat on the desk: what was said, what is on its way, what is being written. */
export class Chat {
  /** @type {Event[]} in the order of their numbers */
  events = [];
  /** Up to where everything was fetched. */
  cursor = 0;
  /** Whether the chat was fetched to its end once. */
  loaded = false;
  /** Whether it is being fetched now. */
  fetching = false;
  /** @type {Status | null} */
  status = null;
  /** @type {Ending | null} */
  ending = null;
  /** The last event that was on the screen of somebody who looked. */
  seen = 0;
  /** @type {Parcel[]} */
  parcels = [];
  /** Whether the first parcel is being delivered. */
  delivering = false;
  reply = "";
  note = "";
  /** @type {"reply" | "note"} */
  mode = "reply";
  /** Whether what stands in the box was refused because it asks for a PIN or an OTP. */
  refused = false;
  /** @type {string | null} the contact number, once it was asked for */
  number = null;
  /** Counts what changed in events that were there before. */
  revision = 0;

  /**
   * @param {string} id
   * @param {"own" | "message"} kind
   * @param {Partial<MineRow & QueueRow> & {language: "bn" | "en"}} row
   * @param {Kept} [kept]
   */
  constructor(id, kind, row, kept) {
    this.id = id;
    this.kind = kind;
    this.row = row;
    if (kept) {
      this.reply = kept.reply;
      this.note = kept.note;
      this.parcels = kept.parcels;
    }
  }

  /** @returns {Kept | undefined} what is worth keeping over a reload */
  get kept() {
    const { reply, note, parcels } = this;
    return reply || note || parcels.length ? { reply, note, parcels } : undefined;
  }

  /** The customer's texts nobody has looked at. */
  get unread() {
    if (!this.loaded) return this.row.unread ?? 0;
    const fresh = this.events.filter(event => event.seq > this.seen && isSaid(event)).length;
    // What was not fetched yet is known by its number only.
    return (this.row.seq ?? 0) > this.cursor ? Math.max(fresh, this.row.unread ?? 0) : fresh;
  }

  /** Whether there is something on the server that isn't here. */
  get behind() {
    return !this.loaded || (this.row.seq ?? 0) > this.cursor;
  }

  /**
   * Takes in what an answer says. Only a poll's answer has the answers to forms, and moves the cursor.
   * @param {Answer} answer
   */
  take(answer) {
    const polled = answer.cursor !== undefined;
    this.status = answer.status;
    for (const event of answer.events) {
      const place = this.events.findLastIndex(other => other.seq <= event.seq);
      const there = this.events[place];
      if (there?.seq !== event.seq) {
        this.events.splice(place + 1, 0, event);
      } else if (polled && event.kind === "form_answer") {
        this.events[place] = event;
        this.revision++;
      }
      if (event.client_id) this.parcels = this.parcels.filter(parcel => parcel.id !== event.client_id);
    }
    if (answer.cursor !== undefined) this.cursor = Math.max(this.cursor, answer.cursor);
  }

  /** Ends the first fetch: what the server counts as unread stays so. @param {number} unread */
  setLoaded(unread) {
    if (this.loaded) return;
    this.loaded = true;
    const fresh = unread ? this.events.filter(isSaid).slice(-unread) : [];
    this.seen = fresh[0] ? fresh[0].seq - 1 : this.cursor;
  }

  /** Forgets what nobody may see once the chat is over. */
  end(/** @type {Ending} */ ending) {
    this.ending = ending;
    this.number = null;
    this.events = this.events.map(event => {
      if (event.kind !== "form_answer") return event;
      const { values: _, ...rest } = event;
      return rest;
    });
    this.revision++;
  }
}

/** Whether an event is something the customer wrote in conversation. @param {Event} event */
export function isSaid(event) {
  return event.from === "customer" && (event.kind === "text" || event.kind === "form_answer");
}
