import { beforeAll, expect, test } from 'vitest';
import { type Fact, holds, type ListItem, type Lists, type PlanFacts } from '../../src/analyses/playbook/facts.js';
import { type OnDay, stepsOf, written } from '../../src/analyses/playbook/steps.js';
import type { PlaybookStep } from '../../src/decide/decision.js';
import { planFacts } from '../../src/tables/playbook-words.js';
import type { PlaybookRow } from '../../src/tables/rows.js';
import type { Tables } from '../../src/tables/tables.js';
import { shippedTables } from '../support/load.js';
import { likelyIn } from '../support/scenario.js';

let tables: Tables;
beforeAll(async () => {
  tables = await shippedTables();
});

const unknown = Object.fromEntries(
  Object.entries(planFacts).map(([name, type]) => [name, type === 'flag' ? false : null]),
) as PlanFacts;
const noLists: Lists = { places: [], apis: [], closeCalls: [], cuts: [], retirements: [], laterStages: [], misses: [] };
const prose = () => ({ source: 'somebody', date: '', note: '' });

/** The steps of a plan of which only this is known. */
function steps(
  facts: Partial<PlanFacts>,
  lists: Partial<Lists> = {},
  rows: PlaybookRow[] = tables.playbook,
  onDay: Partial<OnDay> = {},
): PlaybookStep[] {
  return stepsOf({
    facts: { ...unknown, requestsPerDay: 1000, ...facts },
    onDay: { requestsPerDay: () => facts.requestsPerDay ?? 0, lastBill: () => null, ...onDay },
    lists: { ...noLists, ...lists },
    assume: likelyIn(tables),
    asOf: '2026-11-20',
    tables: { playbook: rows, parameterOf: tables.parameterOf },
    prose,
  });
}
const only = (id: string, all: PlaybookStep[]): PlaybookStep => {
  const found = all.filter((step) => step.id === id);
  if (found.length !== 1) throw new Error(`${found.length} steps ${id} among ${all.map((step) => step.id).join(', ')}`);
  return found[0] as PlaybookStep;
};

const row = (changes: Partial<PlaybookRow>): PlaybookRow => ({
  row: 0,
  confidence: 'high',
  id: 'a',
  phase: 'decide',
  each: null,
  applies: '',
  starts: 'next',
  takes: null,
  text: 'Do it.',
  trigger: null,
  figures: [],
  toShare: null,
  ...changes,
});
const place = (changes: Partial<ListItem<'places'>>): ListItem<'places'> => ({
  place: 'p',
  model: 'm',
  machine: 'x',
  units: 1,
  unitRequestsPerS: 1,
  busy: 0.5,
  engine: 'vllm',
  engineCaveat: 'mind it',
  leadWeeks: 3,
  leadUnknown: false,
  setupPersonWeeks: 2,
  buildWeeks: 2,
  rented: true,
  reserved: false,
  spot: false,
  bought: false,
  owned: false,
  hosted: false,
  serverless: false,
  onDevices: false,
  deviceCount: null,
  ...changes,
});

test('steps begin one after the other, together, today, when all is ready, and on a day', () => {
  const days = steps(
    { horizonEnd: '2027-01-31', commitOn: '2027-03-01' },
    { places: [place({ leadWeeks: 1 }), place({ leadWeeks: 2 })] },
    [
      row({ id: 'first', takes: 'measureWeeks' }), // 2 weeks
      row({ id: 'second', takes: 'shiftStepWeeks' }), // 1 week
      row({ id: 'beside', starts: 'with', takes: 'parallelRunWeeks' }), // 4 weeks from the second's day
      row({ id: 'hire', starts: 'today', takes: 'leadTimeHire' }), // 13 weeks, beside the rest
      row({ id: 'order', each: 'places', takes: 'leadWeeks' }), // 1 and 2 weeks, side by side
      row({ id: 'after', takes: 'shiftStepWeeks' }),
      row({ id: 'end', starts: 'on:horizonEnd', takes: 'keepTodayWeeks' }), // holds nothing up
      row({ id: 'ready', starts: 'ready' }),
      row({ id: 'wait', starts: 'after:commitOn' }),
      row({ id: 'last' }),
      row({ id: 'never', starts: 'on:nextOn', trigger: 'above it' }),
    ],
  );
  expect(days.map(({ id, when }) => `${id} ${when}`)).toEqual([
    'first 2026-11-20',
    'hire 2026-11-20',
    'second 2026-12-04',
    'beside 2026-12-04',
    'order 2027-01-01',
    'order 2027-01-01',
    'after 2027-01-15',
    'end 2027-01-31',
    'ready 2027-02-19',
    'wait 2027-03-01',
    'last 2027-03-01',
    'never above it',
  ]);
  expect(days.map(({ step }) => step)).toEqual(days.map((_, index) => index + 1));
  expect(days.find(({ id }) => id === 'never')).toMatchObject({ date: null, trigger: 'above it' });
});

