/* The box the customer sees; chat.d.ts says what each part is for. */

import { connect } from "./client.js";
import { sheet } from "./sheet.js";
import { words } from "./words.js";

const SECRET = /\bp\.?i\.?n|\bo\.?t\.?p|passw|passcode|পিন|ওটিপি|পাসওয়ার্ড|কোড/i;
const DIGITS = /(^|\D)(\d[ .-]?){4,8}(?!\d|\s*(tk|taka|টাকা))/i;

/** @type {import("./chat").Make} */
const h = (what, properties, ...children) => {
  const [tag = "", className] = what.split(".");
  /** @type {any} */
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries({ className, ...properties })) {
    if (name in element) element[name] = value ?? "";
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

/** @type {import("./chat").Mount} */
export const mount = (host, root, options) => {
  const { launcher, page } = options;
  /** @type {import("./chat").View} */
  const my = {
    drawn: new Map(),
    field: h("textarea", 0),
    fresh: true,
    news: [],
    unread: 0,
    language: "",
    title: "",
    other: "",
    sound: host.dataset.sound === "on",

    local: value => (my.language === "bn" ? `${value}`.replace(/\d/g, d => "০১২৩৪৫৬৭৮৯"[+d] ?? "") : `${value}`),
    t: (key, value = "") => (words[key][+(my.language === "en")] ?? "").replace("#", my.local(value)),
    clock(ms) {
      const seconds = Math.max(0, Math.ceil(ms / 1_000));
      return my.local(`${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, "0")}`);
    },
    tell(name, detail) {
      host.dispatchEvent(new CustomEvent(`alap:${name}`, { detail, bubbles: true, composed: true }));
    },
    set(element, text) {
      // The same again would be read out again.
      if (element.textContent !== text) element.textContent = text;
    },
    draw(element, state, make) {
      const key = JSON.stringify([my.language, state]);
      if (my.drawn.get(element) === key) return false;
      my.drawn.set(element, key);
      element.replaceChildren(...make());
      return true;
    },
    button: (key, onclick, className) => h("button", { type: "button", className, onclick }, my.t(key)),
    said: text => h("p", { dir: "auto", lang: /[ঀ-৿]/.test(text) ? "bn" : "en" }, text),
    mine: (text, ...more) => h("div.m me", 0, h("span.off", 0, `${my.t("you")}: `), my.said(text), ...more),

    message({ kind, from, at, text = "", label, score = 0, comment = "", agent, contacts = [] }) {
      const time = new Date(at).toLocaleTimeString(my.language, { hour: "numeric", minute: "2-digit" });
      const written = kind === "text" || kind === "form_request";
      const own = score ? "★".repeat(score) + comment : (label ?? (written && from === "customer" && text));
      const nodes = own ? [my.mine(own, h("small", 0, `${time} ✓`, h("span.off", 0, my.t("sent"))))] : [];
      if (own && !score) return nodes;
      const ways = contacts.map(({ type, value, label }) => {
        const href = { phone: "tel:", email: "mailto:", place: "" }[type] + value;
        return h("a", { href, target: type === "place" ? "_blank" : "", rel: "noopener" }, label);
      });
      const name = written ? [h("b", 0, agent?.name ?? "")] : [];
      const plain = written || kind === "prompt" || kind === "info";
      return [...nodes, h(plain ? "div.m" : "div.m event", 0, ...name, my.said(text), ...ways)];
    },
    pending(item) {
      const { problem, label, sent } = item;
      const state = problem ? "failed" : sent ? "sent" : client.fault ? "held" : "sending";
      const retry = my.button("retry", () => client.retry(item));
      const remove = my.button("remove", () => client.drop(item));
      return my.mine(label, h("small", 0, my.t(state), problem?.message ?? ""), ...(problem ? [retry, remove] : []));
    },

    ask(key, ...choices) {
      my.question = [h("p", { role: "alert" }, my.t(key)), ...choices];
      my.render();
    },
    answered() {
      my.question = undefined;
      my.render();
    },
    asked() {
      /** @type {import("./chat").Asked | undefined} */
      let asked;
      for (const event of client.events) {
        if (event.kind === "form_request" || event.kind === "prompt") asked = event;
        else if (event.kind === "form_answer" || event.kind === "requeued") asked = undefined;
      }
      return client.status?.phase === (asked?.kind === "prompt" ? "flow" : "talking") ? asked : undefined;
    },
    busy: () => client.outbox.some(({ post, problem }) => !problem && /option|form/.test(post.kind)),
    choices() {
      const { status, fault } = client;
      const asked = my.asked();
      if (my.question) return [h("div.card", 0, ...my.question)];
      if (fault?.code === "lost")
        return [h("p", { role: "alert" }, my.t("lost")), my.button("anew", client.again, "main")];
      if (status?.phase === "closed") {
        const ends = [my.button("again", client.again, "main"), my.button("save", my.save)];
        return status.can_rate ? [my.rating(), ...ends] : ends;
      }
      if (asked?.kind === "form_request") return [my.form(asked)];
      const { options = [], navigation = [] } = asked?.input ?? {};
      const short = options.length < 4 && options.every(({ label }) => label.length < 12) ? " short" : "";
      return [...options.map(my.choice(`option${short}`)), ...navigation.map(my.choice("nav"))];
    },
    choice:
      className =>
      ({ id, label }) => {
        const onclick = () => my.busy() || client.send({ kind: "option", option: id }, label);
        return h("button", { type: "button", className, onclick }, label);
      },
    form({ fields = [] }) {
      const rows = fields.flatMap(({ name, label }) => {
        const hint = h("small", { id: `${name}-hint` }, my.t(name));
        const input = h("input", {
          id: name,
          name,
          inputMode: "decimal",
          autocomplete: "off",
          "aria-describedby": hint.id,
        });
        return [h("label", { htmlFor: name }, label), input, hint];
      });
      return my.card(
        "sendDetails",
        rows,
        values => my.busy() || client.send({ kind: "form", values }, my.t("details")),
      );
    },
    rating() {
      const label = my.t("comment");
      const scores = [1, 2, 3, 4, 5].map(value => {
        const score = { type: "radio", name: "score", value, required: true, "aria-label": my.t("score", value) };
        return h("label", 0, h("input", score), h("span", 0, my.local(value)));
      });
      const rows = [
        h("fieldset", 0, h("legend", 0, my.t("rate")), ...scores),
        h("input", { name: "comment", maxLength: 500, placeholder: label, "aria-label": label }),
      ];
      return my.card("sendRating", rows, ({ score = 0, comment }) =>
        client.send({ kind: "rating", score: +score, comment }, "★".repeat(+score)),
      );
    },
    card(key, rows, send) {
      const card = h("form.card", 0, ...rows, h("button.main", 0, my.t(key)));
      card.onsubmit = event => {
        event.preventDefault();
        send(Object.fromEntries(/** @type {any} */ (new FormData(card))));
      };
      return card;
    },
    async save() {
      const text = await client.transcript();
      if (page?.share) page.share(text);
      else h("a", { download: "chat.txt", href: URL.createObjectURL(new Blob([text])) }).click();
    },

    compose(wanted) {
      say.hidden = !wanted;
      const label = wanted && my.t(wanted);
      if (!label || label === my.field.placeholder) return;
      const next = h(/name|number/.test(wanted) ? "input" : "textarea", {
        placeholder: label,
        "aria-label": label,
        "aria-describedby": "complaint",
        maxLength: 2_000,
        enterKeyHint: "send",
        autocomplete: { name: "name", number: "tel", message: "off", text: "off" }[wanted],
        inputMode: wanted === "number" ? "tel" : "text",
        oninput: client.typing,
      });
      my.field.replaceWith(next);
      my.field = next;
      my.complain("");
    },
    complain(text) {
      my.set(complaint, text);
      my.field.setAttribute("aria-invalid", `${!!text}`);
    },
    submit(sure) {
      const text = my.field.value.trim();
      // A question of the flow takes one answer.
      if (!text || (client.status?.phase === "flow" && client.outbox.some(({ problem }) => !problem))) return;
      const digits = text.replace(/[০-৯]/g, d => `${d.charCodeAt(0) - 0x9e6}`);
      if (!sure && SECRET.test(text) && DIGITS.test(digits)) {
        const anyway = () => {
          my.submit(true);
          my.answered();
        };
        my.ask("secret", my.button("change", my.answered, "main"), my.button("anyway", anyway));
        return;
      }
      my.field.value = "";
      my.complain("");
      client.send({ kind: "text", text }, text);
    },
    recover() {
      for (const item of client.outbox) {
        const { post, problem } = item;
        if (!problem || (post.kind === "text" && client.status?.phase !== "flow")) continue;
        client.drop(item);
        if (post.kind === "text") {
          my.field.value = post.text;
          my.complain(problem.message ?? my.t("failed"));
        }
        const input = root.getElementById(problem.field?.slice(7) ?? "");
        input?.setAttribute("aria-invalid", "true");
        input?.focus();
      }
    },

    attract(events) {
      for (const { from, kind } of events) my.tell("message", { from, kind });
      const turn = events.some(({ kind }) => kind === "assigned");
      const away = document.hidden || box.hidden;
      if (my.sound && (turn || away)) my.beep();
      if (!away || my.title) return;
      my.title = document.title;
      my.other = `● ${my.t(turn ? "turn" : "news")}`;
    },
    beep() {
      my.audio ??= new AudioContext();
      const { audio } = my;
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.connect(volume).connect(audio.destination);
      volume.gain.setValueAtTime(0.2, audio.currentTime);
      volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.5);
      tone.start();
      tone.stop(audio.currentTime + 0.5);
    },
    look() {
      if (!box.hidden && !document.hidden) {
        client.saw();
        if (my.title) document.title = my.title;
        my.title = "";
      }
      const count = client.unread();
      if (count === my.unread) return;
      my.unread = count;
      page?.unread?.(count);
      my.tell("unread", { count });
      if (launcher?.lastChild) launcher.lastChild.textContent = count ? my.t("unread", count) : "";
    },
    tick() {
      const { fault, status, events, lead, retryAt } = client;
      const closes = status?.closes_at ?? 0;
      const warned = events.some(event => event.kind === "idle_warning" && event.closes_at === closes);
      my.set(idle, warned ? `${my.t("idle")} ${my.clock(closes - lead - Date.now())}` : "");
      my.set(countdown, fault ? my.clock(retryAt - Date.now()) : "");
      if (my.title) document.title = document.title === my.other ? my.title : my.other;
    },

    standing() {
      const { phase, agent, typing } = client.status ?? {};
      if (agent) return my.t(typing ? "typing" : "representative", agent.name);
      return my.t(phase === "waiting" || phase === "closed" ? phase : phase ? "connected" : "connecting");
    },
    place() {
      const { phase, position, wait_s = -1 } = client.status ?? {};
      if (phase !== "waiting") return "";
      const wait = my.t(wait_s < 0 ? "unknown" : wait_s < 60 ? "soon" : "wait", Math.ceil(wait_s / 60));
      return position ? `${my.t("place", position)}\n${wait}` : wait;
    },
    pick: (key, act) =>
      my.button(key, () => {
        menu.open = false;
        act();
        my.render();
      }),
    menu() {
      const sound = () => {
        my.sound = !my.sound;
      };
      const end = () => {
        client.send({ kind: "close" }, my.t("end"));
        my.answered();
      };
      const ask = () => my.ask("endSure", my.button("end", end, "main"), my.button("goOn", my.answered));
      const items = [my.pick(my.sound ? "soundOff" : "soundOn", sound), my.pick("save", my.save), my.pick("end", ask)];
      return [h("summary", { "aria-label": my.t("menu") }, "•••"), h("div", 0, ...items)];
    },
    fit() {
      const full = page || small.matches;
      const { height = 0, offsetTop = 0 } = visualViewport ?? {};
      box.classList.toggle("full", !!full);
      Object.assign(box.style, full ? { height: `${height}px`, top: `${offsetTop}px` } : { height: "", top: "" });
    },
    show(open) {
      box.hidden = !open;
      try {
        sessionStorage["alap open"] = open ? 1 : "";
      } catch {}
      if (launcher) launcher.hidden = open;
      (open ? box : launcher)?.focus();
      my.tell(open ? "open" : "closed");
    },
    open() {
      client.start();
      my.show(true);
      my.render();
    },
    close() {
      if (!page) my.show(false);
      page?.close?.();
    },
    render() {
      my.queued = false;
      const { status, fault, outbox } = client;
      const { phase } = status ?? {};
      const { activeElement } = root;
      const near = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
      const inside = activeElement === box || answers.contains(activeElement) || say.contains(activeElement);
      const language = status?.language ?? options.language ?? document.documentElement.lang;
      box.lang = my.language = /^en/.test(language) ? "en" : "bn";
      my.recover();
      // What was there before is not read out.
      log.ariaLive = my.fresh ? "off" : "polite";
      const nodes = my.news.flatMap(my.message);
      log.append(...nodes);
      const others = my.news.filter(({ from }) => from !== "customer");
      if (!my.fresh && others[0]) my.attract(others);
      my.news = [];
      my.fresh = !status;

      const failing = fault && fault.code !== "lost";
      my.set(title, my.t("title"));
      my.set(standing, my.standing());
      my.set(send, my.t("send"));
      my.set(retry, my.t("retryNow"));
      my.draw(menu, my.sound, my.menu);
      close.ariaLabel = my.t("minimise");
      close.hidden = !!page && !page.close;
      head.dataset.link = failing ? "bad" : "";
      my.set(place, my.place());
      my.set(link, failing ? my.t(fault.status === 429 ? "busy" : fault.status ? "down" : "offline") : "");
      trouble.hidden = !failing;
      my.tick();

      const asked = my.asked();
      my.draw(out, [outbox, fault?.code], () => outbox.map(my.pending));
      const state = [phase, status?.can_rate, asked?.seq, fault?.code === "lost", !!my.question];
      const anew = my.draw(answers, state, my.choices);
      for (const button of answers.querySelectorAll("button")) button.ariaDisabled = `${my.busy()}`;
      const input = asked?.input?.type;
      const wanted = phase === "flow" ? input : (phase === "waiting" || phase === "talking") && "text";
      my.compose(my.question || !wanted || wanted === "options" ? undefined : wanted);

      if (anew && inside) (answers.querySelector("button") ?? (say.hidden ? scroll : my.field)).focus();
      if (near || anew) scroll.scrollTop = nodes[0] ? nodes[0].offsetTop - 16 : scroll.scrollHeight;
      my.look();
    },
  };

  const title = h(page ? "h1" : "h2", { id: "title" });
  const standing = h("p", { role: "status" });
  const menu = h("details", 0);
  const close = h("button", { onclick: my.close }, "×");
  const head = h("header", 0, h("div", 0, title, standing), menu, close);
  const place = h("p.bar queue", { role: "status" });
  const idle = h("p.bar warn", { role: "timer" });
  const link = h("p", { role: "status" });
  const countdown = h("b", 0);
  const retry = h("button", { onclick: () => client.wake() });
  const trouble = h("div.bar bad", 0, link, countdown, retry);
  const log = h("div.log", { role: "log", "aria-labelledby": "title" });
  const out = h("div.log", 0);
  const answers = h("div.answers", 0);
  const scroll = h("div.scroll", { tabIndex: 0 }, log, out, answers);
  const complaint = h("p.bad", { role: "alert", id: "complaint" });
  const send = h("button.main", 0);
  const say = h("form.say", 0, complaint, my.field, send);
  const role = page ? "main" : "dialog";
  const box = h(
    "div.box",
    { role, "aria-labelledby": "title", tabIndex: -1, hidden: true },
    head,
    place,
    idle,
    trouble,
    scroll,
    say,
  );
  say.onsubmit = event => {
    event.preventDefault();
    my.submit();
  };
  say.onkeydown = event => {
    // Whoever is still composing a letter doesn't mean to send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target === send) return;
    event.preventDefault();
    my.submit();
  };
  box.onkeydown = ({ key }) => {
    if (key !== "Escape") return;
    if (my.question) my.answered();
    else if (menu.open) menu.open = false;
    else if (!page) my.close();
  };
  const client = connect(options, (added, anew) => {
    if (anew) {
      log.replaceChildren();
      my.news = [];
      my.fresh = true;
    }
    my.news.push(...added);
    if (!my.queued) queueMicrotask(my.render);
    my.queued = true;
  });
  const small = matchMedia("(max-width:480px),(max-height:480px)");
  small.onchange = my.fit;
  visualViewport?.addEventListener("resize", my.fit);
  visualViewport?.addEventListener("scroll", my.fit);
  my.fit();
  document.addEventListener("visibilitychange", my.look);
  setInterval(my.tick, 1_000);
  const dress = new CSSStyleSheet();
  dress.replaceSync(sheet);
  root.adoptedStyleSheets.push(dress);
  root.append(box);
  return my;
};
