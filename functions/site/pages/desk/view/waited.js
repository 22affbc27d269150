import { everySecond, serverNow } from "../clock.js";
import { write } from "../dom.js";
import { duration } from "../text.js";

/** Seconds until a wait is late, and too late. @typedef {[number, number]} Limits */

/** Seconds after which a customer in the queue is late. @type {Limits} */
export const QUEUE_LIMITS = [60, 180];

/** Seconds after which an answer is late: the server warns after 90. @type {Limits} */
export const TURN_LIMITS = [30, 90];

/** For what nobody sits and waits for. @type {Limits} */
export const NO_LIMITS = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];

/**
 * Shows in `element` how long ago `since` was, and how urgent that makes it.
 * @param {HTMLElement} element
 * @param {() => number | undefined} since
 * @param {Limits} limits
 */
export function waitedFor(element, since, [late, tooLate]) {
  const show = () => {
    const from = since();
    const waited = from === undefined ? 0 : serverNow() - from;
    write(element, from === undefined ? "" : duration(waited));
    element.dataset.level = waited > tooLate * 1_000 ? "bad" : waited > late * 1_000 ? "warn" : "fine";
  };
  everySecond(element, show);
  return show;
}