test('figures are written in their forms, and kept as they are', () => {
  const [step] = steps(
    { planCost: 1234.56, crossVolume: 1_234_567, egressShare: 0.0123, fteNeeded: 0.25, upfrontCost: 3.5 },
    {},
    [
      row({
        text: '{planCost:usd} {upfrontCost:usd} {crossVolume:count} {egressShare:percent} {fteNeeded:plain} {fteNeeded:tenths} {shiftStepWeeks:weeks} {measureWeeks:weeks} {plan}',
        figures: ['cost=planCost', 'fte=fteNeeded'],
      }),
    ],
  );
  expect(step?.do).toBe('$1,235 $3.50 1,234,567 1.2 % 0.25 0.3 1 week 2 weeks unknown');
  expect(step).toMatchObject({ cost: 1234.56, fte: 0.25, volume: null, source: 'somebody' });
  expect(step?.figures).toEqual({
    planCost: 1234.56,
    upfrontCost: 3.5,
    crossVolume: 1_234_567,
    egressShare: 0.0123,
    fteNeeded: 0.25,
    shiftStepWeeks: 1,
    measureWeeks: 2,
  });
});

test('where traffic out of the cloud bites, it is to be lowered', () => {
  const told = steps({ egressBites: true, egressCost: 800, egressShare: 0.08 });
  expect(only('egress', told)).toMatchObject({ cost: 800, phase: 'optimize' });
  expect(only('egress', told).do).toContain('$800 a month or 8 % of the bill');
  expect(steps({ egressCost: 8 }).map(({ id }) => id)).not.toContain('egress');
});

test('the next rung of the ladder has its volume, month and day; without growth its volume alone', () => {
  const rung = { nextVolume: 181_000, nextPlan: 'own GPUs' };
  const dated = only('next-dated', steps({ ...rung, nextMonth: 18, nextOn: '2028-04-01', growth: 0.08 }));
  expect(dated).toMatchObject({ when: '2028-04-01', volume: 181_000, month: 18 });
  expect(dated.trigger).toBe('above 181,000 requests/day');
  expect(dated.do).toContain('month 18 at 8 % a month');
  expect(only('next-undated', steps(rung))).toMatchObject({ volume: 181_000, month: null });
});

test('falling volumes, commitments and hardware are looked at in the end', () => {
  const told = steps({
    belowVolume: 90,
    belowPlan: 'an API',
    exitCost: 500,
    resaleValue: 900,
    horizonEnd: '2027-11-20',
  });
  expect(only('monitor-volume', told).trigger).toBe('below 90 requests/day');
  expect(only('exit-commitment', told)).toMatchObject({ cost: 500, date: '2027-11-20' });
  expect(only('exit-resale', told)).toMatchObject({ cost: 900, date: '2027-11-20' });
});

test.each([
  ['rented', {}],
  ['reserved', { rented: false, reserved: true }],
  ['bought', { rented: false, bought: true }],
  ['owned', { rented: false, owned: true }],
  ['hosted', { rented: false, hosted: true, engine: null }],
  ['serverless', { rented: false, serverless: true }],
  ['devices', { rented: false, onDevices: true, deviceCount: 7 }],
])('what is %s is ordered as such, with its lead time, and built', (name, changes) => {
  const told = steps({ fresh: true, ownWeights: true }, { places: [place(changes)] });
  expect(told.filter(({ phase }) => phase === 'order').map(({ id }) => id)).toEqual([`order-${name}`]);
  expect(only(`order-${name}`, told)).toMatchObject({ days: 21, do: expect.stringContaining('3 weeks') });
  const builds = told.filter(({ id }) => id === 'engine' || id === 'build-hosted');
  expect(builds.map(({ id, days }) => `${id} ${days}`)).toEqual([name === 'hosted' ? 'build-hosted 14' : 'engine 14']);
});

test('a lead time the tables do not know is asked for', () => {
  const told = steps({ fresh: true }, { places: [place({ leadWeeks: null, leadUnknown: true })] });
  expect(only('order-unknown', told).days).toBeNull();
  expect(told.map(({ id }) => id)).not.toContain('order-rented');
});

test('every fact of a plan is asked for by a row', () => {
  const texts = tables.playbook.map((one) =>
    [one.applies, one.text, one.trigger, one.starts, one.takes, one.figures].join(' '),
  );
  const unused = Object.keys(planFacts).filter((name) => !texts.some((text) => new RegExp(`\\b${name}\\b`).test(text)));
  expect(unused).toEqual([]);
});

