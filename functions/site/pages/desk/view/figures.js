/** @import {Desk} from "../desk.js" */
import { everySecond, serverNow } from "../clock.js";
import { h, list, set, write } from "../dom.js";
import { queueName } from "../queues.js";
import { duration, number, percent, text } from "../text.js";
import { curve, places, ring, stars } from "./charts.js";

/** @typedef {import("../text.js").Key} Key */
/** @typedef {import("../wire.d.ts").TeamRow} TeamRow */

/** How busy it is, for supervisors. @param {Desk} desk */
export function figuresView(desk) {
  const tile = (/** @type {string} */ label) => {
    const title = h("dt", {}, label);
    const value = h("dd", { class: "value" });
    const more = h("dd", { class: "more" });
    const picture = h("dd", { class: "picture" });
    return { element: h("div", { class: "tile" }, title, value, more, picture), title, value, more, picture };
  };
  const waiting = tile(text("waiting-now"));
  const longest = tile(text("longest-wait"));
  const online = tile(text("online"));
  const load = tile(text("places-taken"));
  const chats = tile(text("chats-today"));
  const target = tile("");
  const wait = tile(text("average-wait"));
  const handling = tile(text("average-handling"));
  const ratings = tile(text("ratings"));
  const graph = h("div", { class: "graph" });
  const most = h("span", { class: "small" });
  const rows = h("tbody");
  const show = list(
    rows,
    (/** @type {TeamRow} */ row) => row.id,
    () => memberView(desk),
  );
  const tiles = (
    /** @type {string} */ id,
    /** @type {Key} */ title,
    /** @type {ReturnType<typeof tile>[]} */ ...those
  ) =>
    h(
      "section",
      { "aria-labelledby": id },
      h("h3", { id }, text(title)),
      h("dl", { class: "tiles" }, ...those.map(({ element }) => element)),
    );
  const head = (/** @type {Key} */ key) => h("th", { scope: "col" }, text(key));
  const element = h(
    "div",
    { class: "figures", role: "region", "aria-labelledby": "figures", tabindex: "0" },
    h("h2", { id: "figures" }, text("figures-title")),
    tiles("figures-now", "now", waiting, longest, online, load),
    h(
      "section",
      { class: "card", "aria-labelledby": "figures-curve" },
      h("div", { class: "line" }, h("h3", { id: "figures-curve" }, text("waiting-curve")), most),
      graph,
    ),
    tiles("figures-today", "today", chats, target, wait, handling, ratings),
    h(
      "section",
      { class: "card", "aria-labelledby": "figures-team" },
      h("h3", { id: "figures-team" }, text("team")),
      h(
        "div",
        { class: "scroller", role: "group", "aria-labelledby": "figures-team", tabindex: "0" },
        h(
          "table",
          {},
          h("thead", {}, h("tr", {}, head("name"), head("state"), head("queues"), head("chats-taken"))),
          rows,
        ),
      ),
    ),
  );
  everySecond(longest.value, () => {
    const since = desk.overview?.stats.waiting_since;
    write(longest.value, since === undefined ? "–" : duration(serverNow() - since));
    set(longest.element, "data-level", since !== undefined && serverNow() - since > 180_000 && "bad");
  });

  let drawn = "";
  const update = () => {
    const { overview } = desk;
    if (!overview || desk.layout.view !== "figures") return;
    const { stats, agents, rev } = overview;
    // The same state of affairs is not drawn again, but the curve goes on.
    drawCurve(stats.waiting);
    if (rev === drawn) return;
    drawn = rev;
    write(waiting.value, number(stats.waiting));
    write(online.value, number(stats.online));
    write(online.more, text("of-team", { max: number(agents.length) }));
    const there = agents.filter(row => row.online);
    const taken = agents.reduce((sum, row) => sum + row.chats, 0);
    const room = there.reduce((sum, row) => sum + row.most, 0);
    const ofPlaces = text("of-places", { max: number(room) });
    write(load.value, number(taken));
    write(load.more, ofPlaces);
    load.picture.replaceChildren(ring(room ? Math.min(1, taken / room) : 0, `${number(taken)} ${ofPlaces}`));
    drawToday(stats.today);
    show([...agents].sort((a, b) => Number(b.online) - Number(a.online) || b.chats - a.chats));
  };

  const drawCurve = (/** @type {number} */ count) => {
    const highest = Math.max(0, ...desk.samples.map(sample => sample.waiting));
    write(most, text("curve-most", { count: number(highest) }));
    graph.replaceChildren(
      curve(
        desk.samples,
        serverNow(),
        `${text("waiting-curve")}: ${number(count)}, ${text("curve-most", { count: number(highest) })}`,
      ),
    );
  };

  const drawToday = (/** @type {import("../wire.d.ts").Today | undefined} */ today) => {
    if (!today) return;
    const time = (/** @type {number | undefined} */ value) => (value === undefined ? "–" : duration(value * 1_000));
    write(chats.value, number(today.chats));
    const share = today.chats ? today.in_target / today.chats : undefined;
    write(target.title, text("in-target", { time: minutes(today.target_s) }));
    write(target.value, share === undefined ? "–" : percent(share));
    write(target.more, share === undefined ? "" : `${number(today.in_target)} / ${number(today.chats)}`);
    target.picture.replaceChildren(ring(share, `${target.title.textContent}: ${target.value.textContent}`));
    write(wait.value, time(today.average_wait_s));
    write(handling.value, time(today.average_handling_s));
    const rating = today.average_rating;
    write(
      ratings.value,
      rating === undefined ? "–" : number(rating / 100, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    );
    write(
      ratings.more,
      rating === undefined ? text("not-yet") : text("ratings-count", { count: number(today.ratings) }),
    );
    ratings.picture.replaceChildren(
      ...(rating === undefined
        ? []
        : [stars(rating, `${text("ratings")}: ${ratings.value.textContent} / ${number(5)}`)]),
    );
  };
  return { element, update };
}

/** Whole minutes without the seconds. @param {number} seconds */
const minutes = seconds => (seconds % 60 ? duration(seconds * 1_000) : number(seconds / 60));

/** @param {Desk} desk */
function memberView(desk) {
  const name = h("th", { scope: "row" });
  const state = h("span", { class: "dot" });
  const queues = h("td");
  const load = h("td");
  const element = h("tr", {}, name, h("td", {}, state), queues, load);
  let drawn = "";
  const update = (/** @type {TeamRow} */ row) => {
    const now = JSON.stringify(row);
    if (now === drawn) return;
    drawn = now;
    write(name, row.name);
    write(state, text(row.online ? "is-online" : "is-offline"));
    set(state, "data-online", row.online);
    write(queues, row.queues.map(queue => queueName(desk, queue)).join(", "));
    const words = text("load", { count: number(row.chats), max: number(row.most) });
    const count = h("span", { "aria-hidden": "true" }, `${number(row.chats)}/${number(row.most)}`);
    load.replaceChildren(h("div", { class: "line" }, places(row.chats, row.most, words), count));
  };
  return { element, update };
}
