/** @import {Link, Overview} from "./wire.d.ts" */
import { HOLD, Refused } from "./api.js";

/** The pause between two answers that bring something new, so that a storm of news can't become a storm of requests. */
const BREATH = 200;

/** How long to wait after the first failure, and at most. */
const FIRST_RETRY = 1_000;
const LAST_RETRY = 15_000;

/** Asks for the overview again and again: one held request that is answered as soon as something is new. */
export class Poll {
  #rev = "";
  /** @type {AbortController | null} */
  #request = null;
  /** @type {(() => void) | null} */
  #wake = null;
  /** Counts starts: a loop of an earlier start ends by itself. */
  #generation = 0;

  /**
   * @param {import("./api.js").Api} api
   * @param {{overview: (overview: Overview) => void, link: (link: Link) => void, expired: () => void}} listener
   */
  constructor(api, listener) {
    this.api = api;
    this.listener = listener;
  }

  start() {
    this.#rev = "";
    this.listener.link({ kind: "connecting" });
    this.#loop(++this.#generation);
  }

  stop() {
    this.#generation++;
    this.soon();
  }

  /** Asks at once instead of later. */
  soon() {
    this.#request?.abort();
    this.#wake?.();
  }

  /** @param {number} generation */
  async #loop(generation) {
    let failures = 0;
    let held = false;
    while (generation === this.#generation) {
      const began = Date.now();
      const request = new AbortController();
      this.#request = request;
      let pause = BREATH;
      try {
        const overview = await this.api.overview(this.#rev, held ? HOLD : 0, request.signal);
        if (generation !== this.#generation) return;
        failures = 0;
        // A host that doesn't hold requests is asked as often as it wishes.
        if (held && overview.rev === this.#rev && Date.now() - began < 1_000) pause = overview.poll_after_ms;
        held = true;
        this.#rev = overview.rev;
        this.listener.link({ kind: "live" });
        this.listener.overview(overview);
      } catch (error) {
        if (generation !== this.#generation) return;
        held = false;
        if (request.signal.aborted) continue;
        if (error instanceof Refused && error.status === 401) {
          this.#generation++;
          this.listener.expired();
          return;
        }
        failures++;
        pause = retryAfter(error, failures);
        this.listener.link({ kind: kindOf(error), until: Date.now() + pause });
      } finally {
        this.#request = null;
      }
      if (await this.#sleep(pause)) held = false;
    }
  }

  /** Waits; true when it was woken before its time. @param {number} time @returns {Promise<boolean>} */
  #sleep(time) {
    return new Promise(resolve => {
      const done = (/** @type {boolean} */ early) => {
        clearTimeout(timer);
        this.#wake = null;
        resolve(early);
      };
      const timer = setTimeout(done, time, false);
      this.#wake = () => done(true);
    });
  }
}

/** When to try again: as the server says, else later with each failure. @param {unknown} error @param {number} failures */
export function retryAfter(error, failures) {
  const said = error instanceof Refused ? error.retryAfter : undefined;
  const backoff = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** (failures - 1));
  // Not all desks at the same moment.
  return (said ?? backoff) * (1 + Math.random() * 0.2);
}

/** @param {unknown} error @returns {Link["kind"]} */
function kindOf(error) {
  if (!(error instanceof Refused)) return "offline";
  if (error.status === 429) return "limited";
  return error.status === 503 ? "busy" : "failing";
}
