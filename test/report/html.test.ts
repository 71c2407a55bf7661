import { expect, test } from 'vitest';
import type { Decision } from '../../src/decide/decision.js';
import { onPage, separated } from '../../src/report/document.js';
import { sections } from '../../src/report/first-screen.js';
import { assessPage } from '../../src/report/html/assess-page.js';
import { breakEvenChart, type CostByVolume, costChart } from '../../src/report/html/chart-lines.js';
import { decades, fitted, short, spread } from '../../src/report/html/charts.js';
import { html } from '../../src/report/html/markup.js';
import { documentPage } from '../../src/report/html/page.js';
import { renderText } from '../../src/report/text.js';
import type { Kind } from '../../src/tables/column.js';
import { hybrid, infeasible, onFleet } from '../support/report-decisions.js';

/** Pages of HTML as text; how they look is in `cli/html-browser.test.ts`. */
const decisions = { hybrid, fleet: onFleet, infeasible };
const pageOf = (decision: Decision): string => assessPage(decision, { curves: [], script: 'void 0;', engine: null });
const unescaped = (text: string): string =>
  text.replace(
    /&(lt|gt|quot|#39|amp);/g,
    (_, name: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[name] ?? '',
  );
const words = (text: string): string =>
  unescaped(text.replace(/<style>.*?<\/style>|<script>.*?<\/script>/gs, '').replace(/<[^>]*>/g, ' ')).replace(
    /\s+/g,
    ' ',
  );

test.each(Object.entries(decisions))('%s: every figure is that of the JSON', (_, decision) => {
  const told = [...pageOf(decision).matchAll(/<data data-path="([^"]+)" data-value="([^"]+)" value="\2">/g)];
  expect(told.length).toBeGreaterThan(decision === infeasible ? 3 : 10);
  for (const [, path = '', value = ''] of told) {
    const there = path
      .split('.')
      .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], JSON.parse(JSON.stringify(decision)));
    expect(`${path} ${value}`).toBe(`${path} ${there}`);
  }
});

test.each(Object.entries(decisions))('%s: what a terminal prints in full stands in the page', (_, decision) => {
  // Where a page has a link, the terminal has an option; a page writes some titles in full.
  const joined = (text: string): string => text.replace(/--detail |\s/g, '').toLowerCase();
  const page = joined(words(pageOf(decision)));
  const screen = renderText(separated(sections(decision, onPage)), { color: false, width: 4000 });
  const told = screen.split(/\n| {2,}/).map(joined);
  expect(told.filter((part) => part !== 'infra' && !page.includes(part))).toEqual([]);
});

test('names of users’ own stay text', () => {
  const evil = `<x-evil a="'">&amp;`;
  const closed = new Set(
    `kind kinds status gate becomesKinds boundary level driver origin rule direction ttftAskedBy owner snapshot
  asOf date verdict`.split(/\s+/),
  );
  const spoiled = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return closed.has(key) ? value : `${value}${evil}`;
    if (Array.isArray(value)) return value.map((one) => spoiled(one, key));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, spoiled(inner, name)]));
  };
  for (const decision of Object.values(decisions)) {
    const page = pageOf(spoiled(decision) as Decision);
    expect(page).not.toContain('<x-evil');
    expect(page).not.toContain('&amp;<');
    expect(page).toContain('&lt;x-evil a=&quot;&#39;&quot;&gt;&amp;amp;');
  }
  const document = documentPage(
    [
      { is: 'title', left: evil, right: evil, near: false, tone: 'title' },
      { is: 'line', label: evil, text: evil, tone: 'plain' },
    ],
    '',
  );
  expect(document).not.toContain('<x-evil');
});

