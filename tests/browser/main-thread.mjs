// What the widget costs the page that carries it: time of its main thread. `cargo xtask test browser` measures it when
// nothing else runs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Customer, embedding } from "./customer.mjs";
import { browser, person, server, site, website } from "./harness.mjs";

/** How much slower than this machine a cheap phone is, and how often time is measured. */
const SLOWER = 4;
const RUNS = 5;

/** The bank's page that the server shows, on a website of its own: Bangla text, as most pages that carry the widget. */
const bank = async () => (await (await fetch(`${server}/`)).text()).replaceAll(/(src|href)="\//g, `$1="${server}/`);

/** @type {Awaited<ReturnType<typeof website>>} */
let running;
before(async () => {
  running = await website({ "/": "<!doctype html>", "/bank": await bank(), "/bare": embedding() });
});
after(() => running.close());

/** @typedef {{name: string, ts: number, dur?: number, tdur?: number, pid: number, tid: number, args: any}} Trace */

/**
 * How long the page's main thread computed, in milliseconds, in the outermost of the events that `counts` picks.
 * @param {Trace[]} events
 * @param {(event: Trace) => boolean} counts
 */
const busy = (events, counts) => {
  const ours = events.find(event => JSON.stringify(event.args ?? "").includes(server));
  assert.ok(ours, "the trace has something of ours");
  let until = 0;
  let sum = 0;
  for (const event of events.filter(counts).toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))) {
    const { ts, dur = 0, tdur = dur, pid, tid } = event;
    if (pid !== ours.pid || tid !== ours.tid || ts < until) continue;
    until = ts + dur;
    sum += tdur / 1_000;
  }
  return sum;
};

/** A script of ours, as opposed to those of the tests. */
const script = (/** @type {Trace} */ { name, args }) =>
  /^(EvaluateScript|FunctionCall|v8\.compile|v8\.evaluateModule)/.test(name) &&
  JSON.stringify(args ?? "").includes(server);

/** The same with what goes on after a wait, and what the page has to show then: nothing else happens in it meanwhile. */
const scriptAndShow = (/** @type {Trace} */ event) =>
  script(event) || /^(RunMicrotasks|UpdateLayoutTree|Layout|PrePaint|Paint|Layerize)$/.test(event.name);

/** @param {number[]} values */
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * How long anything is given to happen while it is measured: to look whether it has would be work for the page. What the
 * page leaves until the browser is idle happens within two seconds even where that never is.
 */
const AMPLE = { load: 2_500, opening: 1_500 };

/**
 * What the widget takes on the website's page, which is left alone meanwhile.
 * @param {string} path
 * @param {number} slower
 */
const measured = async (path, slower) => {
  const chromium = await browser();
  const customer = new Customer(await (await person()).newPage());
  const { page } = customer;
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slower });
  // A process that is there already is traced from its first event on.
  await page.goto(site);
  /** @param {() => Promise<unknown>} act @param {number} ample @returns {Promise<Trace[]>} */
  const traced = async (act, ample) => {
    await chromium.startTracing(page, { categories: ["devtools.timeline", "v8", "v8.execute"] });
    await act();
    await page.waitForTimeout(ample);
    return JSON.parse((await chromium.stopTracing()).toString()).traceEvents;
  };
  const load = await traced(() => page.goto(site + path), AMPLE.load);
  const loaded = load.findLast(({ name }) => name === "MarkLoad")?.ts ?? assert.fail("the page has not loaded");
  const { x, y } = (await page.locator("alap-chat button").boundingBox()) ?? assert.fail("there is no button");
  const opening = await traced(() => page.mouse.click(x + 20, y + 20), AMPLE.opening);
  await customer.button("English").waitFor();
  await customer.leave();
  return {
    "while the page loads": busy(load, event => script(event) && event.ts <= loaded),
    "once it has loaded": busy(load, event => script(event) && event.ts > loaded),
    "on the first opening": busy(opening, scriptAndShow),
  };
};

// Printed, not judged: how long anything takes depends on the machine, and on what else it does.
for (const [page, path] of [
  ["a bank's page", "/bank"],
  ["a page with little in it", "/bare"],
]) {
  for (const slower of [1, SLOWER]) {
    test(`time of the main thread: ${page}, processor slowed down ${slower} times`, async context => {
      const runs = [];
      for (let run = 0; run < RUNS; run++) runs.push(await measured(path ?? "", slower));
      for (const what of /** @type {const} */ ([
        "while the page loads",
        "once it has loaded",
        "on the first opening",
      ])) {
        const values = runs.map(run => run[what]);
        const all = values.map(value => value.toFixed(1)).join(", ");
        context.diagnostic(`${what} ${median(values).toFixed(1)} ms (${all})`);
        assert.ok(median(values) > 0, "the trace has our work in it");
      }
    });
  }
}
