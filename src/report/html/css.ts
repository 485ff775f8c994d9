/** The page's own style sheet: light, dark, on paper, and on a narrow screen. Contrasts are 4.5 and more. */
export const PAGE_CSS = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1f2328;--faint:#59636e;--panel:#f6f8fa;--frame:#d1d9e0;--link:#0550ae;--good:#116329;--good-bg:#dafbe1;--bad:#a40e26;--bad-bg:#ffebe9;--doubt:#6639ba;--doubt-bg:#fbefff;--line:#0969da;--fill:#b6d9ff;--bar:#8c959f;}
@media (prefers-color-scheme:dark){:root{--paper:#0d1117;--ink:#f0f6fc;--faint:#a6b0bb;--panel:#151b23;--frame:#3d444d;--link:#79c0ff;--good:#7ee787;--good-bg:#12261e;--bad:#ffa198;--bad-bg:#3f1317;--doubt:#d2a8ff;--doubt-bg:#2b1e45;--line:#58a6ff;--fill:#1f4b7d;--bar:#8b949e;}}
*{box-sizing:border-box;}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Open Sans',Helvetica,Arial,sans-serif;}
header,main,footer,nav{max-width:75rem;margin:0 auto;padding:0 1.25rem;}
h1{font-size:1.75rem;line-height:1.25;margin:1.5rem 0 .25rem;}
h2{font-size:1.35rem;margin:2.5rem 0 .75rem;padding-bottom:.25rem;border-bottom:1px solid var(--frame);}
h3{font-size:1.1rem;margin:1.5rem 0 .5rem;}
p,ul,ol,dl{margin:.5rem 0;}
a{color:var(--link);}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;}
.skip{position:absolute;left:-100rem;}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem 1rem;z-index:1;}
.faint{color:var(--faint);}
.verdict{font-size:1.15rem;font-weight:600;border-left:.4rem solid var(--frame);padding:.75rem 1rem;margin:1rem 0;background:var(--panel);}
.verdict.good{border-color:var(--good);background:var(--good-bg);}
.verdict.bad{border-color:var(--bad);background:var(--bad-bg);}
.verdict.doubt{border-color:var(--doubt);background:var(--doubt-bg);}
.facts{display:flex;flex-wrap:wrap;gap:.75rem;padding:0;}
.facts div{background:var(--panel);border:1px solid var(--frame);border-radius:.4rem;padding:.5rem .9rem;}
.facts dt{font-size:.85rem;color:var(--faint);}
.facts dd{margin:0;font-weight:600;overflow-wrap:anywhere;}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;}
.scroll{overflow-x:auto;margin:.75rem 0;}
table{border-collapse:collapse;width:100%;font-size:.92rem;}
caption{text-align:left;font-weight:600;padding:.25rem 0;}
th,td{text-align:left;vertical-align:top;padding:.4rem .7rem;border-bottom:1px solid var(--frame);overflow-wrap:anywhere;min-width:5rem;}
thead th{border-bottom:2px solid var(--frame);overflow-wrap:normal;}
tbody th{font-weight:600;}
td:last-child{min-width:9rem;}
.word{white-space:nowrap;}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:.88em;}
code{overflow-wrap:anywhere;}
pre{background:var(--panel);border:1px solid var(--frame);border-radius:.4rem;padding:.75rem;overflow-x:auto;line-height:1.4;}
.diff ins{color:var(--good);background:var(--good-bg);text-decoration:none;}
.diff del{color:var(--bad);background:var(--bad-bg);text-decoration:none;}
.badge{display:inline-block;white-space:nowrap;border-radius:1rem;padding:0 .6rem;font-size:.85rem;font-weight:600;background:var(--panel);border:1px solid var(--frame);}
.badge.good{color:var(--good);background:var(--good-bg);}
.badge.bad{color:var(--bad);background:var(--bad-bg);}
.badge.doubt{color:var(--doubt);background:var(--doubt-bg);}
.finding{border:1px solid var(--frame);border-left-width:.4rem;border-radius:.4rem;padding:.5rem 1rem;margin:.75rem 0;overflow-wrap:anywhere;}
.finding.error{border-left-color:var(--bad);}
.finding.warning{border-left-color:var(--doubt);}
.finding h3{margin:.25rem 0;}
details{margin:.35rem 0;}
summary{cursor:pointer;}
figure{margin:.75rem 0;}
figcaption{color:var(--faint);font-size:.92rem;}
.picture{overflow:auto;border:1px solid var(--frame);border-radius:.4rem;width:calc(100vw - 2.5rem);margin-left:calc(50% - 50vw + 1.25rem);}
.picture svg{display:block;}
.chart svg{display:block;width:100%;height:auto;min-width:44rem;}
.chart{overflow-x:auto;}
.c-text{fill:var(--ink);font-size:12px;}
.c-faint{fill:var(--faint);font-size:11px;}
.c-grid{stroke:var(--frame);stroke-width:1;}
.c-step{fill:none;stroke:var(--line);stroke-width:2;}
.c-area{fill:var(--fill);opacity:.6;}
.c-bar{fill:var(--bar);}
.c-bad{fill:var(--bad);}
.c-bad-text{fill:var(--bad);font-size:12px;font-weight:600;}
.c-max{fill:none;stroke:var(--bar);stroke-width:1.4;stroke-dasharray:4 3;}
.c-mark{stroke:var(--faint);stroke-width:1;stroke-dasharray:2 3;}
footer{margin-top:3rem;padding-bottom:2rem;color:var(--faint);font-size:.9rem;border-top:1px solid var(--frame);padding-top:1rem;}
@media (max-width:40rem){body{font-size:15px;}h1{font-size:1.4rem;}header,main,footer,nav{padding:0 .8rem;}}
@media print{
:root{color-scheme:light;--paper:#fff;--ink:#1f2328;--faint:#59636e;--panel:#f6f8fa;--frame:#d1d9e0;--link:#0550ae;--good:#116329;--good-bg:#dafbe1;--bad:#a40e26;--bad-bg:#ffebe9;--doubt:#6639ba;--doubt-bg:#fbefff;--line:#0969da;--fill:#b6d9ff;--bar:#8c959f;}
body{font-size:10pt;print-color-adjust:exact;-webkit-print-color-adjust:exact;}
nav,.skip{display:none;}
header,main,footer{max-width:none;padding:0;}
h2,h3,h2+p,h3+p,caption,thead{break-after:avoid;}
tr,.finding,figure,table:not(:has(tr:nth-child(9))){break-inside:avoid;}
tbody tr:first-child{break-before:avoid;}
th,td{min-width:2.5rem;padding:.3rem .45rem;}
table{font-size:.88em;}
summary{list-style:none;}
.picture,.chart,.scroll{overflow:visible;border:0;}
.picture{width:auto;margin-left:0;}
.picture svg,.chart svg{width:100%;height:auto;max-height:23cm;min-width:0;}
pre{white-space:pre-wrap;overflow-wrap:anywhere;}
details::details-content{content-visibility:visible;height:auto;}
}
@page{margin:1.5cm;}
`;
