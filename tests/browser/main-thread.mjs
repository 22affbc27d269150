// What the widget costs the page that carries it: time of its main thread. `cargo xtask test browser` measures it when
// nothing else runs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Customer, embedding } from "./customer.mjs";
import { browser, person, server, site, website } from "./harness.mjs";

/** How much slower than this machine a cheap phone is, and how often time is measured. */
const SLOWER = 4;
const RUNS = 5;

/** @type {Awaited<ReturnType<typeof website>>} */
let running;
before(async () => {
  running = await website({ "/": embedding() });
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

/** How long anything is given to happen while it is measured: to look whether it has would be work for the page. */
const AMPLE = 1_500;

// Printed, not judged: how long anything takes depends on the machine, and on what else it does.
test("time of the main thread", async context => {
  const chromium = await browser();
  /** @type {Record<string, number[]>} */
  const times = { "while the page loads": [], "once it has loaded": [], "on the first opening": [] };
  for (let run = 0; run < RUNS; run++) {
    const customer = new Customer(await (await person()).newPage());
    const { page } = customer;
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    /** @param {() => Promise<unknown>} act @returns {Promise<Trace[]>} */
    const traced = async act => {
      await chromium.startTracing(page, { categories: ["devtools.timeline", "v8", "v8.execute"] });
      await act();
      await page.waitForTimeout(AMPLE);
      return JSON.parse((await chromium.stopTracing()).toString()).traceEvents;
    };
    const load = await traced(() => page.goto(`${site}/`));
    const loaded = load.findLast(({ name }) => name === "MarkLoad")?.ts ?? assert.fail("the page has not loaded");
    const { x, y } = (await customer.launcher.boundingBox()) ?? assert.fail("there is no button");
    const opening = await traced(() => page.mouse.click(x + 20, y + 20));
    times["while the page loads"]?.push(busy(load, event => script(event) && event.ts <= loaded));
    times["once it has loaded"]?.push(busy(load, event => script(event) && event.ts > loaded));
    times["on the first opening"]?.push(busy(opening, scriptAndShow));
    await customer.button("English").waitFor();
    await customer.leave();
  }
  for (const [what, values] of Object.entries(times)) {
    const all = values.map(value => value.toFixed(1)).join(", ");
    context.diagnostic(`${what} ${median(values).toFixed(1)} ms (${all}) on a processor ${SLOWER} times slower`);
    assert.ok(values.length === RUNS && median(values) > 0, "the trace has our work in it");
  }
});
