import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Option } from '../../src/places/option.js';
import { holds } from '../../src/rules/claims.js';
import type { ProviderRow } from '../../src/tables/columns.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith } from '../support/scenario.js';
import { matcher } from '../support/sessions.js';

const host: ProviderRow = {
  row: 0,
  confidence: 'high',
  provider: 'host',
  kinds: ['cloud-api'],
  operatorCountry: 'fr',
  regions: ['uk'],
  certs: ['yes', 'maybe?', 'no:never', 'fedramp-high'],
  agreements: ['dpa', 'baa?', 'no:scc'],
  options: ['zdr', 'audit?', 'no:logs'],
  billedApart: null,
  asOf: '2026-08-21',
};
const hosted = { provider: 'host', region: null, reach: 'anywhere', marketplace: false };
const own = { ...hosted, provider: 'own', purchase: 'bought', region: 'eu', reach: 'own-premises' };
const options = {
  hosted,
  own,
  colocation: { ...own, purchase: 'owned', reach: 'own-account' },
  rented: { ...own, provider: 'host', purchase: 'on-demand', region: null },
  device: { ...hosted, provider: 'devices', reach: 'device' },
};

const texts = z.array(z.string());
const { claims } = casesIn('claims', {
  claims: {
    claim: z.string(),
    on: z.enum(Object.keys(options) as (keyof typeof options)[]).default('hosted'),
    agreements: z.unknown().optional(),
    state: z.enum(['passed', 'condition', 'unknown', 'failed']),
    todos: texts.optional(),
    missing: z.string().optional(),
    grants: texts.nullable().optional(),
  },
});

test.each(claims)('$claim on $on with $agreements: $state', async ({ claim, on, agreements, ...wanted }) => {
  const tables = tablesWith(await shippedTables(), { providerOf: new Map([['host', host]]) });
  const data = agreements === undefined ? {} : { agreements };
  const { workload } = await caseOf({ workload: { volume: 1 }, tasks: [{ type: 'faq-chat' }], data });
  const [taskPart] = workload.taskParts;
  if (taskPart === undefined) throw new Error('no task part');
  const { state, todos, missing, grants } = holds(claim, options[on] as Option, taskPart.needs, { workload, tables });
  expect({ state, todos: todos(), missing: missing(), grants }).toEqual(matcher(wanted));
});

test('every expression of the shipped table can be read: brackets match, all tokens are of a known kind', async () => {
  const kinds = /^(agreement|org|region|operator|reach|cert|option):[a-z0-9-]+$/;
  let seen = 0;
  for (const { condition } of (await shippedTables()).regimes) {
    let depth = 0;
    for (const token of condition.match(/[()&|]|[^\s()&|]+/g) ?? []) {
      depth += token === '(' ? 1 : token === ')' ? -1 : 0;
      expect(depth, condition).toBeGreaterThanOrEqual(0);
      if (!'()&|'.includes(token)) expect(token, condition).toMatch(kinds);
      seen++;
    }
    expect(depth, condition).toBe(0);
  }
  expect(seen).toBeGreaterThan(20);
});
