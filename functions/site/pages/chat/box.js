//# allFunctionsCalledOnLoad
/** @import * as c from "./chat" */

const SECRET = /\b(pin|otp|pass|code)|পিন|ওটিপি|পাসওয়ার্ড|কোড/i;
const NUMBERS = /[\d০-৯]([ ./-]?[\d০-৯])*(\s*(tk|taka|টাকা))?/gi;
const DIGITS = /^([\d০-৯][ .-]?){4,8}$/;

/** @type {c.Fill} */
const fill = (element, ...children) => {
	for (const child of children.flat(2)) {
		if (typeof child === "string" || child instanceof Node) element.append(child);
		else {
			for (const [name, value] of Object.entries(child || {})) {
				if (name in element) element[name] = value;
				else element.setAttribute(name, `${value}`);
			}
		}
	}
	return element;
};

/** @type {c.Make} */
const h = (what, ...children) => {
	const [tag = "", className = ""] = what.split(".");
	return fill(document.createElement(tag), { className }, ...children);
};

/** @type {c.Mount} */
export const mount = (host, root, options) => {
	const { connect, examples, launcher, page, sheet, words } = options;

	/** @type {c.View} */
	const my = {
		drawn: new Map(),
		field: h("textarea"),
		news: [],
		unread: 0,
		language: "",
		title: "",
		other: "",

		local: value => `${value}`.replace(/\d/g, d => (my.language === "bn" && "০১২৩৪৫৬৭৮৯"[+d]) || d),
		t: (key, value = "") => (words[key][+(my.language === "en")] ?? "").replace("#", my.local(value)),
		clock: ms => my.local(new Date(Math.max(0, ms)).toISOString().slice(14, 19)),
		tell(name, detail) {
			host.dispatchEvent(new CustomEvent(`alap:${name}`, { detail, bubbles: true }));
		},
		set(element, text) {
			if (element.textContent !== text) element.textContent = text;
		},
		draw(element, state, make) {
			const key = JSON.stringify([my.language, state]);
			if (my.drawn.get(element) === key) return false;
			my.drawn.set(element, key);
			element.replaceChildren();
			fill(element, make());
			return true;
		},
		button: (text, onclick, className = "") => h("button", { type: "button", className, onclick }, text),
		said: text => h("p", { dir: "auto", lang: /[ঀ-৿]/.test(text) ? "bn" : "en" }, text),
		mine: (text, ...more) => h("div.m me", h("span.off", `${my.t("you")}: `), my.said(text), more),
		pick: (key, act, look) =>
			my.button(
				my.t(key),
				() => {
					my.question = undefined;
					my.unfold(false);
					act();
					my.render();
					if (!root.activeElement) menu.focus();
				},
				look,
			),
		warn: key => h("p", { role: "alert" }, my.t(key)),

		message({ kind, from, at, text = "", label, score = 0, comment = "", agent, contacts = [] }) {
			const time = h("small", my.clock(1_000 * (new Date(at).getHours() * 60 + new Date(at).getMinutes())));
			const written = /text|form_r/.test(kind);
			const own = score ? "★".repeat(score) + comment : (label ?? (written && from === "customer" && text));
			const ways = contacts.map(({ type, value, label }) => {
				const away = type === "place" && { target: "_blank" };
				return h("a", { href: { phone: "tel:", email: "mailto:", place: "" }[type] + value }, away, label);
			});
			const name = written && h("b", agent?.name ?? "");
			return [
				own && my.mine(own, fill(time, " ✓", h("span.off", my.t("sent")))),
				(score || !own) && h(name || /prompt|info/.test(kind) ? "div.m" : "div.m event", name, my.said(text), ways),
			];
		},
		pending(item) {
			const { problem, label, sent } = item;
			const state = problem ? "failed" : sent ? "sent" : client.fault ? "held" : "sending";
			const retry = my.button(my.t("retry"), () => client.retry(item));
			const remove = my.button(my.t("remove"), () => client.drop(item));
			return my.mine(label, h("small", my.t(state), problem?.message), problem && [retry, remove]);
		},

		ask(key, yes, act, no) {
			const choices = [my.pick(no, () => {}, "main"), my.pick(yes, act)];
			my.question = h("div.card", my.warn(key), choices);
			my.render();
			choices[0]?.focus();
		},
		asked() {
			const { phase } = client.status ?? {};
			const kind = phase === "flow" ? "prompt" : phase === "talking" && "form_request";
			const last = client.events.filter(({ kind }) => /prompt|form|requeued/.test(kind)).at(-1);
			return last?.kind === kind ? last : undefined;
		},
		busy: () => client.outbox.some(({ post, problem }) => !problem && /option|form/.test(post.kind)),
		choices() {
			const { status, fault } = client;
			const { fields, input } = my.asked() ?? {};
			if (my.question) return [my.question];
			const again = my.button(my.t("again"), client.again, "main");
			if (fault?.code === "lost") return [my.warn("lost"), again];
			if (status?.phase === "closed") return [status.can_rate && my.rating(), again, my.button(my.t("save"), my.save)];
			if (fields) return [my.form(fields)];
			const { options = [], navigation = [] } = input ?? {};
			const short = options.length < 4 && options.every(({ label }) => label.length < 12);
			return [
				options.map(my.choice(short ? "option short" : "option")),
				h("div.answers", navigation.map(my.choice("nav"))),
			];
		},
		choice:
			look =>
			({ id, label }) =>
				my.button(label, () => my.busy() || client.send({ kind: "option", option: id }, label), look),
		form: fields =>
			my.card(
				"sendDetails",
				fields.map(({ name, label }) => [
					h("label", { htmlFor: name }, label),
					h("input", { id: name, name, inputMode: "decimal", autocomplete: "off", "aria-describedby": `${name}-hint` }),
					h("small", { id: `${name}-hint` }, my.t("example", examples[name])),
				]),
				values => my.busy() || client.send({ kind: "form", values }, my.t("details")),
			),
		rating() {
			const scores = [1, 2, 3, 4, 5].map(value => {
				const score = { type: "radio", name: "score", value, required: true, ariaLabel: my.t("score", value) };
				return h("label", h("input", score), h("span", `${my.local(value)} ★`));
			});
			const label = my.t("comment");
			const comment = h("input", { name: "comment", maxLength: 500, placeholder: label, ariaLabel: label });
			comment.oninput = () => comment.setCustomValidity(my.secret(comment.value) ? my.t("secret") : "");
			return my.card("send", [h("fieldset", h("legend", my.t("rate")), scores), comment], ({ score = 0, comment }) =>
				client.send({ kind: "rating", score: +score, comment }, "★".repeat(+score)),
			);
		},
		card(key, rows, send) {
			const card = h("form.card", rows, h("button.main", my.t(key)));
			card.onsubmit = event => {
				event.preventDefault();
				send(Object.fromEntries(new FormData(card)));
			};
			return card;
		},
		save: () =>
			client.transcript().then(text => {
				if (page?.share) page.share(text);
				else h("a", { download: "chat.txt", href: URL.createObjectURL(new Blob([text])) }).click();
			}, client.wake),

		compose(wanted) {
			say.hidden = !wanted;
			const label = wanted && my.t(wanted === "message" ? "text" : wanted);
			if (!label || label === my.field.placeholder) return;
			const next = h(/name|number/.test(wanted) ? "input" : "textarea", {
				placeholder: label,
				ariaLabel: label,
				maxLength: 2_000,
				rows: 1,
				enterKeyHint: "send",
				autocomplete: wanted === "number" ? "tel" : wanted === "name" ? "name" : "off",
				inputMode: wanted === "number" ? "tel" : "text",
				oninput: () => {
					const { value } = my.field;
					client.typing(SECRET.test(value) ? "" : value.replace(/[\d০-৯]/g, "•"));
				},
				"aria-describedby": "complaint",
			});
			my.field.replaceWith(next);
			my.field = next;
			my.complain("");
		},
		complain(text) {
			my.set(complaint, text);
			my.field.ariaInvalid = `${!!text}`;
		},
		secret(text) {
			const before = client.events.filter(({ kind }) => kind === "text").at(-1);
			const found = text.match(NUMBERS)?.some(number => DIGITS.test(number));
			return found && SECRET.test(DIGITS.test(text) ? JSON.stringify(before) : text);
		},
		submit(sure) {
			const text = my.field.value.trim();
			if (!text || (client.status?.phase === "flow" && client.outbox.some(({ problem }) => !problem))) return;
			if (!sure && my.secret(text)) return my.ask("secret", "anyway", () => my.submit(true), "change");
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
				if (input) input.ariaInvalid = "true";
				input?.focus();
			}
		},

		attract(events) {
			for (const { from, kind } of events) my.tell("message", { from, kind });
			const turn = events.some(({ kind }) => kind === "assigned");
			const away = document.hidden || !box.isConnected;
			if (!turn && !(away && events[0])) return;
			if (my.sound()) my.beep();
			if (!away || my.title) return;
			my.title = document.title;
			my.other = `● ${turn ? my.t("turn") : my.t("news")}`;
		},
		sound: () => client.read("alap sound")?.on ?? host.dataset.sound === "on",
		beep() {
			my.audio ??= new AudioContext();
			const { audio } = my;
			const tone = audio.createOscillator();
			const volume = audio.createGain();
			volume.gain.value = 0.1;
			tone.connect(volume).connect(audio.destination);
			tone.start();
			tone.stop(audio.currentTime + 0.3);
		},
		look() {
			if (box.isConnected && !document.hidden) {
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
			client.follow();
			const closes = status?.closes_at ?? 0;
			const warned = events.some(event => event.kind === "idle_warning" && event.closes_at === closes);
			my.set(idle, warned ? `${my.t("idle")} ${my.clock(closes - lead - Date.now())}` : "");
			my.set(countdown, fault ? my.clock(retryAt - Date.now()) : "");
			if (my.title) document.title = document.title === my.other ? my.title : my.other;
		},
		standing() {
			const { phase, agent, typing } = client.status ?? {};
			const { code } = client.fault ?? {};
			if (code) return my.t(code === "lost" ? "closed" : "connecting");
			if (agent) return my.t(typing ? "typing" : "representative", agent.name);
			return my.t(phase === "waiting" || phase === "closed" ? phase : phase ? "connected" : "connecting");
		},
		place() {
			const { phase, position, wait_s = -1 } = client.status ?? {};
			if (phase !== "waiting") return "";
			const wait = my.t(wait_s < 0 ? "unknown" : "wait", Math.ceil((wait_s + 1) / 60));
			return position ? `${my.t("place", position)}\n${wait}` : wait;
		},
		menu() {
			const on = my.sound();
			const sound = () => {
				client.write("alap sound", { on: !on });
				if (!on) my.beep();
			};
			const end = () => client.send({ kind: "close" }, my.t("end"));
			return [
				fill(my.pick("sound", sound), on && " ✓", { ariaPressed: on }),
				my.pick("save", my.save),
				my.pick("end", () => my.ask("endSure", "end", end, "goOn")),
			];
		},
		unfold(open) {
			menu.ariaExpanded = `${open}`;
			list.replaceChildren();
			fill(list, open && my.menu());
		},
		fit() {
			const full = !!page || small.matches;
			box.classList.toggle("full", full);
			box.style.height = full ? `${visualViewport?.height}px` : "";
			box.style.top = full ? `${visualViewport?.offsetTop}px` : "";
		},
		show(open) {
			const shown = (!open && launcher) || box;
			clearTimeout(my.opening);
			my.opening = 0;
			root.replaceChildren(shown);
			root.adoptedStyleSheets = sheets;
			my.tell(open ? "open" : "closed");
			if (open) {
				my.render();
				scroll.scrollTop = scroll.scrollHeight;
			}
			shown.focus();
		},
		open() {
			my.opening ||= setTimeout(my.show, 100, true);
			client.start();
			my.render();
		},
		identify() {
			client.identify();
			if (my.opening || box.isConnected) client.start();
		},
		close() {
			page ? page.close?.() : my.show(false);
		},
		render() {
			my.queued = false;
			const { status, fault, outbox } = client;
			if (my.opening && (status || fault)) return my.show(true);
			const { phase } = status ?? {};
			const inside = root.activeElement && !head.contains(root.activeElement);
			const language = status?.language ?? options.language ?? document.documentElement.lang;
			box.lang = my.language = /^en/.test(language) ? "en" : "bn";
			my.recover();

			const seen = client.session?.seen ?? 0;
			const fresh = my.news.filter(({ seq }) => seq > seen);
			if (my.news[0]) log.ariaLive = fresh[0] ? "polite" : "off";
			const before = log.childElementCount;
			const near = !before || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
			fill(log, my.news.map(my.message));
			my.attract(fresh.filter(({ from }) => from !== "customer"));
			my.news = [];
			if (!box.isConnected) return my.look();

			const lost = fault?.code === "lost";
			const trouble = fault && !lost && my.t(fault.status === 429 ? "busy" : fault.status ? "down" : "offline");
			my.set(title, my.t("title"));
			my.set(standing, my.standing());
			my.set(send, my.t("send"));
			my.set(retry, my.t("retry"));
			my.set(place, my.place());
			my.set(link, trouble || "");
			box.classList.toggle("failing", !!trouble);
			close.ariaLabel = my.t("close");
			menu.ariaLabel = my.t("menu");
			my.draw(out, [outbox, fault?.code], () => outbox.map(my.pending));
			my.tick();

			const asked = my.asked();
			const state = [phase, status?.can_rate, asked?.seq, lost, !!my.question];
			const anew = my.draw(answers, state, my.choices);
			if (anew || !answers.contains(root.activeElement)) scroll.append(out, answers);
			for (const button of answers.querySelectorAll("button")) button.ariaDisabled = `${my.busy()}`;
			const type = phase === "flow" ? asked?.input?.type : (phase === "waiting" || phase === "talking") && "text";
			my.compose(my.question || !type || type === "options" ? undefined : type);
			if (inside && (root.activeElement ?? box) === box)
				(say.hidden ? (answers.querySelector("button") ?? scroll) : my.field).focus();
			const first = log.querySelectorAll("div")[fresh[0] ? before : 1e9];
			if (near || anew) scroll.scrollTop = first && phase === "flow" ? first.offsetTop - 16 : scroll.scrollHeight;
			my.look();
		},
	};

	const title = h(page ? "h1" : "h2", { id: "title" });
	const standing = h("p", { role: "status" });
	const menu = my.button("•••", () => my.unfold(!list.firstChild));
	const list = h("div.list");
	const close = my.button("×", my.close);
	const head = h("div.head", h("div", title, standing), menu, list, (!page || page.close) && close);
	const place = h("p.bar queue", { role: "status" });
	const idle = h("p.bar warn", { role: "timer" });
	const link = h("p", { role: "status" });
	const countdown = h("b");
	const retry = my.button("", () => client.wake());
	const log = h("div", { role: "log", "aria-labelledby": "title" });
	const out = h("div");
	const answers = h("div.answers");
	const scroll = h("div.scroll", { tabIndex: 0 }, log);
	const complaint = h("p.bad", { role: "alert", id: "complaint" });
	const send = h("button.main");
	const say = h("form.say", complaint, my.field, send);
	const dialog = { role: page ? "main" : "dialog", "aria-labelledby": "title", tabIndex: -1 };
	const box = h("div.box", dialog, head, scroll, place, idle, h("div.bar bad", link, countdown, retry), say);
	say.onsubmit = event => {
		event.preventDefault();
		my.submit();
	};
	box.onkeydown = event => {
		const { key, target, shiftKey, isComposing } = event;
		if (key === "Escape") {
			if (list.firstChild) menu.focus();
			else if (!page) my.close();
			my.unfold(false);
		} else if (key === "Enter" && target === my.field && !shiftKey && !isComposing) {
			event.preventDefault();
			my.submit();
		}
	};
	const client = connect(options, (added, anew) => {
		if (anew) {
			log.replaceChildren();
			my.news = [];
		}
		my.news.push(...added);
		if (!my.queued) queueMicrotask(() => my.queued && my.render());
		my.queued = true;
	});
	const small = matchMedia("(max-width:480px),(max-height:480px)");
	small.onchange = my.fit;
	visualViewport?.addEventListener("resize", my.fit);
	visualViewport?.addEventListener("scroll", my.fit);
	my.fit();
	document.addEventListener("visibilitychange", () => {
		my.look();
		try {
			sessionStorage["alap open"] = box.isConnected ? "open" : "";
		} catch {}
	});
	setInterval(my.tick, 1_000);
	const dress = new CSSStyleSheet();
	dress.replaceSync(sheet);
	const sheets = [...root.adoptedStyleSheets, dress];
	my.unfold(false);
	return my;
};
