import { plainText } from '../printable.js';

/** Text that is HTML or SVG already. */
export class Markup {
  constructor(readonly text: string) {}
}
export type Content = string | number | Markup | null | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => plainText(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

function textOf(content: Content): string {
  if (content === null) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string') return escaped(content);
  return typeof content === 'number' ? String(Number(content.toFixed(2))) : content.map(textOf).join('');
}

/** HTML or SVG from a template: values are escaped unless made by it. Numbers have two decimals. */
export const html = (parts: TemplateStringsArray, ...contents: readonly Content[]): Markup =>
  new Markup(parts.map((part, at) => part + (at < contents.length ? textOf(contents[at] ?? null) : '')).join(''));

/** Text as it stands, for scripts, styles and what is encoded: it must hold no `</`. */
export const raw = (text: string): Markup => new Markup(text);

/** A figure of the JSON result, by its path there: tests hold the two together. */
export const figureOf = (path: string, value: number | null, text: Content): Markup =>
  value === null
    ? html`${text}`
    : html`<data data-path="${path}" data-value="${String(value)}" value="${String(value)}">${text}</data>`;

const light = `--paper:#fff;--ink:#16191d;--soft:#58606a;--line:#dfe3e8;--wash:#f5f7f9;--accent:#0a5fb4;--good:#126b3a;--bad:#a8261c;
--k1:#d98c00;--k2:#0a5fb4;--k3:#b8649a;--k4:#00916b;--k5:#c94f00;--k6:#6f5bb8;--k7:#7c7000;--k8:#7a828c`;
const dark = `--paper:#14171b;--ink:#e9ebee;--soft:#a4adb8;--line:#323840;--wash:#1c2025;--accent:#74b4f5;--good:#6fcf97;--bad:#ff9187;
--k1:#f0b03f;--k2:#5aa5ee;--k3:#dd93c2;--k4:#3fc49d;--k5:#f28546;--k6:#a593ea;--k7:#c9bb45;--k8:#949ca6`;
const kinds = [
  'cloud-api',
  'open-model-api',
  'managed-hosting',
  'serverless-gpu',
  'self-hosted-cloud',
  'on-prem',
  'edge',
  'mix',
];

/** Charts in light and dark; a color for each deployment type (`k-…`) and part of a cost (`c1` to `c8`). */
export const chartStyle = `:root{color-scheme:light dark;${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
svg{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;overflow:visible}
svg text{fill:var(--ink)}svg .tick,svg .soft{fill:var(--soft)}svg .strong{font-weight:600}svg .halo{stroke:var(--paper);stroke-width:4;paint-order:stroke}
svg .good{fill:var(--good)}svg .bad{fill:var(--bad)}
.grid path{stroke:var(--line);fill:none}.axis{stroke:var(--soft);fill:none}.now{stroke:var(--ink);stroke-dasharray:2 3;fill:none}
.curve{fill:none;stroke-width:1.5;stroke-linejoin:round}.curve.advised{stroke-width:3}.front{fill:none;stroke:var(--accent);stroke-width:1.5;stroke-dasharray:4 3}
.box{fill:var(--wash);stroke:var(--line)}.wire{fill:none;stroke:var(--soft)}.bar{fill:var(--accent)}.leader{fill:none;stroke:var(--line)}
rect,circle{stroke:var(--paper);stroke-width:1}
${kinds.map((kind, i) => `.k-${kind},.c${i + 1}{--c:var(--k${i + 1})}`).join('')}[class^=k-],[class^=c]:is(rect){fill:var(--c)}path[class*=k-]{fill:none;stroke:var(--c)}`;

/** The rest of a page, and how it is printed. */
export const pageStyle = `*{box-sizing:border-box}
html{scroll-behavior:auto;scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
.page{max-width:68rem;margin:0 auto;padding:3rem 1.5rem 5rem;display:grid;grid-template-columns:11rem minmax(0,50rem);column-gap:4rem}
header{grid-column:2;margin-bottom:1rem}
nav{grid-column:1;grid-row:2;position:sticky;top:2rem;align-self:start;font-size:.875rem;line-height:1.35}
nav ul{list-style:none;margin:2.6rem 0 0;padding:0}
nav a{display:block;padding:.3rem 0;color:var(--soft);text-decoration:none}
main{grid-column:2;grid-row:2;min-width:0}
h1{font-size:2rem;line-height:1.2;letter-spacing:-.02em;font-weight:650;margin:0;overflow-wrap:anywhere}
h2{font-size:1.25rem;line-height:1.3;letter-spacing:-.01em;font-weight:650;margin:0 0 .75rem}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
section{padding:2.25rem 0;border-top:1px solid var(--line)}
p{margin:0 0 .75rem;max-width:42rem;overflow-wrap:anywhere}
p.in{margin:-.5rem 0 .75rem 1.25rem;color:var(--soft)}
a{color:var(--accent);text-underline-offset:.15em}
a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
.soft,.faint,figcaption span{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}
.lead,p.good{font-size:1.25rem;line-height:1.45;font-weight:500;color:var(--ink)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:1.25rem 2rem;margin:1.5rem 0 1.75rem}
.facts b{display:block;font-size:1.75rem;line-height:1.25;letter-spacing:-.02em;font-weight:600}
.facts>:first-child b{color:var(--accent)}
.facts span{font-size:.875rem;color:var(--soft)}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.5rem 1.5rem;margin:0 0 1rem}
dt{font-weight:600;max-width:13rem;overflow-wrap:anywhere}dd{margin:0;max-width:40rem;overflow-wrap:anywhere}dd+dd{grid-column:2}
.scroll{overflow-x:auto;margin:0 0 1rem}
table{border-collapse:collapse;width:100%;font-size:.9375rem;line-height:1.4}
th,td{text-align:left;vertical-align:top;padding:.45rem .75rem;border-bottom:1px solid var(--line);overflow-wrap:break-word}
th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}
th{font-size:.8125rem;font-weight:500;color:var(--soft);white-space:nowrap;vertical-align:bottom}
.n{text-align:right;white-space:nowrap}
tr.good td{font-weight:600}
th button{all:unset;cursor:pointer;color:inherit}th button:focus-visible{outline:2px solid var(--accent)}
th button::after{content:" \\2195";opacity:.5}th[aria-sort=ascending] button::after{content:" \\2191";opacity:1}th[aria-sort=descending] button::after{content:" \\2193";opacity:1}
td details{margin:0}
details{margin:.5rem 0}
summary{cursor:pointer;color:var(--accent);font-size:.9375rem}
figcaption+svg+svg+details summary,.quiet>summary{font-size:.875rem;color:var(--soft)}
details[open]>summary{margin-bottom:.75rem}
code,.id{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
figure{margin:2rem 0 0;break-inside:avoid}figcaption{margin-bottom:.75rem;font-size:.9375rem}
svg.narrow{display:none}
form{display:grid;grid-template-columns:repeat(auto-fill,minmax(14rem,1fr));gap:1rem 2rem;margin:0 0 1.5rem}
form label{display:block;font-size:.875rem}form label span{display:flex;justify-content:space-between;gap:1rem}
form output{font-weight:600;white-space:nowrap}
input[type=range],select{width:100%;margin:.25rem 0 0;accent-color:var(--accent);font:inherit;color:inherit}
select,form button{background:var(--wash);border:1px solid var(--line);border-radius:4px;padding:.3rem .5rem;color:inherit;font:inherit}
.answer{background:var(--wash);border-radius:6px;padding:1.25rem 1.5rem}
.answer :is(h2,h3){font-size:1rem;margin-top:1rem}.answer :is(h2,h3):first-child{margin-top:0}
.noscript-hidden{display:none}
footer{grid-column:2;border-top:1px solid var(--line);padding-top:1.5rem;color:var(--soft);font-size:.875rem}
@media(max-width:60rem){.page{display:block;max-width:54rem;padding-top:2rem}nav{display:none}}
@media(max-width:40rem){.page{padding:1.5rem 1rem 3rem}h1{font-size:1.625rem}section{padding:1.75rem 0}svg.wide{display:none}svg.narrow{display:block}
dl{grid-template-columns:1fr;gap:.15rem}dd+dd{grid-column:1}dd{margin-bottom:.6rem}.optional{display:none}th,td{padding:.4rem .5rem}.n,th{white-space:normal}td.n{white-space:nowrap}.facts{grid-template-columns:1fr 1fr;gap:1rem}.facts b{font-size:1.375rem}}
@media print{@page{margin:16mm}body{font-size:10.5pt}.page{display:block;max-width:none;padding:0}nav,.what-if,th button::after{display:none}section{padding:1rem 0}
h2,h3{break-after:avoid}tr,dl>*{break-inside:avoid}figure>details,.quiet{display:none}a{color:inherit;text-decoration:none}.scroll{overflow:visible}}`;
