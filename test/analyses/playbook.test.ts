import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { holds } from '../../src/analyses/playbook/facts.js';
import type { Decision, PlaybookStep } from '../../src/decide/decision.js';
import { table } from '../../src/report/assess.js';
import type { PlaybookRow } from '../../src/tables/rows.js';
import type { Tables } from '../../src/tables/tables.js';
import { dayAfter } from '../../src/units/month.js';
import { asOf } from '../support/committed.js';
import { decideCommitted, decidedInFull } from '../support/committed-decisions.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { decideShape, shapes } from '../support/playbook-decisions.js';
import { long } from '../support/sample.js';
import { decide as decideOn } from '../support/scenario.js';

/** On a few rows of the tables: steps follow from the plan, whichever it is. */
const decide: typeof decideOn = (written, options = {}) => decideOn(written, { tables: fewRows(tables), ...options });

let rows: Map<string, PlaybookRow>;
let tables: Tables;
beforeAll(async () => {
  tables = await shippedTables();
  rows = new Map(tables.playbook.map((row) => [row.id, row]));
});

test.each(Object.keys(shapes))('the playbook of %s reads as agreed', async (name) => {
  const text = table(await decideShape(name), {
    color: false,
    width: 80,
    detail: 'playbook',
  });
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  await expect(text.slice(text.indexOf('PLAYBOOK\n'))).toMatchFileSnapshot(`../golden/playbook/${name}.txt`);
});

const idsOf = ({ playbook }: Decision): string[] => playbook.map(({ id }) => id);
const stepOf = ({ playbook }: Decision, id: string): PlaybookStep => {
  const step = playbook.find((one) => one.id === id);
  if (step === undefined) throw new Error(`no step ${id} among ${playbook.map((one) => one.id).join(', ')}`);
  return step;
};
const ownKinds = ['managed-hosting', 'serverless-gpu', 'self-hosted-cloud', 'on-prem', 'edge'];

/** Numbers as they are written, each a half of its last digit off at most: `$1,234`, `0.25`, `66 %`, `2 weeks`. */
function expectWritten(text: string, form: string, value: number, where: string) {
  const digits = /-?[\d,]+(\.\d+)?(e-?\d+)?/.exec(text)?.[0].replaceAll(',', '') ?? 'none';
  const sign = text.startsWith('-$') ? -1 : 1;
  const shown = sign * Number(digits) * (form === 'percent' ? 0.01 : 1);
  const decimals = digits.split('.')[1]?.length ?? 0;
  const half = 0.5 * 10 ** -decimals * (form === 'percent' ? 0.01 : 1);
  expect(Math.abs(shown - value), `${where}: "${text}" for ${value}`).toBeLessThanOrEqual(half * 1.001 + 1e-12);
}

/** What must hold of the way to any plan. */
function expectSound(decision: Decision) {
  const { playbook, checklist, recommendation } = decision;
  expect(playbook.length).toBeGreaterThan(0);
  expect(playbook.map(({ step }) => step)).toEqual(playbook.map((_, index) => index + 1));
  const dates = playbook.flatMap(({ date }) => date ?? []);
  expect(dates).toEqual([...dates].sort());
  expect(dates.every((date) => date >= decision.tables.asOf)).toBe(true);
  for (const step of playbook) {
    const row = rows.get(step.id);
    if (row === undefined) throw new Error(`no row ${step.id}`);
    expect(step.date ?? step.trigger ?? '', step.id).not.toBe('');
    expect(step.when).toBe(step.date ?? step.trigger);
    expect(step.do, 'what is not known has a row of its own').not.toMatch(/unknown(?!\.$)/);
    expectFigures(row, step);
  }
  expectCareful(decision);
  const shifts = playbook.filter(({ toShare }) => toShare !== null);
  if (shifts.length > 0) expect(shifts.at(-1)?.toShare).toBe(1);
  shifts.forEach(({ fromShare, toShare }, index) => {
    expect(fromShare).toBe(index === 0 ? 0 : shifts[index - 1]?.toShare);
    expect(toShare).toBeGreaterThan(fromShare as number);
  });
  const items = checklist.map(({ item }) => item);
  expect(new Set(items).size).toBe(items.length);
  for (const condition of recommendation.conditions) expect(items).toContain(condition);
  const own = recommendation.kinds.some((kind) => ownKinds.includes(kind));
  expect(checklist.some(({ because }) => because.startsWith('self-hosted-security'))).toBe(own);
  if (recommendation.kinds.some((kind) => ['self-hosted-cloud', 'on-prem'].includes(kind)))
    expect(items).toContain('authentication on every model endpoint; no open port');
}

