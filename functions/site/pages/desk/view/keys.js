/** @import {Desk} from "../desk.js" */

/**
 * The keys of the whole desk. Letters come with Alt and by their place on the keyboard, so that they work while a
 * Bangla layout is on, and in the middle of a sentence.
 * @param {Desk} desk
 * @param {{column: () => import("./shell.js").Column | undefined, help: () => void, sound: () => void, list: () => void, single: () => boolean}} can
 * @returns {(event: KeyboardEvent) => void}
 */
export function keys(desk, can) {
  /** @param {number} step */
  const neighbour = step => {
    const chats = [...desk.chats.values()];
    const place = chats.findIndex(chat => chat.id === desk.layout.active);
    const chat = chats.at((place + step + chats.length) % Math.max(1, chats.length));
    if (chat) desk.layout.open(chat.id);
  };

  /** @type {Record<string, () => void>} */
  const withAlt = {
    KeyN: () => desk.actions.take(),
    KeyU: () => desk.layout.mostUrgent && desk.layout.open(desk.layout.mostUrgent.id),
    KeyQ: can.list,
    KeyG: () => desk.agent?.supervisor && desk.layout.show(desk.layout.view === "figures" ? "chats" : "figures"),
    KeyS: can.sound,
    KeyR: () => can.column()?.box.focus(),
    KeyI: () => can.column()?.note(),
    KeyC: () => can.column()?.openCanned(),
    KeyA: () => can.column()?.details(),
    KeyT: () => can.column()?.transfer(),
    KeyP: () => can.column()?.number(),
    KeyL: () => can.column()?.log.focus(),
    KeyE: () => can.column()?.finish(),
    ArrowUp: () => neighbour(-1),
    ArrowDown: () => neighbour(1),
  };

  /** @param {KeyboardEvent} event */
  const actionOf = event => {
    if (event.ctrlKey || event.metaKey || event.isComposing) return undefined;
    if (event.altKey) {
      const place = /^(?:Digit|Numpad)([1-9])$/u.exec(event.code)?.[1];
      if (!place) return withAlt[event.code];
      const chat = [...desk.chats.values()].filter(other => other.kind === "own")[Number(place) - 1];
      return () => chat && desk.layout.open(chat.id);
    }
    if (event.key === "F1") return can.help;
    if (event.key === "F2") return () => desk.actions.take();
    const writing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
    return event.key === "?" && !writing && can.single() ? can.help : undefined;
  };

  return event => {
    // A dialog has the keys to itself.
    if (document.querySelector("dialog[open]")) return;
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    if (!event.repeat) action();
  };
}
