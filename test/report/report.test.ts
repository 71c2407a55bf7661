import { expect, test } from 'vitest';
import type { Assignment, GuideReport, NearestMiss } from '../../src/decide/decision.js';
import { table } from '../../src/report/assess.js';
import type { View } from '../../src/report/document.js';
import { columns } from '../../src/report/printable.js';
import { seldomGiven } from '../../src/rules/service.js';
import { hybrid, infeasible, onFleet } from '../support/report-decisions.js';

const decisions = { hybrid, fleet: onFleet, infeasible };
const cases = Object.entries(decisions).flatMap(([name, decision]) =>
  [80, 60].map((width) => ({ name, decision, width })),
);
const words = (text: string): string => text.replace(/\s+/g, ' ');
const plain: View = { color: false, width: 80, detail: null };
const full: View = { ...plain, detail: 'full' };

test.each(Object.entries(decisions))('%s reads as agreed', async (name, decision) => {
  await expect(table(decision, plain)).toMatchFileSnapshot(`../golden/report-${name}-80.txt`);
});

test.each(Object.entries(decisions))('%s with every detail reads as agreed', async (name, decision) => {
  await expect(table(decision, { ...plain, detail: 'full' })).toMatchFileSnapshot(`../golden/report-${name}-full.txt`);
});

test.each(cases)('$name at $width columns has no longer line', ({ decision, width }) => {
  for (const detail of [null, 'full'] as const) {
    const lines = table(decision, { color: false, width, detail }).split('\n');
    expect(lines.filter((line) => columns(line) > width)).toEqual([]);
  }
});

test('shares of the cost are those of its parts', () => {
  // 4310 - 1422.3 = 2887.7; 2672.2 / 2887.7 = 0.925
  expect(words(table(hybrid, full))).toContain(
    'Of it $2,888 are infrastructure (93 % of that tokens) and $1,422 people: 0.2 of an engineer and the set-up, spread out.',
  );
  // 13000 a month, of which 2500 are people and 12000 / 12 their set-up; no tokens are among the other 9500.
  expect(words(table(onFleet, full))).toContain(
    'Of it $9,500 are infrastructure and $3,500 people: 0.7 of an engineer and the set-up, spread out.',
  );
});

test('the bill of today is compared with the bill of the plan, and people with people', () => {
  // 4310 - 1422.3 = 2887.7; (9000 - 2887.7) / 9000 = 0.679
  const wide = { ...plain, width: 140 };
  expect(table(hybrid, wide)).toContain('billed $9,000, then $2,888 (68 % less); people $0, then $1,422');
  // 13000 - 3500 = 9500
  expect(table(onFleet, wide)).toContain('billed $9,000, then $9,500 ($500 more)');
  const { today } = hybrid.recommendation;
  const moving = { ...hybrid.recommendation, today: { ...(today as NonNullable<typeof today>), meanBill: 7000 } };
  // (7000 - 2887.7) / 7000 = 0.587
  expect(table({ ...hybrid, recommendation: moving }, wide)).toContain(
    'billed $9,000 now, $7,000 in a mean month, then $2,888 (59 % less)',
  );
});

test('what a percentile does not tell stands beside it: cold starts and devices that are busy for long', () => {
  const why = [
    { code: 'cold-starts', text: 'one in 8 requests of faq waits for a cold start of up to 20 s', figures: {} },
    { code: 'device-load', text: 'each device works 24 minutes a day at full load', figures: {} },
  ];
  const { recommendation } = hybrid;
  expect(words(table({ ...hybrid, recommendation: { ...recommendation, why } }, plain))).toMatch(
    /Wait one in 8 requests of faq waits for a cold start of up to 20 s; each device works 24 minutes a day at full load Data/,
  );
  const assignments = recommendation.assignments.map((one) => ({ ...one, isAwaited: false }));
  const unawaited = words(table({ ...hybrid, recommendation: { ...recommendation, why, assignments } }, plain));
  expect(unawaited).toContain('Wait nobody waits for the answers Data');
});

test('a plan hangs on a rate limit: it is asked for first, and told what machines cost instead', () => {
  const hanging = {
    code: seldomGiven,
    message: 'ask hostA for 200,000 requests in the busiest minute before anything else',
    figures: {},
  };
  const { recommendation } = hybrid;
  const usd = recommendation.monthlyCost as number;
  const scorecard = hybrid.scorecard.map((row) =>
    row.kind === 'self-hosted-cloud' ? { ...row, feasible: true, monthlyCost: usd + 700 } : { ...row, feasible: true },
  );
  const text = words(table({ ...hybrid, scorecard, warnings: [hanging] }, full));
  expect(text).toContain(
    'To do Ask hostA for 200,000 requests in the busiest minute before anything else; all on rented GPU costs $700 a month more.',
  );
  expect(words(table({ ...hybrid, scorecard: [], warnings: [hanging] }, full))).toContain('before anything else. ');
});

