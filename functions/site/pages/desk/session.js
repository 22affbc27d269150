/* What a tab keeps over a reload (the token, what was being written), and what this browser remembers of somebody's
   habits. Nothing of a chat outlives the tab. */

/** @import {Language, Session, Work} from "./wire.d.ts" */

const SESSION = "alap.desk.session";
const WORK = "alap.desk.work";
const HABITS = "alap.desk.habits";

/**
 * @param {Storage} storage
 * @param {string} key
 * @returns {any}
 */
function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {Storage} storage
 * @param {string} key
 * @param {unknown} value
 */
function write(storage, key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage takes the comfort of a reload away, nothing else.
  }
}

/** @returns {Session | null} */
export const loadSession = () => read(sessionStorage, SESSION);

/** @param {Session} session */
export const saveSession = session => write(sessionStorage, SESSION, session);

/** Forgets who was logged in; what they were writing goes with `everything`. @param {boolean} everything */
export function forgetSession(everything) {
  sessionStorage.removeItem(SESSION);
  if (everything) sessionStorage.removeItem(WORK);
}

/** @param {string} agent @returns {Work | null} */
export function loadWork(agent) {
  const work = read(sessionStorage, WORK);
  return work?.agent === agent ? work : null;
}

/** @param {Work} work */
export const saveWork = work => write(sessionStorage, WORK, work);

/** @type {{language: Language, sound: boolean, keys: boolean}} */
export const habits = { language: "bn", sound: true, keys: true, ...read(localStorage, HABITS) };

/** @param {Partial<typeof habits>} changed */
export function remember(changed) {
  Object.assign(habits, changed);
  write(localStorage, HABITS, habits);
}
