//# allFunctionsCalledOnLoad
/* The button on a page: see docs/widget.md. */

if (!customElements.get("alap-chat")) {
	const script = /** @type {HTMLScriptElement} */ (document.currentScript);
	const { src } = script;
	const parts = ["./chat/box.js", "./chat/client.js", "./chat/sheet.js", "./chat/words.js"];
	let placed = false;
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(`
:host{all:initial!important;display:contents!important}
:host([hidden]),button>b:empty{display:none!important}
button{direction:ltr;position:fixed;z-index:2147483000;inset:auto 16px calc(16px + env(safe-area-inset-bottom)) auto;display:flex;align-items:center;gap:10px;
min-height:52px;padding:0 20px;border:2px solid #0000;border-radius:28px;background:var(--alap-accent,#d12053);color:var(--alap-on-accent,#fff);box-shadow:0 4px 16px #0005;cursor:pointer;
font:600 medium/1.5 var(--alap-font,system-ui)}
:host([data-position=left]) button{inset:auto auto 16px 16px}
:host>button::before{content:"";width:22px;height:17px;border-radius:6px 6px 6px 0;background:currentColor}
button:hover{background:var(--alap-accent-deep,#ac1743)}
button:focus-visible{outline:3px solid var(--alap-focus,#1757c2);outline-offset:3px}
button>b{padding:0 10px;border-radius:14px;background:#fff;color:#b01848}
@media print{button{display:none}}`);

	class AlapChat extends HTMLElement {
		connectedCallback() {
			if (this.shadowRoot) return;
			placed = true;
			const { server = src, language, label } = Object.assign(this.dataset, script.dataset);
			const english = language ? language === "en" : this.matches(":lang(en)");
			const launcher = document.createElement("button");
			const badge = document.createElement("b");
			this.role = "complementary";
			this.ariaLabel = label ?? (english ? "Live Chat" : "লাইভ চ্যাট");
			launcher.append(this.ariaLabel, badge);
			const root = this.attachShadow({ mode: "open" });
			root.adoptedStyleSheets = [sheet];
			root.append(launcher);

			/** @type {import("./chat/chat").Placed} */
			const options = { server: new URL(server).origin, channel: "web", launcher };
			if (language === "bn" || language === "en") options.language = language;
			let tried = 0;
			const imported = async () => {
				const modules = await Promise.all(parts.map(part => import(new URL(`${part}#${++tried}`, src).href)));
				return modules[0].mount(this, root, Object.assign(options, ...modules));
			};
			/** @type {Promise<import("./chat/chat").Box> | undefined} */
			let box;
			const load = () => {
				if (!box) {
					badge.textContent = "";
					box = imported();
					box.catch(() => {
						box = undefined;
						badge.textContent = english ? "No connection" : "সংযোগ নেই";
					});
				}
				return box;
			};
			const open = async () => (await load()).open();
			const close = async () => (await box)?.close();
			const identify = async (/** @type {string | undefined} */ jwt) => {
				options.identity = jwt;
				(await (jwt ? box : load()))?.identify();
			};
			Object.assign(this, { open, close, identify });
			launcher.onclick = open;
			launcher.onpointerenter = launcher.onfocus = load;
			const resume = () => {
				try {
					const kept = localStorage[`alap ${options.server}`];
					if (kept && sessionStorage["alap open"] && launcher.isConnected) open();
					else if (kept && !JSON.parse(kept).over) load();
				} catch {}
			};
			(window.requestIdleCallback ?? setTimeout)(resume, { timeout: 2_000 });
		}
	}
	customElements.define("alap-chat", AlapChat);

	const add = () => placed || document.body.append(new AlapChat());
	if (document.body) add();
	else addEventListener("DOMContentLoaded", add);
}
