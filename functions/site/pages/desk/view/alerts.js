/** @import {Desk} from "../desk.js" */
import { habits } from "../session.js";
import { text } from "../text.js";
import { titleOf } from "./bar.js";

/** Two notes for a text, three for a customer who waits, in hertz. */
const TEXT = [660, 880];
const WAITING = [520, 660, 780];
const NOTE = 0.12;

/** How often the title changes while something is new and nobody looks. */
const BLINK = 1_500;

/** Tells by sound and title what is new. @param {Desk} desk */
export function alerts(desk) {
  /** @type {AudioContext | null} */
  let audio = null;
  let unread = 0;
  let waiting = 0;
  let calm = true;
  /** What the title says in turn with the usual one. */
  let news = "";

  /** @param {number[]} notes */
  const play = notes => {
    // Played, never in the way: a browser may not let a page make a sound before somebody touched it.
    if (!habits.sound) return;
    audio ??= new AudioContext();
    if (audio.state === "suspended") audio.resume();
    const now = audio.currentTime;
    for (const [place, pitch] of notes.entries()) {
      const tone = new OscillatorNode(audio, { frequency: pitch });
      const volume = new GainNode(audio, { gain: 0 });
      const from = now + place * NOTE;
      volume.gain.linearRampToValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(0.08, from + 0.02);
      volume.gain.linearRampToValueAtTime(0, from + NOTE);
      tone.connect(volume).connect(audio.destination);
      tone.start(from);
      tone.stop(from + NOTE);
    }
  };

  let usual = true;
  setInterval(() => {
    const looking = !document.hidden && document.hasFocus();
    if (looking) news = "";
    usual = looking || !news || !usual;
    document.title = usual ? titleOf(desk) : news;
  }, BLINK);

  const update = () => {
    if (usual) document.title = titleOf(desk);
    const nowUnread = desk.own.reduce((sum, chat) => sum + chat.unread, 0);
    const nowWaiting = desk.overview?.stats.waiting ?? 0;
    // What was there when the desk was opened is no news.
    if (calm) calm = !desk.overview;
    else if (nowUnread > unread) {
      const chat = desk.own.findLast(one => one.unread > 0);
      news = text("new-text", { name: chat?.row.name ?? text("customer") });
      play(TEXT);
    } else if (nowWaiting > waiting && desk.own.length < (desk.agent?.most ?? 0)) {
      news = text("new-waiting");
      play(WAITING);
    }
    unread = nowUnread;
    waiting = nowWaiting;
  };
  return { update };
}
