/** @import {Key} from "./text.js" */
import { Refused } from "./api.js";

/** What a representative reads about a failure. @param {unknown} error @returns {Key} */
export function reasonOf(error) {
  if (!(error instanceof Refused)) return "refused-unreachable";
  return explain(error.code, error.status);
}

/** @type {Record<string, Key>} */
const REASONS = {
  "queue-empty": "refused-queue-empty",
  "already-assigned": "refused-already-assigned",
  "not-waiting": "refused-already-assigned",
  "agent-full": "refused-agent-full",
  "chat-closed": "refused-chat-closed",
  "not-assigned": "refused-not-assigned",
  forbidden: "refused-not-assigned",
  "form-open": "refused-form-open",
  "chat-full": "refused-chat-full",
  "asks-for-secret": "refused-asks-for-secret",
  "not-asked": "refused-not-asked",
  "field-invalid": "refused-field-invalid",
  "too-many-requests": "refused-too-many",
};

/** @param {string} code @param {number} [status] @returns {Key} */
export function explain(code, status = 0) {
  return REASONS[code] ?? (status >= 500 ? "refused-busy" : "refused-other");
}
