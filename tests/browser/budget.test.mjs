// What the widget costs the page that carries it: bytes over the wire.

import assert from "node:assert/strict";
import { get } from "node:http";
import { after, before, test } from "node:test";
import { Customer, embedding } from "./customer.mjs";
import { person, server, site, website } from "./harness.mjs";

/** The most bytes of all answers' bodies together. */
const BEFORE_THE_FIRST_CLICK = 3 * 1024;
const WHOLE_GZIP = 14 * 1024;
const WHOLE_BROTLI = 12 * 1024;

/** @type {Awaited<ReturnType<typeof website>>} */
let running;
before(async () => {
  running = await website({ "/": embedding() });
});
after(() => running.close());

/** How many bytes an answer's body has in this encoding. @param {string} url @param {string} encoding @returns {Promise<number>} */
const weight = (url, encoding) =>
  new Promise((resolve, reject) => {
    get(url, { headers: { "accept-encoding": encoding } }, response => {
      assert.equal(response.headers["content-encoding"], encoding, url);
      let bytes = 0;
      response.on("data", chunk => {
        bytes += chunk.length;
      });
      response.on("end", () => resolve(bytes));
    }).on("error", reject);
  });

/** @param {Iterable<string>} urls @param {string} encoding */
const weights = async (urls, encoding) => {
  let sum = 0;
  for (const url of urls) sum += await weight(url, encoding);
  return sum;
};

test("bytes", async context => {
  const customer = new Customer(await (await person()).newPage());
  const { page } = customer;
  /** @type {Map<string, number>} */
  const received = new Map();
  /** @type {Promise<void>[]} */
  const measured = [];
  page.on("requestfinished", request => {
    const url = request.url();
    if (!url.startsWith(server) || url.startsWith(`${server}/v1/`)) return;
    const measure = async () => {
      const { responseBodySize } = await request.sizes();
      received.set(url, Math.max(received.get(url) ?? 0, responseBodySize));
    };
    measured.push(measure());
  });
  await page.goto(`${site}/`);
  await page.waitForLoadState("networkidle");
  await Promise.all(measured);
  const first = new Set(received.keys());
  await customer.launcher.click();
  await customer.button("English").waitFor();
  await page.waitForLoadState("networkidle");
  await Promise.all(measured);

  const light = await weights(first, "gzip");
  const gzip = await weights(received.keys(), "gzip");
  const brotli = [...received.values()].reduce((sum, bytes) => sum + bytes, 0);
  context.diagnostic(`before the first click ${light} bytes (gzip), whole ${gzip} (gzip), ${brotli} (Brotli)`);
  assert.ok(first.size > 0 && received.size > first.size);
  assert.equal(brotli, await weights(received.keys(), "br"), "the browser has taken Brotli");
  assert.ok(light <= BEFORE_THE_FIRST_CLICK, `${light} bytes before the first click`);
  assert.ok(gzip <= WHOLE_GZIP, `${gzip} bytes with gzip`);
  assert.ok(brotli <= WHOLE_BROTLI, `${brotli} bytes with Brotli`);
  await customer.leave();
});
