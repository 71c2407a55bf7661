import { expect, test } from 'vitest';
import type { Option } from '../../src/places/option.js';
import { boundTo } from '../../src/places/placement.js';
import { unsignable } from '../../src/rules/data.js';
import type { ProviderRow } from '../../src/tables/columns.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith } from '../support/scenario.js';

const endpoint = {
  kind: 'cloud-api',
  provider: 'host',
  region: null,
  reach: 'anywhere',
  marketplace: false,
  api: {},
  family: null,
};

/** The regions that rules bind an endpoint to. */
async function boundBy(data: object, { regions, agreements }: Pick<ProviderRow, 'regions' | 'agreements'>) {
  const tables = await shippedTables();
  const host = { provider: 'host', operatorCountry: 'cn', regions, agreements, certs: [], options: [] };
  const context = {
    ...(await caseOf({ workload: { volume: 1 }, tasks: [{ type: 'faq-chat' }], data })),
    tables: tablesWith(tables, { providerOf: new Map([['host', host as unknown as ProviderRow]]) }),
  };
  const [{ needs } = { needs: null }] = context.workload.taskParts;
  if (needs === null) throw new Error('no task');
  const option = endpoint as unknown as Option;
  return boundTo(option, needs, context);
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
  const bound = await boundBy(data, { regions, agreements });
  if (expected === null) expect(bound).toBeNull();
  else expect([...(bound ?? [])]).toContain(expected);
});

test('agreements that regimes ask for in any case are missing where others are listed, and nobody is asked where none is', async () => {
  const missing = async (agreements?: string[]) => {
    const context = await caseOf({
      workload: { volume: 500 },
      tasks: [{ type: 'faq-chat' }],
      data: {
        sensitivity: 'regulated',
        kinds: ['personal', 'financial-eu'],
        regimes: ['gdpr', 'dora'],
        ...(agreements && { agreements }),
      },
    });
    const [taskPart] = context.workload.taskParts;
    return taskPart && unsignable(taskPart, context);
  };
  // GDPR Art. 28 asks for a DPA, DORA Art. 30 for a contract of its own; a transfer tool is one of several ways.
  expect(await missing(['dpa'])).toEqual(['dora']);
  expect(await missing(['dpa', 'dora'])).toEqual([]);
  expect(await missing(['scc'])).toEqual(['dpa', 'dora']);
  expect(await missing()).toEqual([]);
});