const accounts = ['order-api', 'order-model'];
const trials = /^(prototype|try)-/;
/** Steps in which real requests reach the places of the plan. */
const withRealRequests = [
  'prototype-there',
  'try-plan',
  'try-own',
  'measure-tokens',
  'measure-bill',
  'measure-close',
  'measure-quality',
  'parallel-both',
  'parallel-new',
  'shift-first',
];

/** Nothing is tried before it can be had, and nothing real goes where it is not settled that it may. */
function expectCareful({ playbook }: Decision) {
  const positions = (wanted: (id: string) => boolean) => playbook.flatMap(({ id }, at) => (wanted(id) ? [at] : []));
  const firstTrial = Math.min(...positions((id) => trials.test(id)));
  expect(Math.max(-1, ...positions((id) => accounts.includes(id)))).toBeLessThan(firstTrial);
  const begun = (id: string) => playbook.find((step) => step.id === id)?.date ?? null;
  const tried = playbook.find(({ id }) => trials.test(id))?.date ?? null;
  for (const { id, date, days } of playbook) {
    if (id === 'order-api' && tried !== null)
      expect(tried >= dayAfter(date as string, days as number), 'an account before what is tried there').toBe(true);
    if (id !== 'agreements') continue;
    const settled = dayAfter(date as string, days as number);
    for (const real of withRealRequests)
      expect(begun(real) === null || (begun(real) as string) >= settled, `${real} before what is to be settled`).toBe(
        true,
      );
  }
  const ids = playbook.map(({ id }) => id);
  if (ids.includes('security')) expect(ids.indexOf('security')).toBeLessThan(ids.indexOf('shift-first'));
}

/** Every number in a text stands in the figures under the name its row gives it, and no digit comes from elsewhere. */
function expectFigures(row: PlaybookRow, step: PlaybookStep) {
  const texts: [string, string][] = [[row.text, step.do]];
  if (row.trigger !== null) texts.push([row.trigger, step.trigger ?? '']);
  for (const [template, text] of texts) {
    const names: { name: string; form: string | undefined }[] = [];
    const pattern = template
      .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
      .replace(/\{([a-zA-Z0-9]+)(?::([a-z]+))?\}/g, (_, name: string, form?: string) => {
        names.push({ name, form });
        // What a bill is called by may have commas, as the text around it; a number starts with a digit.
        return form === undefined ? '(.+?)' : '(-?\\$?\\d.*?)';
      });
    const found = new RegExp(`^${pattern}$`).exec(text);
    expect(found, `${step.id}: ${text}`).not.toBeNull();
    names.forEach(({ name, form }, index) => {
      if (form === undefined) return;
      expect(step.figures, step.id).toHaveProperty(name);
      expectWritten(found?.[index + 1] ?? '', form, step.figures[name] as number, `${step.id} ${name}`);
    });
  }
  for (const figure of row.figures) {
    const [key = '', name = ''] = figure.split('=');
    expect(step[key as 'cost'], `${step.id} ${key}`).toBe(step.figures[name]);
  }
}

test.each(decidedInFull)('%s has a sound way to its plan', async (name) => expectSound(await decideCommitted(name)));

describe('over scenarios of all sorts', () => {
  const data = fc.constantFrom(
    {},
    { sensitivity: 'public' },
    { sensitivity: 'pii', agreements: { canSign: ['dpa'] } },
    { sensitivity: 'regulated', regimes: ['hipaa'], kinds: ['phi'], residency: ['us'] },
    { sensitivity: 'regulated', regimes: ['gdpr'], kinds: ['personal'], residency: ['eu'], declared: ['dpia'] },
    { boundary: 'own-account' },
    { boundary: 'own-premises' },
  );
  const today = fc.constantFrom(
    null,
    { option: 'cloud-api/openai/gpt-4.1' },
    { option: 'cloud-api/openai/gpt-4.1', bill: '4000/month' },
    { option: 'nobody/knows/this', bill: '100/month' },
  );
  const written = fc.record({
    volume: fc.integer({ min: 10, max: 300_000 }),
    growth: fc.constantFrom('0%', '8% per month', '-5% per month'),
    horizon: fc.constantFrom('6 months', '24 months'),
    type: fc.constantFrom('faq-chat', 'summarization', 'extraction'),
    data,
    today,
    team: fc.constantFrom(null, { free: '0.5 FTE' }, { free: '3 FTE', mayHire: false }),
    only: fc.constantFrom(null, ['self-hosted-cloud'], ['on-prem'], ['serverless-gpu', 'managed-hosting'], ['edge']),
  });

  test('days never go back, figures are fields, shares rise to 1, conditions and security are to be seen to', async () => {
    await fc.assert(
      fc.asyncProperty(written, async ({ volume, growth, horizon, type, data: rules, today: now, team, only }) => {
        const decision = await decide({
          workload: { volume, growth, horizon },
          tasks: [{ name: 'work', type }],
          data: rules,
          ...(now && { today: now }),
          ...(team && { team }),
          ...(only && { preferences: { only } }),
        });
        expectSound(decision);
      }),
      { numRuns: long ? 60 : 8, seed: 7 },
    );
  });
});

