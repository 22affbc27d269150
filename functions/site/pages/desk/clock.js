/* The server's time, and everything on the page that counts seconds. */

let ahead = 0;

/** Learns from an answer how far the server's clock is ahead of this one. @param {number} now */
export function setClock(now) {
  ahead = now - Date.now();
}

/** The server's time. */
export const serverNow = () => Date.now() + ahead;

/** @type {Map<Element, () => void>} */
const counting = new Map();

/**
 * Runs `show` now and every second for as long as `element` is on the page.
 * @param {Element} element
 * @param {() => void} show
 */
export function everySecond(element, show) {
  counting.set(element, show);
  show();
}

setInterval(() => {
  for (const [element, show] of counting) {
    if (element.isConnected) show();
    else counting.delete(element);
  }
}, 1_000);
