/* The desk at /desk: for representatives and supervisors. */

import { tokens } from "../chat/sheet.js";
import { Desk } from "./desk.js";
import { habits } from "./session.js";
import { text } from "./text.js";
import { alerts } from "./view/alerts.js";
import { loginView } from "./view/login.js";
import { shellView } from "./view/shell.js";

/** @typedef {{element: HTMLElement, update: () => void, start: () => void, press?: (event: KeyboardEvent) => void}} View */

const sheet = new CSSStyleSheet();
sheet.replaceSync(tokens);
document.adoptedStyleSheets = [sheet];

const desk = new Desk();
const told = alerts(desk);

/** What the page is drawn for: another language or another representative is another page. */
let drawnFor = "";
/** @type {View} */
let view;

function draw() {
  const loggedIn = desk.agent && !desk.expired ? desk.agent.id : "";
  const drawFor = `${habits.language} ${loggedIn} ${desk.expired}`;
  if (drawFor !== drawnFor) {
    const sameReader = view && drawFor.split(" ")[1] === drawnFor.split(" ")[1];
    drawnFor = drawFor;
    document.documentElement.lang = habits.language;
    view = loggedIn ? shellView(desk) : loginView(desk);
    document.body.replaceChildren(view.element);
    view.update();
    // Whoever changes the language stays at the switch.
    if (sameReader) document.querySelector(/** @type {"button"} */ (`[data-language=${habits.language}]`))?.focus();
    else view.start();
  }
  view.update();
  if (loggedIn) told.update();
  else document.title = text("desk");
}

desk.subscribe(draw);
desk.resume();

addEventListener("keydown", event => view.press?.(event));

/* On a narrow screen the way back from a chat is the browser's own. */
desk.subscribe(() => {
  if (!desk.overview) return;
  const inChat = desk.layout.narrow && desk.layout.pane === "chat";
  const chat = history.state?.chat;
  if (inChat && !chat) history.pushState({ chat: true }, "");
  else if (!inChat && chat) history.back();
});
addEventListener("popstate", () => {
  if (!history.state?.chat && desk.layout.narrow && desk.layout.pane === "chat") desk.layout.leave();
});

/* Whoever comes back wants to see what is, now. */
function comeBack() {
  if (document.hidden) return;
  desk.poll.soon();
  desk.fetchShown();
}
document.addEventListener("visibilitychange", comeBack);
addEventListener("online", comeBack);
addEventListener("offline", () => desk.poll.soon());
addEventListener("pageshow", event => event.persisted && comeBack());
addEventListener("focus", () => desk.markSeen());
