// Colours of the picture. Each that means something stands beside a shape, a sign or a word; text keeps a contrast of 4.5.
const LIGHT: Readonly<Record<string, string>> = {
  paper: '#ffffff',
  ink: '#1f2328',
  faint: '#59636e',
  line: '#6e7781',
  group: '#f6f8fa',
  frame: '#d1d9e0',
  plain: '#ffffff',
  alpha: '#fff4d6',
  'alpha-line': '#9a6700',
  v1: '#ddf4ff',
  'v1-line': '#0969da',
  broken: '#ffebe9',
  'broken-line': '#cf222e',
  'broken-ink': '#a40e26',
  unknown: '#fbefff',
  'unknown-line': '#8250df',
  'unknown-ink': '#6639ba',
};

const DARK: Readonly<Record<string, string>> = {
  paper: '#0d1117',
  ink: '#f0f6fc',
  faint: '#a6b0bb',
  line: '#9198a1',
  group: '#151b23',
  frame: '#3d444d',
  plain: '#1c2128',
  alpha: '#3a2c0a',
  'alpha-line': '#d29922',
  v1: '#0b2b4a',
  'v1-line': '#58a6ff',
  broken: '#3f1317',
  'broken-line': '#ff7b72',
  'broken-ink': '#ffa198',
  unknown: '#2b1e45',
  'unknown-line': '#be8fff',
  'unknown-ink': '#d2a8ff',
};

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Open Sans', Helvetica, Arial, sans-serif";

const variables = (colors: Readonly<Record<string, string>>) =>
  Object.entries(colors)
    .map(([name, color]) => `--ip-${name}:${color};`)
    .join('');

/** The picture's style sheet, for an SVG that stands alone and for a page that holds some. Paper is always light. */
export const PICTURE_CSS = `.ip{${variables(LIGHT)}font-family:${FONT};}
@media (prefers-color-scheme:dark){.ip{${variables(DARK)}}}
@media print{.ip{${variables(LIGHT)}}}
.ip-paper{fill:var(--ip-paper);}
.ip text{fill:var(--ip-ink);font-size:11px;}
.ip .ip-head{font-size:15px;font-weight:600;}
.ip .ip-title{font-size:13px;font-weight:600;}
.ip .ip-caption,.ip .ip-note{fill:var(--ip-faint);}
.ip .ip-broken-word{fill:var(--ip-broken-ink);font-weight:600;}
.ip .ip-unknown-word{fill:var(--ip-unknown-ink);font-weight:600;}
.ip-group{fill:var(--ip-group);stroke:var(--ip-frame);}
.ip-node{fill:var(--ip-plain);stroke:var(--ip-line);stroke-width:1.2;}
.ip-alphaPool{fill:var(--ip-alpha);stroke:var(--ip-alpha-line);stroke-width:1.6;stroke-dasharray:6 3;}
.ip-v1Pool{fill:var(--ip-v1);stroke:var(--ip-v1-line);stroke-width:1.4;}
.ip-unknown{fill:var(--ip-unknown);stroke:var(--ip-unknown-line);}
.ip-broken{fill:var(--ip-broken);stroke:var(--ip-broken-line);stroke-width:2.2;}
.ip-edge{fill:none;stroke:var(--ip-line);stroke-width:1.2;}
.ip-traffic{stroke-width:2;}
.ip-mirror{stroke-dasharray:7 4;}
.ip-reference{stroke-dasharray:2 3;}
.ip-edge-broken{stroke:var(--ip-broken-line);}
.ip-head-plain{fill:var(--ip-line);}
.ip-head-broken{fill:var(--ip-broken-line);}
.ip-label{fill:var(--ip-paper);stroke:none;}
`;