describe('days, by hand', () => {
  test('a server room: two weeks of prototype, two of measuring, then the order and set-up side by side', async () => {
    const decision = await decideShape('on-prem');
    // 2026-11-20 + 14 = 12-04, + 14 = 12-18; a machine for a desk takes 2 weeks.
    expect(stepOf(decision, 'prototype-own').date).toBe('2026-11-20');
    expect(stepOf(decision, 'measure-bill')).toMatchObject({ date: '2026-12-04', days: 14 });
    expect(stepOf(decision, 'order-bought')).toMatchObject({ date: '2026-12-18', days: 14 });
    expect(stepOf(decision, 'shift-first').date).toBe('2027-01-01');
    expect(stepOf(decision, 'shift-all').date).toBe('2027-01-22');
    expect(stepOf(decision, 'exit-review').date).toBe('2029-11-20');
  });

  test('a longer lead time holds up what needs the machines, and nothing before', async () => {
    const decision = await decideCommitted('factory-sites', {
      set: ['assumptions.leadTimeWorkstation=10'],
    });
    expect(stepOf(decision, 'order-bought')).toMatchObject({ date: '2026-12-18', days: 70 });
    expect(stepOf(decision, 'shift-first').date).toBe('2027-02-26');
  });

  test('agreements and people that are still missing hold up the parallel run', async () => {
    const decision = await decideShape('api-to-rented', ['assumptions.leadTimeHire=30']);
    expect(stepOf(decision, 'hire')).toMatchObject({ date: '2026-11-20', days: 210, fte: expect.any(Number) });
    // 2026-11-20 + 210 days
    expect(stepOf(decision, 'parallel-both').date).toBe('2027-06-18');
  });

  const phi = {
    workload: { volume: 20_000 },
    tasks: [{ name: 't', type: 'faq-chat' }],
    data: { sensitivity: 'regulated', regimes: ['hipaa'], kinds: ['phi'] },
    team: { devops: 1 },
  };
  const signing = (signed: string[]) => ({ ...phi.data, agreements: { signed, canSign: ['baa'] } });
  const datesOf = (decision: Decision, ...ids: string[]) => ids.map((id) => stepOf(decision, id).date);

  test('an account first, made-up requests while agreements are open, real ones once they are settled', async () => {
    const moving = await decide({
      ...phi,
      data: signing(['baa:openai']),
      today: { option: 'cloud-api/openai/gpt-4o', bill: '9000/month' },
    });
    expect(stepOf(moving, 'agreements')).toMatchObject({ date: '2026-11-20', days: 21 });
    // The account takes 3 days, agreements until 2026-12-11, what is measured two weeks from then.
    expect(datesOf(moving, 'order-api', 'try-made-up', 'measure-tokens', 'measure-quality', 'parallel-both')).toEqual([
      '2026-11-20',
      '2026-11-23',
      '2026-12-11',
      '2026-12-11',
      '2026-12-25',
    ]);
    expect(idsOf(moving)).not.toContain('try-plan');
    const fresh = await decide({ ...phi, data: signing([]) });
    expect(datesOf(fresh, 'order-api', 'prototype-there-made-up', 'measure-tokens', 'shift-first')).toEqual([
      '2026-11-20',
      '2026-11-23',
      '2026-12-11',
      '2026-12-25',
    ]);
    // With nothing to settle logs are there to be tried from the day of the account on.
    const open = await decide({
      ...phi,
      data: { sensitivity: 'public' },
      today: { option: 'cloud-api/openai/gpt-4o', bill: '9000/month' },
    });
    expect(datesOf(open, 'order-api', 'try-plan', 'measure-tokens')).toEqual([
      '2026-11-20',
      '2026-11-23',
      '2026-12-07',
    ]);
    for (const decision of [moving, fresh, open]) expectSound(decision);
  });

  test.each([
    ['rented machines', ['self-hosted-cloud'], 'order-rented'],
    ['dedicated endpoints', ['managed-hosting'], 'order-hosted'],
    ['machines that are bought', ['on-prem'], 'order-bought'],
  ])('%s: one of them is tried before they are ordered, with logs where the data allow it', async (_, only, order) => {
    const today = { option: 'cloud-api/openai/gpt-4o', bill: '90000/month' };
    const open = { ...phi, workload: { volume: 200_000 }, today, preferences: { only } };
    const publicly = await decide({ ...open, data: { sensitivity: 'public' } });
    expect(datesOf(publicly, 'try-own', 'measure-bill', order)).toEqual(['2026-11-20', '2026-12-04', '2026-12-18']);
    expectSound(publicly);
    const guarded = await decide({ ...open, data: { ...signing(['baa']), declared: ['dpia'] } });
    expect(stepOf(guarded, 'try-own-made-up').do).toContain('made-up requests');
    expect(stepOf(guarded, 'measure-quality-made-up').do).toContain('made up after your own');
    expect(idsOf(guarded).filter((id) => id === 'try-own' || id === 'measure-quality')).toEqual([]);
    expectSound(guarded);
  });

  test('volume and the bill to compare with are those of the month in which a step stands', async () => {
    const decision = await decide({
      workload: { volume: 200_000, growth: '10% per month', horizon: '24 months' },
      tasks: [{ name: 't', type: 'faq-chat' }],
      team: { devops: 1 },
      today: { option: 'cloud-api/openai/gpt-4o', bill: '90000/month' },
    });
    // 2027-02-01 lies in month 4 from 2026-11, the weeks before 2027-04-19 mostly in month 6.
    expect(stepOf(decision, 'shift-half')).toMatchObject({ date: '2027-02-01' });
    expect(stepOf(decision, 'shift-half').volume).toBeCloseTo(0.5 * 200_000 * 1.1 ** 3, 6);
    const bill = stepOf(decision, 'first-bill');
    expect(bill).toMatchObject({ date: '2027-04-19', month: 6 });
    expect(bill.cost).toBeCloseTo(decision.timeline.find(({ month }) => month === 6)?.paid ?? Number.NaN, 6);
    expect(bill.cost).toBeCloseTo((decision.recommendation.firstMonthCost ?? Number.NaN) * 1.1 ** 5, 6);
  });

  test('the horizon ends on the last day of a shorter month', async () => {
    const decision = await decide(
      { workload: { volume: 100, horizon: '3 months' }, tasks: [{ type: 'faq-chat' }] },
      { day: '2026-11-30' },
    );
    expect(stepOf(decision, 'exit-review').date).toBe('2027-02-28');
  });
});

