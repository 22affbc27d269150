/* The button on the page; the chat itself is loaded when it is wanted. docs/widget.md says how to use it. */

if (!customElements.get("alap-chat")) {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const base = new URL(".", script.src).href;
  const parts = ["./chat/box.js", "./chat/client.js", "./chat/sheet.js", "./chat/words.js", "./tokens.js"];
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
:host{display:contents!important}
:host([hidden]){display:none!important}
button{all:initial;direction:ltr;position:fixed;z-index:2147483000;right:16px;bottom:calc(16px + env(safe-area-inset-bottom));
  display:flex;align-items:center;gap:8px;box-sizing:border-box;min-height:52px;padding:8px 20px;border:2px solid #0000;border-radius:26px;
  background:var(--alap-accent,#d12053);color:var(--alap-on-accent,#fff);box-shadow:0 4px 16px #0005;cursor:pointer;
  font:600 1em/1.5 system-ui,"Noto Sans Bengali","Kohinoor Bangla","Nirmala UI",Vrinda,sans-serif}
button:hover{background:var(--alap-accent-deep,#ac1743)}
button:focus-visible{outline:3px solid var(--alap-focus,#1757c2);outline-offset:3px}
:host([data-position=left]) button{right:auto;left:16px}
svg{width:24px;height:24px;fill:currentColor}
b{padding:0 10px;border-radius:14px;background:#fff;color:#b01848}
b:empty,[hidden]{display:none}
@media print{button{display:none}}`);

  class AlapChat extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const { server = base, language, label } = this.dataset;
      const english = /^en/.test(language ?? document.documentElement.lang);
      const name = label ?? (english ? "Live Chat" : "লাইভ চ্যাট");
      const launcher = document.createElement("button");
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      svg.setAttribute("viewBox", "0 0 24 24");
      path.setAttribute("d", "M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-8l-5 5v-5H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z");
      svg.append(path);
      launcher.append(svg, name, document.createElement("b"));
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      root.append(launcher);
      this.role ??= "complementary";
      this.ariaLabel ??= name;

      const chosen = language === "bn" || language === "en" ? language : undefined;
      /** @type {import("./chat/chat").Placed} */
      const options = { server: server.replace(/\/$/, ""), channel: "web", language: chosen, launcher };
      const fetched = async () => {
        // All at once, and before the import: browsers remember an import that failed.
        await Promise.all(parts.map(async part => (await fetch(new URL(part, base))).blob()));
        return (await import("./chat/box.js")).mount(this, root, options);
      };
      /** @type {ReturnType<typeof fetched> | undefined} */
      let box;
      const load = () => {
        box ??= fetched();
        box.catch(() => {
          box = undefined;
        });
        return box;
      };
      const open = async () => (await load()).open();
      const close = async () => (await box)?.close();
      const identify = (/** @type {string} */ jwt) => {
        options.identity = jwt;
      };
      Object.assign(this, { open, close, identify });
      launcher.onclick = open;
      launcher.onpointerenter = launcher.onfocus = load;
      try {
        // Whoever is in a chat stays in it from page to page.
        if (sessionStorage["alap open"]) open();
        else if (!JSON.parse(localStorage[`alap ${options.server}`]).over) load();
      } catch {}
    }
  }
  customElements.define("alap-chat", AlapChat);

  const add = () => {
    const element = document.querySelector("alap-chat") ?? document.createElement("alap-chat");
    Object.assign(/** @type {HTMLElement} */ (element).dataset, script.dataset);
    if (!element.isConnected) document.body.append(element);
  };
  if (document.body) add();
  else addEventListener("DOMContentLoaded", add);
}