test.each([
  ['usd', 1234.5, '$1,235'],
  ['count', 1234.5, '1,235'],
  ['percent', 0.5, '50 %'],
  ['percent', 0.1, '10 %'],
  ['percent', 0.0999, '10 %'],
  ['percent', 0.0946, '9.5 %'],
  ['percent', -0.1234, '-12 %'],
  ['percent', 12.345, '1,235 %'],
  ['effort', 1, '1 person-week'],
  ['effort', 2.5, '2.5 person-weeks'],
  ['weeks', 1, '1 week'],
  ['weeks', 0.5, '0.5 weeks'],
  ['tenths', 44.06, '44.1'],
  ['plain', 0.0123, '0.012'],
  ['plain', 0.1, '0.1'],
  ['plain', 0.0999, '0.1'],
  ['plain', 0.127, '0.13'],
  ['plain', 99.999, '100'],
  ['plain', 99.994, '99.99'],
  ['plain', 1234.5, '1,235'],
  ['plain', 100.4, '100'],
  ['plain', -1234.6, '-1,235'],
  ['plain', 0, '0'],
])('as %s %d is written %s', (form, value, text) => {
  expect(written(value, form)).toBe(text);
});

test.each<[string, boolean]>([
  ['', true],
  ['yes', true],
  ['no', false],
  ['!no', true],
  ['! no', true],
  ['!yes', false],
  ['yes & number', true],
  ['yes & no', false],
  ['no | text', true],
  ['no | nothing', false],
  ['no & yes | text & !zero', true],
  ['yes & no | zero', false],
  ['zero', false],
  ['empty', false],
  ['nothing', false],
  ['!nothing', true],
])('"%s" holds: %s', (expression, expected) => {
  const facts: Record<string, Fact> = { yes: true, no: false, number: 5, zero: 0, text: 'x', empty: '', nothing: null };
  expect(holds(expression, (name) => facts[name] as Fact)).toBe(expected);
});

test('a row for each item that it applies to; rows that say things of the same items today are told item by item', () => {
  const places = [place({ place: 'a' }), place({ place: 'b', hosted: true }), place({ place: 'c' })];
  const told = (...rows: PlaybookRow[]) => steps({}, { places }, rows).map((step) => step.do);
  const first = row({ id: 'x', each: 'places', starts: 'today', text: 'see {place}' });
  const second = row({ id: 'y', each: 'places', starts: 'today', text: 'buy {place}', applies: '!hosted' });
  expect(told(first, second)).toEqual(['see a', 'buy a', 'see b', 'see c', 'buy c']);
  expect(told(second, first)).toEqual(['buy a', 'see a', 'see b', 'buy c', 'see c']);
  // Of other items, or not today, row by row.
  expect(told({ ...first, starts: 'next' }, second)).toEqual(['see a', 'see b', 'see c', 'buy a', 'buy c']);
  expect(told(first, { ...second, starts: 'next' })).toEqual(['see a', 'see b', 'see c', 'buy a', 'buy c']);
  expect(told(first, row({ starts: 'today' }), second)).toEqual([
    'see a',
    'see b',
    'see c',
    'Do it.',
    'buy a',
    'buy c',
  ]);
  const apis = [{ place: 'd', provider: 'd', model: 'm', leadWeeks: null, leadUnknown: true, hasAccount: false }];
  const rows = [first, { ...second, each: 'apis' as const, applies: '' }];
  expect(steps({}, { places, apis }, rows).map((step) => step.do)).toEqual(['see a', 'see b', 'see c', 'buy d']);
  expect(told(row({ each: 'apis' }))).toEqual([]);
});

test('shares go on from the row before that applies, and requests with them', () => {
  const shift = (toShare: number, applies = '') =>
    row({
      id: `to ${toShare}`,
      toShare,
      applies,
      text: '{fromShare:percent} to {toShare:percent}: {stepVolume:count}',
      figures: ['volume=stepVolume'],
    });
  const told = steps({ requestsPerDay: 3000, fresh: true }, {}, [
    shift(0.1),
    shift(0.5, 'stays'),
    row({}),
    shift(1, 'fresh'),
  ]);
  expect(told.map(({ do: does, fromShare, toShare, volume }) => [does, fromShare, toShare, volume])).toEqual([
    ['0 % to 10 %: 300', 0, 0.1, 300],
    ['Do it.', null, null, null],
    ['10 % to 100 %: 3,000', 0.1, 1, 3000],
  ]);
  expect(steps({ requestsPerDay: null }, {}, [shift(0.5)])).toMatchObject([{ volume: 0 }]);
});

