/* The chat as a page of its own, for links and for the WebView of an app: see docs/mobile.md. */

import { mount } from "./box.js";
import { connect } from "./client.js";
import { sheet } from "./sheet.js";
import { examples, words } from "./words.js";

const { pathname, search, hash } = location;
const asked = new URLSearchParams(search);
const identity = new URLSearchParams(hash.slice(1)).get("identity") ?? undefined;
// Whoever sees the address later, in a history or a screenshot, must not find who this is.
if (identity) history.replaceState(history.state, "", pathname + search);

/** @type {import("./chat").App} */
const { AlapHost, webkit } = /** @type {any} */ (window);
const handler = webkit?.messageHandlers?.alap;
/** @type {import("./chat").Page | undefined} */
const app =
	AlapHost ??
	(handler && {
		unread: count => handler.postMessage({ type: "unread", count }),
		close: () => handler.postMessage({ type: "close" }),
		share: text => handler.postMessage({ type: "share", text }),
	});

const lang = asked.get("lang");
const language = lang === "bn" || lang === "en" ? lang : undefined;
if (language) document.documentElement.lang = language;

/** @type {import("./chat").Page} */
const page = app ?? (history.length > 1 ? { close: () => history.back() } : {});
if (app?.close) {
	// The back button leaves the chat, as it leaves any screen of the app.
	if (!history.state) history.pushState("chat", "");
	addEventListener("popstate", () => app.close?.());
}

const host = document.body.appendChild(document.createElement("div"));
host.dataset.theme = asked.get("theme") ?? "";
host.dataset.sound = asked.get("sound") ?? "";
const root = host.attachShadow({ mode: "open" });
const channel = app || identity ? "app" : "web";
const parts = { connect, examples, sheet, words };
mount(host, root, { ...parts, server: location.origin, channel, language, identity, page }).open();
