/* What goes over the wire between the pages and the functions. Types only: this file is not served. */

export type Language = "bn" | "en";
export type Millis = number;

export interface Choice {
  id: string;
  label: string;
}

export interface Contact {
  type: "phone" | "email" | "place";
  value: string;
  label: string;
}

export type Input =
  | { type: "options"; options: Choice[]; navigation: Choice[] }
  | { type: "name" | "number" | "message"; navigation: Choice[] }
  | { type: "text" };

export type FieldName = "date-of-birth" | "nid-number" | "last-transaction-amount";

/** A field of a form. */
export interface Field {
  name: FieldName;
  label: string;
}

export interface Agent {
  name: string;
}

export type Body =
  | { kind: "prompt"; text: string; input: Input; contacts?: Contact[] }
  | { kind: "info"; notice: string; text: string; contacts?: Contact[] }
  | { kind: "option"; option: string; label: string }
  | { kind: "text"; text: string; masked?: boolean; agent?: Agent }
  | { kind: "queued"; text: string }
  | { kind: "requeued"; text: string; reason: "transferred" | "agent-lost" | "agent-idle" | "ticket-lost" }
  | { kind: "assigned"; text: string; agent: Agent }
  | { kind: "transferred"; text: string; agent?: Agent; queue?: string }
  | { kind: "idle_warning"; text: string; whom: "customer" | "agent"; closes_at: Millis }
  | { kind: "form_request"; text: string; agent: Agent; fields: Field[] }
  | {
      kind: "form_answer";
      text: string;
      request: number;
      fields: FieldName[];
      values?: Partial<Record<FieldName, string>>;
    }
  | { kind: "note"; text: string; agent: Agent }
  | { kind: "handled"; agent: Agent }
  | { kind: "rated"; text: string; score: number; comment?: string }
  | {
      kind: "closed";
      text: string;
      by: "customer" | "agent" | "system";
      reason: "idle" | "gone" | "customer" | "agent" | "solved";
    };

export type Event = Body & {
  seq: number;
  at: Millis;
  from: "system" | "customer" | "agent";
  client_id?: string;
};

export interface Status {
  phase: "flow" | "waiting" | "talking" | "closed";
  language?: Language;
  position?: number;
  wait_s?: number;
  agent?: Agent;
  typing?: boolean;
  preview?: boolean;
  closes_at?: Millis;
  can_rate?: boolean;
  now: Millis;
  poll_after_ms: Millis | null;
}

/** The answer of every verb of a chat. */
export interface Answer {
  seq?: number;
  events: Event[];
  cursor?: number;
  status: Status;
}

export interface Started extends Answer {
  chat: string;
  token: string;
}

/** A problem document (RFC 9457). */
export interface Problem {
  status: number;
  code: string;
  detail?: string;
  field?: string;
  message?: string;
  retry_after_s?: number;
  chat_status?: Status;
}

/** What a customer sends. */
export type Post =
  | { kind: "option"; option: string }
  | { kind: "text"; text: string }
  | { kind: "form"; values: Partial<Record<FieldName, string>> }
  | { kind: "rating"; score: number; comment?: string }
  | { kind: "typing"; text?: string };
