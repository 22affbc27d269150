/* A few lines of SVG: each picture is named by what it shows, and its numbers stand beside it as text. */

import { svg } from "../dom.js";

/** A ring filled by a share of 1. @param {number | undefined} share @param {string} label */
export function ring(share, label) {
  const circle = (/** @type {string} */ kind, /** @type {number} */ part) =>
    svg("circle", { class: kind, cx: 20, cy: 20, r: 16, pathLength: 100, "stroke-dasharray": `${part * 100} 100` });
  const parts = [circle("track", 1), ...(share ? [circle("value", share)] : [])];
  return svg("svg", { viewBox: "0 0 40 40", class: "ring", role: "img", "aria-label": label }, ...parts);
}

/** A bar of places, so many of them taken. @param {number} taken @param {number} places @param {string} label */
export function places(taken, places, label) {
  const width = 12;
  const cells = Array.from({ length: Math.max(places, taken) }, (_, place) =>
    svg("rect", {
      class: place < taken ? "value" : "track",
      x: place * width,
      y: 0,
      width: width - 3,
      height: 12,
      rx: 3,
    }),
  );
  const view = `0 0 ${Math.max(1, cells.length) * width} 12`;
  return svg(
    "svg",
    {
      viewBox: view,
      class: "places",
      role: "img",
      "aria-label": label,
      width: Math.max(1, cells.length) * width,
      height: 12,
    },
    ...cells,
  );
}

const WIDE = 600;
const HIGH = 120;

/**
 * A stepped line of counts over time.
 * @param {{at: number, waiting: number}[]} samples
 * @param {number} now
 * @param {string} label
 */
export function curve(samples, now, label) {
  const first = samples[0]?.at ?? now;
  const span = Math.max(60_000, now - first);
  const most = Math.max(4, ...samples.map(sample => sample.waiting));
  const x = (/** @type {number} */ at) => Math.round(((at - (now - span)) / span) * WIDE);
  const y = (/** @type {number} */ count) => Math.round(HIGH - (count / most) * (HIGH - 6));
  const steps = samples.map(({ at, waiting }, place) =>
    place ? `H${x(at)}V${y(waiting)}` : `M${x(at)} ${y(waiting)}`,
  );
  const line = `${steps.join("")}H${WIDE}`;
  const lines = [0.5, 1].map(part => svg("path", { class: "track", d: `M0 ${y(most * part)}H${WIDE}` }));
  const drawn = samples.length
    ? [svg("path", { class: "area", d: `${line}V${HIGH}H${x(first)}Z` }), svg("path", { class: "value", d: line })]
    : [];
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "curve", role: "img", "aria-label": label, preserveAspectRatio: "none" },
    ...lines,
    ...drawn,
  );
}

/** Five stars, so many hundredths of them filled. @param {number} hundredths @param {string} label */
export function stars(hundredths, label) {
  const star = "M10 1.5 12.600 7l6 .8-4.400 4.200 1.100 6L10 15.100 4.700 18l1.100-6L1.400 7.800l6-.8z";
  const row = (/** @type {string} */ kind) =>
    svg(
      "g",
      { class: kind },
      ...[0, 1, 2, 3, 4].map(place => svg("path", { d: star, transform: `translate(${place * 20} 0)` })),
    );
  // A second viewport cuts the filled stars off.
  const filled = svg(
    "svg",
    { x: 0, y: 0, width: hundredths / 5, height: 20, viewBox: `0 0 ${hundredths / 5} 20`, overflow: "hidden" },
    row("value"),
  );
  return svg(
    "svg",
    { viewBox: "0 0 100 20", class: "star-row", role: "img", "aria-label": label },
    row("track"),
    filled,
  );
}
