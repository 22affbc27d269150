/** @import {Answer, Overview, Problem, Session, Taken} from "./wire.d.ts" */

/** How long an ordinary request may take before the connection counts as lost. */
const PATIENCE = 20_000;

/** How long the server may hold a request, in seconds. */
export const HOLD = 25;

/** The server answered, and the answer is no. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {Partial<Problem>} problem
   * @param {number | undefined} retryAfter milliseconds
   */
  constructor(status, problem, retryAfter) {
    super(problem.detail ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
    this.code = problem.code ?? `http-${status}`;
    this.retryAfter = retryAfter;
  }

  /** Whether the very same request may be taken later. */
  get passes() {
    return this.status === 429 || this.status >= 500;
  }
}

/** The server did not answer at all. */
export class Unreachable extends Error {}

/** The desk's and the chats' verbs, with the token of whoever is logged in. */
export class Api {
  /** @type {string | null} */
  token = null;

  /** @param {string} key @returns {Promise<Session>} */
  login(key) {
    return this.#ask("POST", "/v1/desk/login", { key });
  }

  /**
   * @param {string} rev what is known already
   * @param {number} wait seconds the server may hold the request
   * @param {AbortSignal} signal
   * @returns {Promise<Overview>}
   */
  overview(rev, wait, signal) {
    return this.#ask("GET", `/v1/desk?rev=${rev}&wait=${wait}`, undefined, signal, wait * 1_000 + PATIENCE / 2);
  }

  /** @returns {Promise<Taken>} */
  next() {
    return this.#ask("POST", "/v1/desk/next", {});
  }

  /** @param {string} chat @returns {Promise<Taken>} */
  claim(chat) {
    return this.#ask("POST", `/v1/desk/chats/${chat}/claim`, {});
  }

  /** @param {string} chat @param {{queue: string} | {agent: string}} to @returns {Promise<Answer>} */
  transfer(chat, to) {
    return this.#ask("POST", `/v1/desk/chats/${chat}/transfer`, to);
  }

  /** @param {string} chat @returns {Promise<{number: string}>} */
  number(chat) {
    return this.#ask("POST", `/v1/desk/chats/${chat}/number`, {});
  }

  /** @param {string} chat @returns {Promise<Answer>} */
  handled(chat) {
    return this.#ask("POST", `/v1/desk/chats/${chat}/handled`, {});
  }

  /** @param {string} chat @param {number} after @returns {Promise<Answer>} */
  events(chat, after) {
    return this.#ask("GET", `/v1/chats/${chat}/events?after=${after}`);
  }

  /** @param {string} chat @param {"agent" | "solved"} reason @returns {Promise<Answer>} */
  close(chat, reason) {
    return this.#ask("POST", `/v1/chats/${chat}/close`, { reason });
  }

  /** @param {string} chat @returns {Promise<Answer>} */
  typing(chat) {
    return this.#ask("POST", `/v1/chats/${chat}/messages`, { kind: "typing" });
  }

  /**
   * What an outbox sends: the same parcel may be sent again and is stored once.
   * @param {string} chat
   * @param {import("./wire.d.ts").Parcel} parcel
   * @returns {Promise<Answer>}
   */
  send(chat, { id, kind, text, fields }) {
    if (kind === "text") return this.#ask("POST", `/v1/chats/${chat}/messages`, { client_id: id, kind, text });
    const body = kind === "note" ? { client_id: id, text } : { client_id: id, fields };
    return this.#ask("POST", `/v1/desk/chats/${chat}/${kind}`, body);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @param {AbortSignal} [signal]
   * @param {number} [patience]
   * @returns {Promise<any>}
   */
  async #ask(method, path, body, signal, patience = PATIENCE) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    if (body) headers["Content-Type"] = "application/json";
    const signals = [AbortSignal.timeout(patience), ...(signal ? [signal] : [])];
    let response;
    let answer;
    try {
      response = await fetch(path, {
        method,
        headers,
        body: body && JSON.stringify(body),
        signal: AbortSignal.any(signals),
        credentials: "omit",
        cache: "no-store",
      });
      answer = await response.json().catch(error => {
        // An answer that is no JSON is a proxy's page; a body that broke off is a lost connection.
        if (error instanceof SyntaxError) return {};
        throw error;
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Unreachable(String(error));
    }
    if (response.ok) return answer;
    const seconds = answer.retry_after_s ?? Number(response.headers.get("Retry-After") ?? Number.NaN);
    throw new Refused(response.status, answer, Number.isFinite(seconds) ? seconds * 1_000 : undefined);
  }
}
