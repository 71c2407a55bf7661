import { expect, test } from 'vitest';
import { boundTo } from '../../src/places/placement.js';
import { holds } from '../../src/rules/claims.js';
import type { ProviderRow } from '../../src/tables/columns.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, tablesWith } from '../support/scenario.js';

const endpoint = {
  kind: 'cloud-api',
  provider: 'host',
  region: null,
  reach: 'anywhere',
  marketplace: false,
  api: {},
  family: null,
};

async function asked(data: object, { regions, agreements }: Pick<ProviderRow, 'regions' | 'agreements'>) {
  const tables = await shippedTables();
  const host = { provider: 'host', operatorCountry: 'cn', regions, agreements, certs: [], options: [] };
  const context = {
    ...(await caseOf({ workload: { volume: 1 }, tasks: [{ type: 'faq-chat' }], data })),
    tables: tablesWith(tables, { providerOf: new Map([['host', host as unknown as ProviderRow]]) }),
  };
  const [{ needs } = { needs: null }] = context.workload.taskParts;
  if (needs === null) throw new Error('no task');
  const option = endpoint as unknown as Parameters<typeof holds>[1];
  const bound = boundTo(option, needs, context);
  const of = (name: string) => holds(`region:${name}`, option, needs, context);
  return { bound: bound && [...bound].sort(), of, transfer: holds('agreement:transfer-tool', option, needs, context) };
}

test.each([
  ['no rule', {}, ['cn', 'eea'], ['dpa'], null],
  ['GDPR, endpoints in several regions, no clauses for certain', { regimes: ['gdpr'] }, ['cn', 'eea'], ['scc?'], 'eea'],
  ['GDPR and standard clauses, which are a tool for transfers', { regimes: ['gdpr'] }, ['cn', 'eea'], ['scc'], null],
  [
    'GDPR and clauses that nobody may sign',
    { regimes: ['gdpr'], agreements: { canSign: ['dpa'] } },
    ['cn', 'eea'],
    ['scc'],
    'eea',
  ],
  ['GDPR and clauses that are signed', { regimes: ['gdpr'], agreements: { signed: ['scc'] } }, ['cn', 'eea'], [], null],
  ['GDPR, in the EU and nowhere else', { regimes: ['gdpr'] }, ['eea'], [], null],
  [
    'data that must stay, whatever may be signed',
    { regimes: ['gdpr'], residency: ['eea'] },
    ['cn', 'eea'],
    ['scc'],
    'eea',
  ],
])('%s', async (_, data, regions, agreements, expected) => {
  const { bound } = await asked(data, { regions, agreements });
  if (expected === null) expect(bound).toBeNull();
  else expect(bound).toContain(expected);
});

test('an endpoint that nobody asked for is none, and one that is has to be chosen', async () => {
  const rows = { regions: ['cn', 'eea'], agreements: ['scc'] };
  expect((await asked({ regimes: ['gdpr'] }, rows)).of('eea').state).toBe('failed');
  expect((await asked({ regimes: ['gdpr'] }, rows)).transfer.state).toBe('condition');
  const bound = (await asked({ residency: ['eea'] }, rows)).of('eea');
  expect(bound.state).toBe('condition');
  expect(bound.todos()).toEqual(['use the endpoint of host in the EU']);
  expect((await asked({}, { regions: ['eea'], agreements: [] })).of('eea').state).toBe('passed');
});

test('personal data under GDPR cost an API that runs in China for all others as much as where they must stay in the EU', async () => {
  const include = ['turbo', 'flash', 'plus', 'max'].map((size) => `cloud-api/alibaba/qwen-${size}`);
  const costs = async (data: object) => {
    const { options } = await decide(
      {
        workload: { volume: '20k requests/day' },
        tasks: [{ name: 'letters', type: 'summarization' }],
        data: { sensitivity: 'pii', ...data },
      },
      { include },
    );
    return new Map(
      options.filter(({ id }) => include.includes(id)).map(({ id, monthlyCost }) => [id, monthlyCost] as const),
    );
  };
  const [free, byRule, byHand] = [
    await costs({}),
    await costs({ regimes: ['gdpr'] }),
    await costs({ regimes: ['gdpr'], residency: ['eea'] }),
  ];
  expect(byRule).toEqual(byHand);
  const priced = [...free].filter(([id, cost]) => cost !== null && byRule.get(id) != null);
  expect(priced.length).toBeGreaterThan(3);
  for (const [id, cost] of priced) expect((byRule.get(id) ?? 0) / (cost ?? 1), id).toBeGreaterThan(1.05);
});