test('requests and the last bill of a step are those of its day', () => {
  const day = (text: string) => Number(text.slice(8));
  const told = steps(
    { requestsPerDay: 5 },
    {},
    [
      row({ takes: 'shiftStepWeeks', toShare: 0.5, text: '{stepVolume:count}', figures: ['volume=stepVolume'] }),
      row({ toShare: 1, text: '{stepVolume:count}', figures: ['volume=stepVolume'] }),
      row({ text: '{lastBill:usd} of {lastBillMonth:count}', figures: ['cost=lastBill', 'month=lastBillMonth'] }),
      row({ text: 'Look.', figures: ['cost=lastBill'] }),
    ],
    { requestsPerDay: (on) => 100 * day(on), lastBill: (on) => ({ usd: 10 * day(on), month: 7 }) },
  );
  // 2026-11-20, and a week on.
  expect(told.map(({ do: does, volume, cost, month }) => [does, volume, cost, month])).toEqual([
    ['1,000', 1000, null, null],
    ['2,700', 2700, null, null],
    ['$270 of 7', null, 270, 7],
    // No bill is worked out that no text tells.
    ['Look.', null, null, null],
  ]);
});

test('what is not known is said to be unknown, and is no figure; parameters fill in what no fact does', () => {
  const [step] = steps({ planCost: null, plan: 'a plan' }, {}, [
    row({
      text: '{planCost:usd}, {nobody:usd}, {plan}, {today}, {teamGiven}, {measureWeeks:plain}, {planCost}',
      trigger: 'above {requestsPerDay:count}',
      figures: ['cost=planCost', 'volume=requestsPerDay', 'fte=nobody'],
      takes: 'planCost',
      confidence: 'low',
    }),
  ]);
  expect(step).toEqual({
    step: 1,
    id: 'a',
    phase: 'decide',
    when: '2026-11-20',
    date: '2026-11-20',
    trigger: 'above 1,000',
    do: 'unknown, unknown, a plan, unknown, unknown, 2, unknown',
    cost: null,
    fromShare: null,
    toShare: null,
    volume: 1000,
    month: null,
    days: null,
    fte: null,
    figures: { measureWeeks: 2, requestsPerDay: 1000 },
    source: 'somebody (confidence low)',
  });
  const late = steps({}, {}, [row({ starts: 'after:commitOn' })]);
  expect(late).toMatchObject([{ date: null, when: 'when it comes to it', trigger: null }]);
  // Parts of a week are whole days.
  expect(
    steps({}, { places: [place({ leadWeeks: 1.2 })] }, [row({ each: 'places', takes: 'leadWeeks' })]),
  ).toMatchObject([{ days: 9 }]);
});

test('days that are past, and several items of a row that wait', () => {
  const days = (facts: Partial<PlanFacts>, ...rows: PlaybookRow[]) =>
    steps(facts, { places: [place({ leadWeeks: 1 }), place({ leadWeeks: 2 })] }, rows).map(
      ({ id, when }) => `${id} ${when}`,
    );
  const late = row({ id: 'late', starts: 'after:commitOn' });
  expect(days({ commitOn: '2026-01-01' }, late)).toEqual(['late 2026-11-20']);
  expect(days({ commitOn: '2026-01-01' }, row({ takes: 'measureWeeks' }), late)).toEqual([
    'a 2026-11-20',
    'late 2026-12-04',
  ]);
  expect(days({ commitOn: '2026-01-01' }, row({ id: 'on', starts: 'on:commitOn' }))).toEqual(['on 2026-11-20']);
  // Both begin on the day, and what comes after waits for the longer.
  expect(
    days({ commitOn: '2027-01-01' }, { ...late, each: 'places', takes: 'leadWeeks' }, row({ id: 'next' })),
  ).toEqual(['late 2027-01-01', 'late 2027-01-01', 'next 2027-01-15']);
  expect(
    days(
      {},
      row({ id: 'each', each: 'places', starts: 'today', takes: 'leadWeeks' }),
      row({ id: 'next' }),
      row({ id: 'ready', starts: 'ready' }),
    ),
  ).toEqual(['each 2026-11-20', 'each 2026-11-20', 'next 2026-11-20', 'ready 2026-12-04']);
  // What has no day stands where it would begin, and holds nothing up.
  expect(days({}, row({ takes: 'measureWeeks' }), late, row({ id: 'next' }))).toEqual([
    'a 2026-11-20',
    'late when it comes to it',
    'next 2026-12-04',
  ]);
});