describe('what a step says', () => {
  test('the parallel run costs today and the plan for its weeks', async () => {
    const decision = await decideShape('api-to-rented');
    const months = (4 * 7) / (730 / 24);
    const usd = (45_000 + (decision.recommendation.monthlyCost ?? Number.NaN)) * months;
    expect(stepOf(decision, 'parallel-both').cost).toBeCloseTo(usd, 4);
  });

  test('without a today the cheapest API comes first, and the plan after it', async () => {
    const only = 'preferences.only=[serverless-gpu, cloud-api, open-model-api]';
    const decision = await decideCommitted('post-screening', { set: [only] });
    expect(decision.recommendation.kinds).toEqual(['serverless-gpu']);
    const apis = decision.scorecard.filter(({ kind, feasible }) => kind.endsWith('-api') && feasible);
    const cheapest = Math.min(...apis.map(({ monthlyCost }) => monthlyCost ?? Number.NaN));
    expect(stepOf(decision, 'prototype-elsewhere').figures.prototypePlanCost).toBe(cheapest);
    expect(idsOf(decision).indexOf('prototype-elsewhere')).toBeLessThan(idsOf(decision).indexOf('order-serverless'));
  });

  test('what a plan saves is told of mean months, and nothing where a bill that falls pays for it for a while alone', async () => {
    const grows = (growth: string, bill: string) => ({
      workload: { volume: 10, growth, horizon: '6 months' },
      tasks: [{ type: 'faq-chat' }],
      today: { option: 'cloud-api/openai/gpt-4.1', bill },
      preferences: { only: ['serverless-gpu', 'managed-hosting'], exclude: ['azure', 'google-vertex'] },
    });
    const growing = await decide(grows('8% per month', '4000/month'));
    // A bill of now that is less than a mean month of the plan, and more in its own mean month.
    expect(growing.recommendation.savingsOverToday).toBeLessThan(0);
    const todays = growing.timeline.slice(1).map(({ today }) => today ?? Number.NaN);
    const mean = todays.reduce((sum, usd) => sum + usd, 0) / todays.length;
    expect(stepOf(growing, 'payback').cost).toBeCloseTo(mean - (growing.recommendation.monthlyCost ?? 0), 4);
    expect(idsOf(growing)).not.toContain('payback-growing');
    const falling = await decide(grows('-50% per month', '12000/month'));
    expect(falling.recommendation.savingsOverToday).toBeGreaterThan(0);
    expect(idsOf(falling)).not.toContain('payback');
    expect(stepOf(falling, 'payback-growing')).toMatchObject({ month: falling.recommendation.payback?.breakEvenMonth });
    const saving = await decide(grows('0%', '9000/month'));
    expect(stepOf(saving, 'payback').cost).toBeCloseTo(saving.recommendation.savingsOverToday ?? Number.NaN, 6);
    expect(idsOf(saving)).not.toContain('payback-growing');
  });

  test('today is the advice: nothing moves', async () => {
    const decision = await decideShape('stays');
    expect(decision.playbook[0]?.id).toBe('stay');
    expect(new Set(decision.playbook.map(({ phase }) => phase))).toEqual(
      new Set(['decide', 'measure', 'optimize', 'monitor', 'exit']),
    );
  });

  test('a volume that is not there yet is waited for, month by month', async () => {
    const scenario = {
      workload: { volume: 100, growth: '10% per month', horizon: '12 months', profile: 'flat' },
      tasks: [{ type: 'faq-chat', tokens: { input: 500, output: 500 } }],
      team: { free: '1 FTE' },
      preferences: { only: ['self-hosted-cloud'] },
      today: { option: 'cloud-api/openai/gpt-4', bill: '140/month' },
    };
    const decision = await decide(scenario, { tables });
    const later = stepOf(decision, 'crossover-later');
    const [volume, month] = [later.volume as number, later.month as number];
    expect(100 * 1.1 ** (month - 1)).toBeGreaterThanOrEqual(volume);
    expect(100 * 1.1 ** (month - 2)).toBeLessThan(volume);
    expect(later.trigger).toBe(`above ${String(volume).replace(/\B(?=(\d{3})+$)/g, ',')} requests/day, month ${month}`);
    // Without growth no day is known: the step says what it waits for.
    const still = await decide({ ...scenario, workload: { ...scenario.workload, growth: '0%' } }, { tables });
    const undated = stepOf(still, 'crossover-undated');
    expect(undated).toMatchObject({ date: null, when: undated.trigger, month: null });
  });

  test('a model that is switched off is replaced in time', async () => {
    const decision = await decide(
      {
        workload: { volume: 1000, horizon: '12 months' },
        tasks: [{ type: 'complex-reasoning', capability: { atLeast: 'gpt-5.1' } }],
        preferences: { only: ['openai'] },
        prices: { rates: [{ provider: 'openai', model: 'gpt-5.1', input: 0.001, output: 0.001 }] },
      },
      { tables },
    );
    expect(decision.recommendation.plan).toContain('gpt-5.1');
    // 2027-04-01 less 56 days
    expect(stepOf(decision, 'replace').date).toBe('2027-02-04');
    expect(stepOf(decision, 'retire').date).toBe('2027-04-01');
    // 11 of November, 31, 31, 28, 31 and the first
    expect(stepOf(decision, 'replace').figures.retireDays).toBe(10 + 31 + 31 + 28 + 31 + 1);
  });

  test('busy traffic asks for rate limits', async () => {
    // Machines are limited by nobody else.
    const only = 'preferences.only=[cloud-api, open-model-api]';
    const quiet = await decideCommitted('support-chatbot', { set: [only] });
    expect(idsOf(quiet)).not.toContain('rate-limit');
    const busy = await decideCommitted('support-chatbot', { set: [only, 'workload.volume=5M conversations/day'] });
    expect(stepOf(busy, 'rate-limit').volume).toBeGreaterThan(3000);
  });

  test('every option we run ourselves names its engine and what to mind', async () => {
    for (const shape of ['on-prem', 'hybrid', 'api-to-rented']) {
      const engine = stepOf(await decideShape(shape), 'engine');
      const named = tables.engines.find((one) => engine.do.includes(` with ${one.engine}: `));
      expect(named?.caveat, shape).not.toBeNull();
      expect(engine.do).toContain(named?.caveat as string);
    }
  });

  test('branches are compared: of one task, or of several', async () => {
    expect(idsOf(await decideCommitted('two-providers'))).toContain('alike-same');
    expect(idsOf(await decideShape('hybrid'))).toContain('alike');
    const single = idsOf(await decideShape('api-only'));
    expect(single.filter((id) => id.startsWith('alike') || id === 'router')).toEqual([]);
  });

  test('what outlasts the horizon, and what hardware fetches, stand at its end', async () => {
    let resold = 0;
    for (const name of decidedInFull) {
      const { recommendation, playbook } = await decideCommitted(name);
      const { exitCost = 0, resaleValue = 0 } = recommendation.payback ?? {};
      const cost = (id: string) => playbook.find((step) => step.id === id)?.cost ?? 0;
      expect(cost('exit-commitment'), name).toBe(exitCost);
      expect(cost('exit-resale'), name).toBe(resaleValue);
      resold += resaleValue;
    }
    expect(resold).toBeGreaterThan(0);
  });

  test('regimes bring their reminders with them, and their sources', async () => {
    const { checklist } = await decideCommitted('clinic-notes');
    const asked = tables.regimes.filter(
      ({ regime, dataKind, effect, allowedPlacements }) =>
        regime === 'hipaa' &&
        ['phi', 'any'].includes(dataKind) &&
        effect === 'checklist' &&
        allowedPlacements.includes('cloud-api'),
    );
    for (const { requirement } of asked) {
      const item = checklist.find((one) => one.item === requirement);
      expect(item, requirement).toMatchObject({ because: 'hipaa for notes', source: expect.stringMatching(/./) });
    }
    expect(checklist.every(({ source }) => source !== '')).toBe(true);
  });

  test('nothing fits: the near misses in their order, then what to find out', async () => {
    const decision = await decideShape('infeasible');
    const changes = decision.playbook.filter(({ id }) => /^change-(number|word|other|unpriced)$/.test(id));
    expect(changes.map(({ cost }) => cost)).toEqual(decision.nearestMisses.map(({ monthlyCost }) => monthlyCost));
    expect(decision.playbook.every(({ phase }) => phase === 'change')).toBe(true);
    expect(decision.checklist).toEqual([]);
  });
});