test('a safer plan that reads as the one advised is told by what it differs in, and not for less than shows', () => {
  const { recommendation, uncertainty } = onFleet;
  const plan = recommendation.plan as string;
  const safer = (regret: number, monthly = recommendation.monthlyCost as number) => {
    const [option] = onFleet.options.filter(({ id }) => id === plan);
    const twin = { ...option, id: 'twin' } as (typeof onFleet.options)[number];
    return words(
      table(
        {
          ...onFleet,
          options: [...onFleet.options, twin],
          recommendation: { ...recommendation, regret: 1000, monthlyCost: monthly },
          uncertainty: {
            ...(uncertainty ?? hybrid.uncertainty),
            leastRegret: { plan: 'twin', label: 'the same on other weights', regret },
            plans: [{ plan: 'twin', label: '', monthlyCost: monthly + 5 }],
          } as typeof hybrid.uncertainty,
        },
        plain,
      ),
    );
  };
  // 1,000 - 400 = 600 of 13,000 are 5 %; 1,000 - 990 are less than 1 %.
  expect(safer(400)).toContain('The same on other weights is the safer choice');
  expect(safer(990)).not.toContain('safer choice');
});

test('what leaves the data boundary is no closest option where something else is', () => {
  const [first] = infeasible.nearestMisses as [NearestMiss];
  const beyond = { ...first, gate: 'boundary', option: 'cloud-api/a/far', reason: 'data would go to a', turnsAt: null };
  const near = { ...first, gate: 'devices', have: '50 % of devices', turnsAt: null, stillFails: [] };
  const shown = (nearestMisses: NearestMiss[]) => words(table({ ...infeasible, nearestMisses }, plain));
  expect(shown([beyond])).toContain('cloud-api/a/far');
  expect(shown([beyond, near])).not.toContain('cloud-api/a/far');
  expect(shown([beyond, near])).toMatch(/50 % of devices run it/);
  expect(shown([{ ...near, have: '0 % of devices' }])).not.toContain('run it;');
});

const opinion = (agrees: boolean): GuideReport => ({
  ...{ id: 'G009', verdict: [], shape: null, agrees, title: 'An article', unknown: [], because: '' },
});

test('later commands are offered only when there is something to see', () => {
  expect(table(hybrid, plain)).not.toMatch(/breakeven|guides /);
  const axis = { axis: 'requestsPerDay', unit: 'requests/day', upTo: 1 };
  const pair = { a: 'x', b: 'y', ...axis, crossings: [], alternates: [], never: null };
  const later = { ...hybrid, breakEven: [pair], guides: [opinion(true), opinion(false), opinion(false)] };
  for (const text of ['breakeven scenarios', 'explain scenarios', 'guides: 1 of 3 agree'])
    expect(words(table(later, full))).toContain(text);
});

test('what to try is the field and the word at which the rule lets something through, where there is one', () => {
  const [first] = infeasible.nearestMisses as [NearestMiss];
  const tried = (gate: string, turnsAt: NearestMiss['turnsAt']) =>
    table({ ...infeasible, nearestMisses: [{ ...first, gate, task: 'faq', turnsAt }] }, plain);
  expect(tried('fine-tuning', { path: 'tasks.faq.needs', value: '[]' })).toContain('Faq: set tasks.faq.needs to []');
  expect(tried('regimes', null)).toContain('Faq: ask for what the regimes need');
  const canSign = { path: 'data.agreements', value: '{canSign: [baa]}' };
  expect(tried('regimes', canSign)).toContain('Faq: write data.agreements: {canSign: [baa]}, if you can sign these');
  const declared = { path: 'data.declared', value: '[dpia]' };
  const advised = { plan: 'a', label: 'a plan', monthlyCost: 1225.4 };
  expect(
    table(
      { ...infeasible, nearestMisses: [{ ...first, gate: 'regimes', task: 'faq', turnsAt: declared, advised }] },
      { ...plain, width: 200 },
    ),
  ).toContain('Faq: write data.declared: [dpia], once these are done; then a plan costs $1,225 a month');
  expect(tried('ttft', { path: 'tasks.faq.latency.ttftP95', value: 812.5 })).toContain(
    'Faq: relax latency.ttftP95 to 813 ms',
  );
  const slow = { ...first, gate: 'ttft', task: 'faq', need: 'first token (p95) <= 10 ms', reason: 'it is 813 ms' };
  expect(table({ ...infeasible, nearestMisses: [slow] }, plain).replace(/\s+/g, ' ')).toContain(
    '813 ms (asked: <= 10 ms)',
  );
});

test('hostile names cannot steer the terminal', () => {
  const name = 'bot\u001b[2J\u001b]0;owned\u0007\u009b31m\r\nCOST  $0\u202egnp\u2028x';
  const hostile = {
    ...hybrid,
    scenario: { ...hybrid.scenario, name, assumed: [{ path: name, value: name, share: 1 }] },
  };
  const text = table(hostile, { ...plain, detail: 'full' });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
  expect(text).toContain('bot\\u001b[2J\\u001b]0;owned\\u0007\\u009b31m COST  $0\\u202egnp x');
  expect(text).not.toMatch(/^COST {2}\$0/m);
});

test('names of any script and length stay within the width', () => {
  const task = '問い合わせ'.repeat(12);
  const [first] = hybrid.recommendation.assignments as [Assignment];
  const assignments = [{ ...first, task, share: 1, option: `cloud-api/vendorQ/${'x'.repeat(200)}` }];
  const long = { ...hybrid, recommendation: { ...hybrid.recommendation, assignments } };
  for (const width of [40, 60, 80]) {
    const lines = table(long, { color: false, width, detail: 'full' }).split('\n');
    expect(lines.filter((line) => columns(line) > width)).toEqual([]);
  }
});
