/* The chat behind the box; chat.d.ts says what each part is for. */

/* Where storage is blocked, the chat lasts as long as the page. */
/** @type {Record<string, string>} */
let store = {};
try {
  store = localStorage ?? store;
} catch {}
const write = (/** @type {string} */ key, /** @type {unknown} */ value) => {
  try {
    if (value) store[key] = JSON.stringify(value);
    else delete store[key];
  } catch {}
};

/* `randomUUID` is missing where there is no TLS. */
const uuid = () => crypto.randomUUID?.() ?? crypto.getRandomValues(new Uint32Array(4)).join("-");

/** @type {import("./chat").Connect} */
export const connect = (options, changed) => {
  const name = `alap ${options.server}`;
  const last = () => me.events.at(-1)?.seq ?? 0;

  /** @type {import("./chat").Engine} */
  const me = {
    events: [],
    outbox: [],
    retryAt: 0,
    lead: 0,
    cursor: 0,
    pollAt: 0,
    tries: 0,
    typedAt: 0,
    wakeUp() {},

    start() {
      // Another tab may have begun one meanwhile.
      if (!me.session) me.load();
      if (!me.session) me.begin({});
    },
    again() {
      me.begin({ again: me.session?.chat, token: me.session?.token });
    },
    begin(session) {
      me.keep({ key: uuid(), seen: 0, locale: options.language, ...session });
      me.load();
      me.wake();
    },
    send(post, label = "") {
      const item = { id: uuid(), chat: me.session?.chat, at: Date.now(), post, label };
      me.outbox.push(item);
      // What proves who somebody is, is not written down here.
      if (post.kind !== "form") write(`${name} ${item.id}`, item);
      changed([]);
      me.wake();
    },
    retry(item) {
      item.problem = undefined;
      me.wake();
    },
    drop(item) {
      me.outbox = me.outbox.filter(other => other !== item);
      write(`${name} ${item.id}`, 0);
    },
    typing() {
      if (me.status?.phase !== "talking" || Date.now() < me.typedAt + 4_000) return;
      me.typedAt = Date.now();
      me.call("/messages", { kind: "typing" }).catch(() => {});
    },
    transcript: () => me.call("/events"),
    wake() {
      me.pollAt = me.retryAt = 0;
      me.flight?.abort({ code: "wake" });
      me.wakeUp();
    },
    unread: () => me.events.filter(({ seq, from }) => seq > (me.session?.seen ?? 0) && from !== "customer").length,
    saw() {
      const seen = last();
      if (!me.session || seen <= me.session.seen) return;
      me.keep({ ...me.session, seen });
      me.tell({ seen });
    },

    keep(session) {
      me.session = session;
      write(name, session);
    },
    load() {
      me.session = JSON.parse(store[name] ?? "null") ?? undefined;
      me.events = [];
      me.status = me.fault = undefined;
      me.cursor = 0;
      me.outbox = Object.keys(store)
        .filter(key => key.startsWith(`${name} `))
        .map(key => ({ ...JSON.parse(store[key] ?? ""), tried: true }))
        .filter(({ chat }) => chat && chat === me.session?.chat)
        .sort((a, b) => a.at - b.at);
      changed([], true);
    },
    listen() {
      me.tabs = new BroadcastChannel(name);
      me.tabs.onmessage = ({ data: { chat, after, answer, seen } }) => {
        if (chat !== me.session?.chat) {
          me.load();
          me.wake();
        } else if (answer) {
          me.take(after, answer);
          me.wakeUp();
        } else if (me.session) {
          me.session.seen = seen;
          changed([]);
        }
      };
    },
    tell(telling) {
      me.tabs?.postMessage({ chat: me.session?.chat, ...telling });
    },

    async step() {
      const item = me.outbox.find(item => !item.problem && !item.sent);
      const now = Date.now();
      if (!me.session) return 1e9;
      if (now < me.retryAt) return me.retryAt - now;
      if (me.session.chat && !item && now < me.pollAt) return me.pollAt - now;
      try {
        await (!me.session.chat ? me.open() : item ? me.deliver(item) : me.poll());
        me.tries = 0;
        me.fault = undefined;
      } catch (fault) {
        me.failed(/** @type {any} */ (fault), item);
      }
      changed([]);
      return 0;
    },
    async open() {
      const { key = "", locale, again } = me.session ?? {};
      const { channel, identity } = options;
      const started = await me.call("", { channel, locale, identity, again }, key);
      const { chat, token } = started;
      me.keep({ key, seen: 0, chat, token });
      me.take(0, started);
      me.tell({});
    },
    async deliver(item) {
      const after = me.cursor;
      const { id, post, tried } = item;
      const close = post.kind === "close";
      item.tried = true;
      const answer = await me.call(close ? "/close" : "/messages", close ? {} : { ...post, client_id: id, after });
      item.sent = true;
      if (close) me.drop(item);
      // What was stored before comes without what came before it.
      if (tried) me.pollAt = 0;
      else me.arrived(after, answer);
    },
    async poll() {
      const after = me.cursor;
      me.arrived(after, await me.call(`/events?after=${after}`));
    },
    arrived(after, answer) {
      me.tell({ after, answer });
      me.take(after, answer);
    },
    async call(path, body, key) {
      const { chat, token } = me.session ?? {};
      const text = path === "/events";
      /** @type {Record<string, string>} */
      const headers = { Accept: text ? "text/plain" : "application/json" };
      if (token) headers.Authorization = `Bearer ${token}`;
      if (body) headers["Content-Type"] = "application/json";
      if (key) headers["Idempotency-Key"] = key;
      const flight = new AbortController();
      // News can be asked for anew at any time.
      if (path.includes("?")) me.flight = flight;
      const timer = setTimeout(() => flight.abort(), 15_000);
      try {
        const response = await fetch(`${options.server}/v1/chats${chat ? `/${chat}` : ""}${path}`, {
          ...(body && { method: "POST", body: JSON.stringify(body) }),
          headers,
          signal: flight.signal,
        });
        if (response.ok) return await (text ? response.text() : response.json());
        throw { code: "", ...(await response.json().catch(() => {})), status: response.status };
      } catch (/** @type {any} */ error) {
        throw error.name ? { code: "offline" } : error;
      } finally {
        clearTimeout(timer);
      }
    },
    failed(fault, item) {
      const { code, status = 0, retry_after_s, chat_status } = fault;
      const now = Date.now();
      if (code === "wake") return;
      me.fault = fault;
      if (code === "offline" || status === 429 || status >= 500) {
        const seconds = retry_after_s ?? Math.min(30, 2 ** me.tries++);
        me.retryAt = now + seconds * (1_000 + 200 * Math.random());
      } else if (!me.session?.chat) {
        // Once more without what it may have been refused for.
        me.retryAt = now + (me.session?.again || options.identity ? 0 : 30_000);
        options.identity = undefined;
        me.keep({ key: uuid(), seen: 0, locale: options.language });
      } else if (status === 401 || status === 403) {
        me.keep();
        fault.code = "lost";
      } else if (item) {
        item.problem = fault;
        me.fault = undefined;
        me.status = chat_status ?? me.status;
        me.pollAt = 0;
      } else me.retryAt = now + 30_000;
    },
    take(after, { events, status, cursor = events.at(-1)?.seq ?? 0 }) {
      const now = Date.now();
      const whole = after <= me.cursor;
      const news = whole ? events.filter(({ seq }) => seq > last()) : [];
      if (status.now >= (me.status?.now ?? 0)) {
        me.status = status;
        me.lead = status.now - now;
        me.pollAt = now + (status.poll_after_ms ?? 1e9) * (0.8 + 0.4 * Math.random());
      }
      if (whole) me.cursor = Math.max(me.cursor, cursor);
      // Something is missing before this, or there is more behind it.
      if (!whole || cursor >= after + 100) me.pollAt = 0;
      for (const item of me.outbox) if (news.some(({ client_id }) => client_id === item.id)) me.drop(item);
      me.events.push(...news);
      // A closed chat can be seen again for half an hour: whoever comes later has another concern.
      if (me.session && status.phase === "closed") me.keep({ ...me.session, over: me.session.over ?? now });
      changed(news);
    },
  };

  me.load();
  if ((me.session?.over ?? 1e15) < Date.now() - 1_800_000) me.keep();
  me.listen();
  addEventListener("pagehide", () => {
    // An open channel would keep the page out of the back/forward cache.
    me.tabs?.close();
    me.tabs = undefined;
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) me.listen();
    me.wake();
  });
  addEventListener("online", me.wake);
  document.addEventListener("visibilitychange", () => document.hidden || me.wake());
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
