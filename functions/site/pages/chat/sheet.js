const dark = `
  --alap-ground:#15161a; --alap-surface:#1f2127; --alap-raised:#2a2d35;
  --alap-ink:#eef0f4; --alap-ink-soft:#adb2be; --alap-line:#383c47; --alap-line-strong:#7d8392;
  --alap-accent:#d8325f; --alap-accent-deep:#c02652; --alap-accent-ink:#ff94ae; --alap-accent-soft:#45202d;
  --alap-good:#5ccb95; --alap-good-soft:#153526; --alap-warn:#f2c063; --alap-warn-soft:#3a2d10; --alap-bad:#ff9a90; --alap-bad-soft:#46201d;
  --alap-focus:#8ab4ff; --alap-shadow:0 8px 40px #000a; color-scheme:dark!important;`;

export const tokens = `
:host,:root{
  --alap-font:system-ui,"Noto Sans Bengali",sans-serif;
  --alap-ground:#f4f5f7; --alap-surface:#fff; --alap-raised:#fff;
  --alap-ink:#1b1d23; --alap-ink-soft:#575c69; --alap-line:#dcdfe6; --alap-line-strong:#858b99;
  --alap-accent:#d12053; --alap-accent-deep:#ac1743; --alap-on-accent:#fff; --alap-accent-ink:#b01848; --alap-accent-soft:#fce8ee;
  --alap-good:#0a6b43; --alap-good-soft:#e3f4ec; --alap-warn:#7a4f00; --alap-warn-soft:#fff3d6; --alap-bad:#ac2318; --alap-bad-soft:#fdeae8;
  --alap-focus:#1757c2; --alap-shadow:0 8px 40px #1b1d2338; color-scheme:light!important;
}
:host([data-theme=dark]),:root[data-theme=dark]{${dark}}
@media (prefers-color-scheme:dark){:host(:not([data-theme=light])),:root:not([data-theme=light]){${dark}}}`;

export const sheet = `${tokens}
.box{direction:ltr;position:fixed;z-index:2147483000;inset:auto 16px 16px auto;width:min(400px,100vw - 32px);height:min(680px,100vh - 32px);
display:flex;flex-direction:column;overflow:hidden;overflow-wrap:anywhere;border-radius:16px;box-shadow:var(--alap-shadow);
background:var(--alap-ground);color:var(--alap-ink);font:medium/1.6 var(--alap-font)}
:host([data-position=left]) .box{inset:auto auto 16px 16px}
.box.full{inset:0;width:auto;border-radius:0;padding:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}
[hidden],.list:empty,.bar:empty,.bad:empty,.box:not(.failing) div.bad{display:none!important}
h1,h2,p,fieldset{margin:0;padding:0;border:0;font:inherit}
.box :where(button,input,textarea,.m a){all:unset;min-height:44px;padding:8px 16px;border:1px solid var(--alap-line-strong);border-radius:12px;background:var(--alap-surface);cursor:pointer}
.box,.box *{box-sizing:border-box}
.box :where(button,a):hover{background:var(--alap-accent-soft)}
.main{background:var(--alap-accent);border-color:var(--alap-accent);color:var(--alap-on-accent);text-align:center}
.main:hover{background:var(--alap-accent-deep)}
.box :focus-visible{outline:3px solid var(--alap-focus);outline-offset:-2px}
.box [aria-disabled=true]{opacity:.6}
h1,h2,b,.head>button,.main,.queue,.m a{font-weight:600}
.option,.m b,.m a{color:var(--alap-accent-ink)}
small,.event,.nav{font-size:.85em;color:var(--alap-ink-soft)}
.off{position:absolute;clip-path:inset(50%)}
.head{display:flex;position:relative;padding:8px 8px 8px 16px;background:var(--alap-accent);color:var(--alap-on-accent)}
.head>div{flex:1;line-height:1.4}
.head p::before{content:"";display:inline-block;margin-right:6px;border:.3em solid #7dffb9;border-radius:50%}
.failing .head p::before{border-radius:0;border-color:#ffd36b}
.head>button{min-width:44px;padding:0;border:0;background:none;text-align:center}
.head>button:hover{background:#0003}
.list{position:absolute;z-index:1;inset:100% 8px auto auto;display:grid;gap:8px;padding:8px;border-radius:12px;background:var(--alap-raised);color:var(--alap-ink);box-shadow:var(--alap-shadow)}
.bar{display:flex;flex-wrap:wrap;gap:0 8px;align-items:center;padding:8px 16px;background:var(--alap-surface);white-space:pre-line}
.queue{background:var(--alap-good-soft);color:var(--alap-good)}
.warn{background:var(--alap-warn-soft);color:var(--alap-warn)}
.bad{color:var(--alap-bad)}
.scroll{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px;position:relative}
.m{width:fit-content;max-width:88%;margin-bottom:16px;padding:8px 12px;border:1px solid var(--alap-line);border-radius:4px 16px 16px;background:var(--alap-surface)}
.m p{white-space:pre-line}
.m small{display:block;text-align:end}
.m a{display:block;margin-top:8px}
.me{margin-left:auto;border-radius:16px 4px 16px 16px;background:var(--alap-accent-soft)}
.event{margin-inline:auto;border:0;background:none;text-align:center}
a[href^=tel]::before{content:"☎\\FE0E  "/""}
a[href^=mail]::before{content:"✉\\FE0E  "/""}
.answers,fieldset,.say{display:flex;flex-wrap:wrap;gap:8px}
.answers>*{flex:1 1 100%}
.short,legend~*{flex:1;text-align:center}
.nav{flex:none;padding:8px 12px;background:none}
.card{display:grid;gap:8px;padding:16px;border-radius:16px;background:var(--alap-surface)}
.say{align-items:end;border-top:1px solid var(--alap-line);padding:8px;background:var(--alap-surface)}
.say .bad{flex:1 1 100%;padding:0 8px}
.box :is(input,textarea){min-width:0;cursor:text;background:var(--alap-ground);font-size:max(16px,1em)}
.say :is(input,textarea){flex:1;max-height:140px;field-sizing:content;overflow:auto}
legend~*{position:relative;height:44px;line-height:44px}
.box [type=radio]{position:absolute;inset:0;cursor:pointer}
.box :checked{background:var(--alap-accent)}
[type=radio]+span{position:relative;pointer-events:none}
:checked+span{color:var(--alap-on-accent)}
[aria-invalid=true]{box-shadow:0 0 0 2px var(--alap-bad)}
::placeholder{color:var(--alap-ink-soft)}
@media (forced-colors:active){.me,.main,.head{border:1px solid}.box :checked{border-width:6px}}`;