test('a page asks for nothing, runs one script alone, and leads only to what it has', () => {
  for (const decision of Object.values(decisions)) {
    const page = pageOf(decision);
    expect(page.match(/(?:src|href|action|url)\s*[=(]\s*["']?(?:https?:)?\/\//)).toBeNull();
    // `printf 'void 0;' | openssl dgst -sha256 -binary | base64`
    expect(page).toContain(`script-src 'sha256-${scriptHash}' blob:`);
    expect(page.match(/<script/g)).toHaveLength(1);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
  }
});
const scriptHash = 'T1YEXClWF9CUhD2vRqC2ZkctVhPSMrn+MCIkJI7U02I=';

test.each<[string, number[], number, number, number[]]>([
  ['far apart they stay', [10, 50, 90], 15, 100, [10, 50, 90]],
  ['one moves down', [10, 12, 90], 15, 100, [10, 25, 90]],
  ['in the order in which they were', [12, 10], 15, 100, [25, 10]],
  ['at the bottom they move up', [95, 98, 99], 15, 100, [70, 85, 100]],
])('labels: %s', (_, wanted, gap, bottom, found) => {
  expect(spread(wanted, gap, bottom)).toEqual(found);
});

test('axes in powers of ten, short numbers, texts that fit', () => {
  expect(decades(5, 20_000)).toEqual([10, 100, 1000, 10_000]);
  expect(decades(1, 1000)).toEqual([1, 10, 100, 1000]);
  expect([0.01, 1, 999, 1500, 2e6, 3.5e9].map(short)).toEqual(['0.01', '1', '999', '1.5k', '2M', '3.5B']);
  expect(fitted('short', 100)).toBe('short');
  expect(fitted('a rather long name', 72)).toBe('a rather…');
});

const line = (plan: string, kind: Kind, from: number, to: number) => {
  const points = [
    { volume: 1, monthlyCost: from },
    { volume: 10_000, monthlyCost: to },
  ];
  return { plan, kinds: [kind], points };
};
const crossing: CostByVolume = {
  curves: [line('a', 'cloud-api', 1, 10_000), line('b', 'on-prem', 100, 100)],
  ladder: [
    { from: 1, to: 100, plan: 'a', label: 'A', kinds: ['cloud-api'], monthlyCost: 1 },
    { from: 101, to: null, plan: 'b', label: 'B', kinds: ['on-prem'], monthlyCost: 100 },
  ],
  now: 10,
  advised: 'a',
};

test('cost by volume: curves meet where the cheapest changes, and now is marked', () => {
  const chart = breakEvenChart(crossing);
  // From a tenth of now to a power of ten above twice the last change.
  const { body } = chart?.draw(800) ?? { body: html`` };
  const paths = [...body.text.matchAll(/<path class="curve ([^"]+)" d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)"/g)];
  const [a, b] = paths.map(([, kind, ...numbers]) => ({ kind, at: numbers.map(Number) }));
  expect([a?.kind, b?.kind]).toEqual(['k-cloud-api advised', 'k-on-prem']);
  const [x0 = 0, ya0 = 0, x1 = 0, ya1 = 0] = a?.at ?? [];
  const [, yb0 = 0, , yb1 = 0] = b?.at ?? [];
  expect(yb0).toBe(yb1);
  // 1 to 1,000 requests a day: the line a reaches 100 USD at two thirds of the axis, where b is.
  expect(yb0).toBeCloseTo(ya0 + ((ya1 - ya0) * 2) / 3, 0);
  const strip = [...body.text.matchAll(/<rect class="(k-[a-z-]+)" x="([\d.]+)" y="\d+" width="([\d.]+)" height="14"/g)];
  expect(strip.map(([, kind]) => kind)).toEqual(['k-cloud-api', 'k-on-prem']);
  expect(Number(strip[0]?.[2]) + Number(strip[0]?.[3])).toBeCloseTo(x0 + ((x1 - x0) * 2) / 3, 0);
  expect(Number(/class="now" d="M([\d.]+)/.exec(body.text)?.[1])).toBeCloseTo(x0 + (x1 - x0) / 3, 0);
  expect(chart?.description).toContain('closed api is best from 1, own hardware is best from 101');
  expect(breakEvenChart({ ...crossing, curves: [] })).toBeNull();
});

test('bars of a cost are as long as their amounts', () => {
  const costs = new Map(onFleet.scorecard.map(({ option, monthlyCost }) => [option, monthlyCost ?? 0]));
  const halves = (id: string) =>
    ['tokens.input', 'people.run'].map((part) => ({
      part,
      monthly: (costs.get(id) ?? 0) / 2,
      upfront: 0,
      label: '',
      formula: '',
      sources: [],
    }));
  const chart = costChart({
    ...onFleet,
    options: onFleet.options.map((one) => ({ ...one, costParts: halves(one.id) })),
  });
  const { body } = chart?.draw(800) ?? { body: html`` };
  const ends = new Map<string, number>();
  for (const [, x, y = '', width] of body.text.matchAll(
    /<rect class="c\d" x="([\d.]+)" y="(\d+)" width="([\d.]+)" height="20"/g,
  ))
    ends.set(y, Number(x) + Number(width));
  const told = (chart?.rows ?? []).map((row) => Number(/data-value="([^"]+)"/.exec(row.at(-1)?.text ?? '')?.[1]));
  expect(told.length).toBeGreaterThan(1);
  // From 250 to 72 before the right end.
  const room = 800 - 72 - 250;
  const most = Math.max(...told);
  expect([...ends.values()].map((end) => Math.round((end - 250) * 10) / 10)).toEqual(
    told.map((usd) => expect.closeTo((usd / most) * room, 1)),
  );
});
