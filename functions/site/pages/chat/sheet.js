/* The look of the box. */

import { tokens } from "../tokens.js";

export const sheet = `${tokens}
.box{all:initial;direction:ltr;color-scheme:inherit;position:fixed;z-index:2147483000;right:16px;bottom:16px;width:400px;max-width:calc(100vw - 32px);
height:680px;max-height:calc(100vh - 32px);display:flex;flex-direction:column;overflow:hidden;overflow-wrap:anywhere;
background:var(--alap-ground);color:var(--alap-ink);font:1em/1.6 var(--alap-font);border:1px solid var(--alap-line);border-radius:16px;box-shadow:var(--alap-shadow)}
:host([data-position=left]) .box{right:auto;left:16px}
.box.full{left:0;right:0;bottom:auto;width:100%;max-width:none;max-height:none;border:0;border-radius:0;
padding:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}
.box,.box *{box-sizing:border-box}
.box[hidden],.box [hidden],.bar:empty,.bad:empty{display:none}
h1,h2,p,fieldset{margin:0;padding:0;border:0;font:inherit}
button,input,textarea{all:unset;min-height:44px;padding:8px 16px;border:1px solid var(--alap-line-strong);border-radius:var(--alap-round);background:var(--alap-surface)}
.box button{position:static;display:block;font:inherit;box-shadow:none;color:inherit;cursor:pointer}
.box button:hover{background:var(--alap-accent-soft)}
.box .main{background:var(--alap-accent);border-color:var(--alap-accent);color:var(--alap-on-accent);font-weight:600;text-align:center}
.box .main:hover{background:var(--alap-accent-deep)}
.box [aria-disabled=true]{opacity:.6}
.box :focus-visible{outline:3px solid var(--alap-focus);outline-offset:-1px}
small{font-size:.8125em;color:var(--alap-ink-soft)}
.off{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}

header{display:flex;align-items:center;padding:8px 8px 8px 16px;background:var(--alap-accent);color:var(--alap-on-accent);position:relative}
header div:first-child{flex:1;line-height:1.4}
h1,h2{font-weight:700;font-size:1.125em}
header p{font-size:.875em}
header p::before{content:"";display:inline-block;width:8px;height:8px;margin-right:8px;border-radius:4px;background:#7dffb9}
header[data-link=bad] p::before{background:#ffcf5c;border-radius:0}
header button,summary{min-width:44px;min-height:44px;padding:8px;text-align:center;cursor:pointer;border-radius:8px;list-style:none}
.box header :is(button,summary):is(*,:hover){background:#0000;border:0;color:inherit}
.box header :is(button,summary):hover{background:#0003}
header>button{font-size:1.75em;line-height:1}
.box header :focus-visible{outline-color:currentColor}
details div{position:absolute;z-index:1;top:100%;right:8px;display:grid;padding:8px;border-radius:var(--alap-round);background:var(--alap-raised);color:var(--alap-ink);box-shadow:var(--alap-shadow)}
.bar{display:flex;flex-wrap:wrap;gap:0 8px;align-items:center;padding:8px 16px;border-bottom:1px solid var(--alap-line);background:var(--alap-surface);white-space:pre-line;font-size:.9375em}
.bar b{font-variant-numeric:tabular-nums}
.bar button{min-height:32px;padding:0 12px;margin-left:auto}
.queue{background:var(--alap-good-soft);color:var(--alap-good);font-weight:600}
.warn{background:var(--alap-warn-soft);color:var(--alap-warn)}
.bad{color:var(--alap-bad)}

.scroll{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px;position:relative}
.log{display:flex;flex-direction:column;gap:8px}
.log+.log:not(:empty){margin-top:8px}
.m{max-width:88%;padding:8px 12px;border:1px solid var(--alap-line);border-radius:4px 16px 16px;background:var(--alap-surface);align-self:flex-start}
.m p{white-space:pre-line}
.m b{font-size:.875em;color:var(--alap-accent-ink)}
.m small{display:block;text-align:end}
.me{align-self:flex-end;border-radius:16px 4px 16px 16px;background:var(--alap-accent-soft);border-color:#0000}
.event{align-self:center;max-width:100%;border:0;background:none;text-align:center;font-size:.9375em;color:var(--alap-ink-soft)}
.m a{display:block;margin-top:8px;padding:8px 12px;border:1px solid var(--alap-line-strong);border-radius:var(--alap-round);color:var(--alap-accent-ink);text-decoration:none;font-weight:600}
.m a:hover{background:var(--alap-accent-soft)}
a[href^=tel]::before{content:"☎\\FE0E  "/""}
a[href^=mail]::before{content:"✉\\FE0E  "/""}
.answers{display:flex;flex-wrap:wrap;gap:8px;margin-top:16px}
.answers>*{flex:1 1 100%}
.box .option{color:var(--alap-accent-ink);font-weight:600}
.box .short{flex:1 1 0;text-align:center}
.box .nav{flex:0 1 auto;min-height:36px;padding:4px 12px;font-size:.875em;color:var(--alap-ink-soft);background:none}
.card{display:grid;gap:8px;padding:16px;border:1px solid var(--alap-line);border-radius:16px;background:var(--alap-surface)}
fieldset{display:flex;flex-wrap:wrap;gap:8px}
legend{padding:0 0 8px}
fieldset label{flex:1;position:relative}
[type=radio]{position:absolute;inset:0;width:100%;cursor:pointer}

.say{display:flex;flex-wrap:wrap;align-items:flex-end;gap:8px;padding:8px;border-top:1px solid var(--alap-line);background:var(--alap-surface)}
.say .bad{flex:1 1 100%;padding:0 8px;font-size:.9375em}
input,textarea{min-width:0;max-height:140px;overflow:auto;cursor:text;background:var(--alap-ground);font-size:max(16px,1em)}
.say input,.say textarea{flex:1;height:1.6em;field-sizing:content}
[aria-invalid=true]{border-color:var(--alap-bad);box-shadow:0 0 0 1px var(--alap-bad)}
::placeholder{color:var(--alap-ink-soft)}
@media (prefers-reduced-motion:no-preference){.m{animation:m .2s}@keyframes m{from{opacity:0;transform:translateY(8px)}}}
@media (forced-colors:active){.me,.box .main,header{border:1px solid}}`;
