import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { wordInputs } from '../../src/analyses/flips/inputs.js';
import { table } from '../../src/report/assess.js';
import { ColumnCache } from '../../src/tables/tables.js';
import { readScenario } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { boundaries } from '../../src/workload/workload.js';
import { shippedTables } from '../support/load.js';
import { asOf, decide, readWritten, tablesWith, type Written } from '../support/scenario.js';

const tables = await shippedTables();

const faq = { name: 'faq', type: 'faq-chat' };
const of = (data: object, more: object = {}): Written => ({
  workload: { volume: '20k requests/day' },
  tasks: [faq],
  data,
  ...more,
});

describe('where nothing fits, no looser rule for data is proposed', () => {
  const cases: [string, Written][] = [
    [
      'a keyboard and no devices',
      of({ sensitivity: 'device-only' }, { tasks: [{ ...faq, type: 'text-autocomplete' }] }),
    ],
    ['own premises and no own machines', of({ boundary: 'own-premises' }, { preferences: { exclude: ['on-prem'] } })],
    ['own account and APIs only', of({ boundary: 'own-account' }, { preferences: { only: ['cloud-api'] } })],
    [
      'in the EU and a provider that is not there',
      of({ residency: ['eea'] }, { preferences: { only: ['anthropic'] } }),
    ],
    ['a provider that trains', of({ sensitivity: 'pii' }, { preferences: { only: ['deepseek'] } })],
    [
      'a regime that nobody meets',
      of({ sensitivity: 'regulated', regimes: ['itar'] }, { preferences: { only: ['openai'] } }),
    ],
  ];
  test.each(cases)('%s', async (_, written) => {
    const found = await decide(written, { tables });
    expect(found.recommendation.status).toBe('infeasible');
    expect(found.nearestMisses.length).toBeGreaterThan(0);
    const paths = found.nearestMisses.map(({ turnsAt }) => turnsAt?.path ?? '');
    expect(paths.filter((path) => /data\.(?!agreements|declared)/.test(path))).toEqual([]);
    const shown = table(found, { color: false, width: 200, detail: 'full' });
    expect(shown.match(/^TRY[\s\S]*?\n\n/m)?.[0] ?? '').not.toMatch(/data\.|widen|further|another region|another sens/);
    expect(shown).not.toMatch(/passes it with data\.(?!agreements|declared)/);
  });

  test('what is missing is named', async () => {
    const shown = table(await decide(cases[0]?.[1] as Written, { tables }), { color: false, width: 200, detail: null });
    expect(shown).toContain('devices.count and devices.classes');
  });
});

test('a flip of a rule for data is towards a stricter one', () => {
  const levels = ['public', 'internal', 'pii', 'regulated', 'device-only'];
  for (const [index, sensitivity] of levels.entries())
    for (const residency of [undefined, ['us'], ['us', 'eea']])
      for (const regimes of [undefined, ['hipaa']]) {
        const data = { sensitivity, ...(residency && { residency }), ...(regimes && { regimes }) };
        const read = readWritten(of(data), tables);
        const workload = resolve(read, tables, asOf);
        const inputs = wordInputs({ scenario: read.scenario, workload, tables, regions: 'narrower' } as Parameters<
          typeof wordInputs
        >[0]);
        const words = (path: string) => inputs.find((one) => one.path === path)?.words ?? [];
        expect(words('data.sensitivity').every((word) => levels.indexOf(word) > index)).toBe(true);
        const boundary = workload.taskParts[0]?.needs.boundary;
        const limits: readonly string[] = boundaries;
        expect(words('data.boundary').every((word) => limits.indexOf(word) <= limits.indexOf(boundary ?? ''))).toBe(
          true,
        );
        expect(words('data.residency')).not.toContain('[]');
        if (residency !== undefined)
          expect(words('data.residency').every((word) => residency.some((one) => word === `[${one}]`))).toBe(true);
        expect(words('data.regimes').every((word) => word.startsWith(`[${(regimes ?? []).join()}`))).toBe(true);
        expect(words('data.regimes').length).toBeGreaterThan(10);
      }
});

test.each([
  ['pci', 'write `sensitivity: regulated` with `regimes: [pci-dss]`'],
  ['hippa', 'write `sensitivity: regulated` with `regimes: [hipaa]`'],
  ['cardholder', 'write `sensitivity: regulated` with `kinds: [cardholder-data]`'],
  ['regulatd', 'did you mean `regulated`?'],
  [
    'secret',
    'say what they are: `pii` for data about people, `regulated` where a law decides, `internal` for all else within a company',
  ],
])('sensitivity: %s is not taken for a looser one', (sensitivity, hint) => {
  const text = JSON.stringify({ version: 1, ...of({ sensitivity }) });
  const { scenario, problems } = readScenario(text, { file: 'x.json', tables });
  expect(scenario).toBeNull();
  expect(problems.map(({ path, suggestion }) => [path, suggestion])).toEqual([['data.sensitivity', hint]]);
});

test.each(['phi', 'PHI'])('sensitivity: %s is regulated, and of that kind', (sensitivity) => {
  const text = JSON.stringify({ version: 1, ...of({ sensitivity }) });
  const { scenario } = readScenario(text, { file: 'x.json', tables });
  expect(scenario?.scenario.data).toEqual({ sensitivity: 'regulated', kinds: ['phi'] });
});

test('a boundary that is too wide for the data is narrowed, not the data made less sensitive', () => {
  const text = JSON.stringify({ version: 1, ...of({ sensitivity: 'pii', boundary: 'anywhere' }) });
  const { problems } = readScenario(text, { file: 'x.json', tables });
  expect(problems.map(({ suggestion }) => suggestion)).toEqual(['under-contract or stricter']);
});

