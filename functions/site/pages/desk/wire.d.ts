/* What goes over the wire between the desk and its function. Types only: this file is not served. */

import type { Answer, Language, Millis } from "../wire.d.ts";

export interface LoggedIn {
  id: string;
  name: string;
  queues: string[];
  supervisor: boolean;
  most: number;
}

export interface Session {
  token: string;
  agent: LoggedIn;
}

export interface QueueRow {
  chat: string;
  queue: string;
  since: Millis;
  front: boolean;
  gone: boolean;
  language: Language;
  topic?: string;
  topic_label?: string;
  name?: string;
}

export interface MineRow {
  chat: string;
  seq: number;
  since: Millis;
  language: Language;
  topic?: string;
  topic_label?: string;
  name?: string;
  number?: string;
  verified: boolean;
  unread: number;
  typing: boolean;
  draft?: string;
  turn: "system" | "customer" | "agent";
  turn_since: Millis;
  closes_at?: Millis;
  form_open: boolean;
}

export interface TeamRow {
  id: string;
  name: string;
  queues: string[];
  online: boolean;
  chats: number;
  most: number;
}

export interface Today {
  chats: number;
  in_target: number;
  target_s: number;
  average_wait_s?: number;
  average_handling_s?: number;
  ratings: number;
  /** In hundredths: 450 is 4.5. */
  average_rating?: number;
}

export interface Stats {
  waiting: number;
  waiting_since?: Millis;
  online: number;
  /** For supervisors only. */
  today?: Today;
}

export interface Queue {
  id: string;
  label: Record<Language, string>;
}

export interface Overview {
  rev: string;
  queues: Queue[];
  queue: QueueRow[];
  messages: QueueRow[];
  mine: MineRow[];
  agents: TeamRow[];
  stats: Stats;
  now: Millis;
  poll_after_ms: Millis;
}

export interface Taken extends Answer {
  chat: string;
}

/** How the connection to the server is, for everybody to see. */
export interface Link {
  kind: "connecting" | "live" | "offline" | "limited" | "busy" | "failing";
  /** When the next try is, by this machine's clock. */
  until?: Millis;
}

/** Something on its way to the server. */
export interface Parcel {
  /** The `client_id`: the same for every try, so that nothing is stored twice. */
  id: string;
  kind: "text" | "note" | "form";
  text: string;
  fields?: string[];
  state: "sending" | "later" | "failed";
  /** When it is tried again, by this machine's clock. */
  until?: Millis;
  /** Why it failed for good: the problem's code. */
  code?: string;
}

/** What a tab keeps over a reload. */
export interface Work {
  agent: string;
  view: "chats" | "figures";
  pane: "list" | "chat";
  used: string[];
  active: string | null;
  chats: Record<string, Kept>;
}

/** What of a chat. */
export interface Kept {
  reply: string;
  note: string;
  parcels: Parcel[];
}

export type { Answer, Event, FieldName, Language, Millis, Problem, Status } from "../wire.d.ts";