test('a point decision has no way to it', async () => {
  const { readWritten } = await import('../support/scenario.js');
  const { assess } = await import('../../src/analyses/assess.js');
  const { shipped } = await import('../support/load.js');
  const { prose } = await shipped();
  const read = readWritten({ workload: { volume: 100 }, tasks: [{ type: 'faq-chat' }] }, tables);
  const decision = assess(read, tables, { asOf, prose, point: true, tool: { name: 'x', version: '0' } });
  expect([decision.playbook, decision.checklist]).toEqual([[], []]);
});

test('expressions of facts', () => {
  const facts: Record<string, boolean | number | string | null> = {
    yes: true,
    no: false,
    zero: 0,
    some: 2,
    none: null,
    word: 'x',
  };
  const so = (text: string) => holds(text, (name) => facts[name] ?? null);
  expect(
    ['', 'yes', 'some', 'word', '!no', '!zero & !none', 'no | yes', 'no & no | yes & some'].filter(so),
  ).toHaveLength(8);
  expect(['no', 'zero', 'none', '!yes', 'yes & no', 'no | none', 'yes & no | !word'].filter(so)).toEqual([]);
});

test('days of the calendar', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: -40_000, max: 40_000 }), (start, days) => {
      const day = (count: number) => new Date(count * 86_400_000).toISOString().slice(0, 10);
      fc.pre(start + days >= 0);
      expect(dayAfter(day(start), days)).toBe(day(start + days));
    }),
  );
});