test('where nothing fits, what would help is what is advised with it', async () => {
  const health = (declared: string[]): Written =>
    of({
      sensitivity: 'regulated',
      kinds: ['special-category'],
      regimes: ['gdpr'],
      residency: ['eea'],
      agreements: ['dpa'],
      declared,
    });
  const { recommendation, nearestMisses } = await decide(health([]), { tables, point: true });
  expect(recommendation.status).toBe('infeasible');
  const helps = nearestMisses.find(({ turnsAt }) => turnsAt?.path === 'data.declared');
  expect(helps?.turnsAt?.value).toBe('[art9-ground, dpia]');
  const then = await decide(health(['art9-ground', 'dpia']), { tables, point: true });
  expect(helps?.advised).toEqual({
    plan: then.recommendation.plan,
    label: then.recommendation.label,
    monthlyCost: then.recommendation.monthlyCost,
  });
  // Where something fits nobody asks.
  expect(then.nearestMisses.map(({ advised }) => advised).filter((one) => one !== null)).toEqual([]);
});

const inFrance = (data: object = {}): Written => ({
  workload: { volume: '6k requests/day', profile: 'business-hours', horizon: '36 months' },
  tasks: [
    {
      name: 'reports',
      type: 'summarization',
      tokens: { input: 2500, output: 600 },
      latency: { ttftP95: '5s' },
      capability: { minIndex: 30 },
    },
  ],
  data: {
    sensitivity: 'regulated',
    kinds: ['special-category'],
    regimes: ['gdpr'],
    residency: ['fr'],
    agreements: ['dpa'],
    declared: ['art9-ground', 'dpia'],
    ...data,
  },
});
/** Tables in which a provider has endpoints in some places. */
const placed = (provider: string, regions: string[]) => {
  const providers = tables.providers.map((one) => (one.provider === provider ? { ...one, regions } : one));
  const providerOf = new Map(providers.map((one) => [one.provider, one]));
  return tablesWith(tables, { providers, providerOf, columnCache: new ColumnCache() });
};

test('data that must stay in one country: a place in the country keeps rules that name what it lies in', async () => {
  const id = 'open-model-api/ovhcloud/gpt-oss-120b';
  const gatesOf = async (regions: string[]) => {
    const { asked } = await decide(inFrance(), { tables: placed('ovhcloud', regions), include: [id], point: true });
    return asked[0]?.failedGates.map(({ gate }) => gate) ?? [];
  };
  for (const regions of [['fr'], ['fr', 'us'], ['fr', 'eea']]) {
    expect(await gatesOf(regions)).not.toContain('regimes');
    expect(await gatesOf(regions)).not.toContain('residency');
  }
  expect(await gatesOf(['us'])).toContain('residency');
  // Nobody knows whether it is France, but all that is asked for lies in the EU.
  expect(await gatesOf(['eea', 'uk'])).toContain('residency');
  expect(await gatesOf(['eea', 'uk'])).not.toContain('regimes');
});

describe('laws, kinds and certificates that the tables lack', () => {
  const told = (data: object) =>
    readScenario(JSON.stringify({ version: 1, ...of({ sensitivity: 'regulated', ...data }) }), {
      file: 'x.json',
      tables,
    }).problems.map(({ severity, path, suggestion }) => [severity, path, suggestion]);

  test.each([
    [['gdpr', 'hds'], ['fr'], '- {name: hds, requires: "region:fr & cert:hds"}'],
    [['gdpr', 'Zebra 9'], ['fr', 'de'], '- {name: Zebra 9, requires: "(region:fr | region:de) & cert:zebra9"}'],
    [['gdpr', 'hds'], undefined, '- {name: hds, requires: "cert:hds"}'],
  ])('regimes %j within %j: a rule of one’s own, in lines that can be written', (regimes, residency, line) => {
    const [first] = told({ regimes, residency });
    expect(first?.slice(0, 2)).toEqual(['error', 'data.regimes.1']);
    expect(first?.[2]).toContain(`\`ownRegimes:\` and below it \`${line}\``);
    const ownRegimes = parse(`ownRegimes:\n  ${line}\n`).ownRegimes;
    expect(told({ regimes: ['gdpr'], ownRegimes }).filter(([severity]) => severity === 'error')).toEqual([]);
  });

  test('a name that is near is told first', () =>
    expect(told({ regimes: ['hippa'] })[0]?.[2]).toBe('did you mean `hipaa`?'));

  test.each([
    [['gdpr'], 'phi', 'write `special-category`, as gdpr calls such data'],
    [['hipaa'], 'special-category', 'write `phi`, as hipaa calls such data'],
    [['dora'], 'phi', 'regimes that have one: hipaa, hitrust'],
  ])('under %j the kind %s', (regimes, kind, hint) => {
    expect(told({ regimes, kinds: [kind] })).toContainEqual(['warning', 'data.kinds.0', hint]);
  });

  test('a certificate that no row names is a warning, and to be asked for; one that some have is as it was', async () => {
    const ownRegimes = (cert: string) => [{ name: 'X', requires: `cert:${cert}` }];
    expect(told({ ownRegimes: ownRegimes('zebra-9') })).toContainEqual(['warning', 'data.ownRegimes.0.requires', null]);
    expect(told({ ownRegimes: ownRegimes('hdss') })).toContainEqual([
      'warning',
      'data.ownRegimes.0.requires',
      'did you mean `cert:hds`?',
    ]);
    const { recommendation } = await decide({
      ...of({ sensitivity: 'internal', ownRegimes: ownRegimes('zebra-9') }),
      preferences: { only: ['cloud-api'] },
    });
    expect(recommendation.status).toBe('recommended');
    expect(JSON.stringify(recommendation)).toMatch(/ask \S.* for zebra-9/i);
  });
});
