const dark = `
  --alap-ground:#15161a; --alap-surface:#1f2127; --alap-raised:#2a2d35;
  --alap-ink:#eef0f4; --alap-ink-soft:#adb2be; --alap-line:#383c47; --alap-line-strong:#7d8392;
  --alap-accent:#d8325f; --alap-accent-deep:#c02652; --alap-accent-ink:#ff94ae; --alap-accent-soft:#45202d;
  --alap-good:#5ccb95; --alap-good-soft:#153526; --alap-warn:#f2c063; --alap-warn-soft:#3a2d10; --alap-bad:#ff9a90; --alap-bad-soft:#46201d;
  --alap-focus:#8ab4ff; --alap-shadow:0 8px 40px #000a; color-scheme:dark;`;

export const tokens = `
:host,:root{
  --alap-font:system-ui,"Noto Sans Bengali","Kohinoor Bangla","Bangla Sangam MN","Nirmala UI",Vrinda,sans-serif;
  --alap-round:12px;
  --alap-ground:#f4f5f7; --alap-surface:#fff; --alap-raised:#fff;
  --alap-ink:#1b1d23; --alap-ink-soft:#575c69; --alap-line:#dcdfe6; --alap-line-strong:#858b99;
  --alap-accent:#d12053; --alap-accent-deep:#ac1743; --alap-on-accent:#fff; --alap-accent-ink:#b01848; --alap-accent-soft:#fce8ee;
  --alap-good:#0a6b43; --alap-good-soft:#e3f4ec; --alap-warn:#7a4f00; --alap-warn-soft:#fff3d6; --alap-bad:#ac2318; --alap-bad-soft:#fdeae8;
  --alap-focus:#1757c2; --alap-shadow:0 8px 40px #1b1d2338; color-scheme:light;
}
:host([data-theme=dark]),:root[data-theme=dark]{${dark}}
@media (prefers-color-scheme:dark){:host(:not([data-theme=light])),:root:not([data-theme=light]){${dark}}}
`;
