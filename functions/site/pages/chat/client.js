//# allFunctionsCalledOnLoad
/** @import * as c from "./chat" */

/** @type {Record<string, string>} */
let store = {};
try {
	store = localStorage ?? store;
} catch {}
const uuid = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

/** @type {c.Connect} */
export const connect = (options, changed) => {
	const name = `alap ${options.server}`;

	/** @type {c.Engine} */
	const me = {
		events: [],
		outbox: [],
		retryAt: 0,
		lead: 0,
		cursor: 0,
		last: 0,
		pollAt: 0,
		tries: 0,
		typedAt: 0,
		wakeUp() {},

		start() {
			if (options.identity) me.identify();
			if (!me.session) me.load();
			if (!me.session) me.begin({});
		},
		identify() {
			const { who } = me.session ?? {};
			if (!who || who === me.who()) return;
			me.keep();
			me.load();
		},
		who() {
			const [, claims] = options.identity?.split(".") ?? [];
			try {
				return claims && JSON.parse(atob(claims.replace(/-/g, "+").replace(/_/g, "/"))).phone_number;
			} catch {}
		},
		again() {
			const { chat, token, who } = me.session ?? {};
			me.begin({ again: chat, token, who });
		},
		begin(session) {
			me.keep({ key: uuid(), seen: 0, locale: options.language, ...session });
			me.load();
			me.wake();
		},
		send(post, label = "") {
			clearTimeout(me.typist);
			const item = { id: uuid(), chat: me.session?.chat, at: Date.now(), post, label };
			me.outbox.push(item);
			if (post.kind !== "form") me.write(`${name} ${item.id}`, item);
			changed([]);
			me.wake();
		},
		retry(item) {
			item.problem = undefined;
			me.wake();
		},
		drop(item) {
			me.outbox = me.outbox.filter(other => other !== item);
			me.write(`${name} ${item.id}`);
			changed([]);
		},
		typing(draft) {
			const { phase, preview } = me.status ?? {};
			const wait = me.typedAt + (preview ? 1_500 : 4_000) - Date.now();
			clearTimeout(me.typist);
			if (preview && wait > 0) me.typist = setTimeout(me.typing, wait, draft);
			if (phase !== "talking" || wait > 0) return;
			me.typedAt = Date.now();
			me.call("/messages", { kind: "typing", text: preview && draft }).catch(() => {});
		},
		transcript: () => me.call("/events"),
		wake() {
			me.pollAt = me.retryAt = 0;
			me.flight?.abort({ code: "wake" });
			me.wakeUp();
		},
		unread: () => me.events.filter(({ seq, from }) => seq > (me.session?.seen ?? 0) && from !== "customer").length,
		saw() {
			if (me.session && me.session.seen < me.last) me.keep({ ...me.session, seen: me.last });
		},

		write(key, value) {
			try {
				if (value) store[key] = JSON.stringify(value);
				else delete store[key];
			} catch {}
		},
		read: key => JSON.parse(store[key] ?? "0") || undefined,
		keep(session) {
			me.session = session;
			me.write(name, session);
			me.kept = store[name];
		},
		follow() {
			if (store[name] === me.kept) return;
			const { chat } = me.session ?? {};
			me.session = me.read(name);
			me.kept = store[name];
			if (me.session?.chat !== chat) me.load();
			me.wake();
		},
		load() {
			me.session = me.read(name);
			me.kept = store[name];
			me.events = [];
			me.status = me.fault = undefined;
			me.cursor = me.last = 0;
			me.outbox = Object.keys(store)
				.filter(key => key.startsWith(`${name} `))
				.map(key => ({ ...me.read(key), tried: true }))
				.filter(({ chat }) => chat && chat === me.session?.chat)
				.sort((a, b) => a.at - b.at);
			changed([], true);
		},

		async step() {
			const item = me.outbox.find(item => !item.problem && !item.sent);
			const now = Date.now();
			if (!me.session) return 1e9;
			const { chat } = me.session;
			const wait = now < me.retryAt ? me.retryAt - now : chat && !item ? me.pollAt - now : 0;
			if (wait > 0) return wait;
			await (chat ? (item ? me.deliver(item) : me.poll()) : me.open()).catch(fault => {
				me.failed(fault, item);
				changed([]);
			});
			return 0;
		},
		async open() {
			const { key = "", locale, again, who } = me.session ?? {};
			const { channel, identity } = options;
			const started = await me.call("", { channel, locale, identity, again }, { "Idempotency-Key": key });
			const { chat, token } = started;
			me.keep({ key, seen: 0, chat, token, who: me.who() ?? who });
			me.take(0, started);
		},
		async deliver(item) {
			const { id, post, tried } = item;
			const after = me.cursor;
			const close = post.kind === "close";
			item.tried = true;
			const answer = await me.call(close ? "/close" : "/messages", close ? {} : { ...post, client_id: id, after });
			item.sent = true;
			if (close) me.drop(item);
			if (tried) {
				me.pollAt = 0;
				changed([]);
			} else me.take(after, answer);
		},
		async poll() {
			const after = me.cursor;
			me.take(after, await me.call(`/events?after=${after}`));
		},
		async call(path, body, headers) {
			const { session } = me;
			const { chat, token } = session ?? {};
			const flight = new AbortController();
			const text = path === "/events";
			if (path.includes("?")) me.flight = flight;
			const timer = setTimeout(() => flight.abort(), 15_000);
			try {
				const response = await fetch(`${options.server}/v1/chats${chat ? `/${chat}` : ""}${path}`, {
					...(body && { method: "POST", body: JSON.stringify(body) }),
					headers: {
						"Content-Type": "application/json",
						...(text && { Accept: "text/plain" }),
						...(token && { Authorization: `Bearer ${token}` }),
						...headers,
					},
					signal: flight.signal,
				});
				const answer = await (text ? response.text() : response.json());
				if (me.session?.key !== session?.key) throw { code: "wake" };
				if (response.ok) {
					me.tries = 0;
					if (me.fault) changed([]);
					me.fault = undefined;
					return answer;
				}
				throw { code: "", ...answer, status: response.status };
			} catch (/** @type {any} */ error) {
				throw error.name ? { code: "offline" } : error;
			} finally {
				clearTimeout(timer);
			}
		},
		failed(fault, item) {
			const { code, status = 0, retry_after_s, chat_status } = fault;
			const later = !status || status === 429 || status >= 500;
			const lost = status === 401 || status === 403;
			const chat = me.session?.chat;
			if (code === "wake") return;
			if (chat && item && !later && !lost) {
				item.problem = fault;
				me.status = chat_status ?? me.status;
				me.pollAt = 0;
				return;
			}
			me.fault = fault;
			me.retryAt = Date.now() + (retry_after_s ?? Math.min(30, 2 ** me.tries++)) * (1_000 + 200 * Math.random());
			if (chat && lost) {
				me.keep();
				me.fault = { code: "lost" };
			} else if (code === "identity-invalid") options.identity = undefined;
			else if (!chat && !later) me.keep({ key: uuid(), seen: 0, locale: options.language });
		},
		take(after, { events, status, cursor = events.at(-1)?.seq ?? 0 }) {
			const now = Date.now();
			const news = events.filter(({ seq }) => after <= me.cursor && seq > me.last);
			me.status = status;
			me.lead = status.now - now;
			me.pollAt = now + (status.poll_after_ms ?? 1e9) * (0.8 + 0.4 * Math.random());
			if (cursor >= after + 100) me.pollAt = 0;
			me.cursor = Math.max(me.cursor, cursor);
			me.last = news.at(-1)?.seq ?? me.last;
			me.events.push(...news);
			for (const item of me.outbox) if (news.some(({ client_id }) => client_id === item.id)) me.drop(item);
			if (me.session && status.phase === "closed") me.keep({ ...me.session, over: me.session.over ?? now });
			changed(news);
		},
	};

	me.load();
	if (Date.now() - (me.session?.over ?? 1e15) > 1_800_000) me.keep();
	for (const name of ["online", "pageshow", "visibilitychange"]) addEventListener(name, me.wake);
	const run = async () => {
		let wait = 0;
		me.wakeUp = () => {};
		while (wait <= 0) wait = await me.step();
		const timer = setTimeout(run, wait);
		me.wakeUp = () => {
			clearTimeout(timer);
			run();
		};
	};
	run();
	return me;
};
