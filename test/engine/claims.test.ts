import { describe, expect, test } from 'vitest';
import { holds } from '../../src/decide/gates/claims.js';
import type { Option } from '../../src/placements/option.js';
import type { ProviderRow } from '../../src/tables/rows.js';
import { shippedTables } from '../load.js';
import { caseOf, tablesWith } from './scenario.js';

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
  asOf: '2026-08-21',
};
const option = { provider: 'host', region: null, reach: 'anywhere', marketplace: false } as Option;

async function truthOf(expression: string, data: object = {}) {
  const tables = await shippedTables();
  const known = tablesWith(tables, { providerOf: new Map([['host', host]]) });
  const { demand } = await caseOf({ workload: { volume: 1 }, tasks: [{ type: 'faq-chat' }], data });
  const [slice] = demand.slices;
  if (slice === undefined) throw new Error('no slice');
  return holds(expression, option, slice.needs, { demand, tables: known });
}

describe('expressions: & binds tighter than |', () => {
  test.each([
    ['', 'passed'],
    ['cert:yes', 'passed'],
    ['cert:maybe', 'condition'],
    ['cert:who', 'unknown'],
    ['cert:never', 'failed'],
    ['cert:yes & cert:yes', 'passed'],
    ['cert:yes & cert:maybe', 'condition'],
    ['cert:maybe & cert:who', 'unknown'],
    ['cert:who & cert:never', 'failed'],
    ['cert:never | cert:who', 'unknown'],
    ['cert:who | cert:maybe', 'condition'],
    ['cert:maybe | cert:yes', 'passed'],
    ['cert:never & cert:yes | cert:yes', 'passed'], // (never and yes) or yes; the other reading fails
    ['cert:yes | cert:yes & cert:never', 'passed'], // yes or (yes and never); the other reading fails
    ['(cert:yes | cert:yes) & cert:never', 'failed'],
    ['cert:never & (cert:yes | cert:yes)', 'failed'],
    ['(cert:never | cert:yes) & (cert:never | cert:maybe)', 'condition'],
    ['((cert:never | (cert:yes & cert:yes)))', 'passed'],
    ['cert:never | (cert:never & cert:yes) | cert:maybe', 'condition'],
    ['cert:yes&(cert:never|cert:maybe)', 'condition'], // spaces are not needed
  ])('%s: %s', async (expression, state) => {
    expect((await truthOf(expression)).state).toBe(state);
  });

  test('what must be done is said for every condition, and only for the way that is taken', async () => {
    expect((await truthOf('cert:maybe & option:audit')).todos).toHaveLength(2);
    expect((await truthOf('cert:yes | cert:maybe')).todos).toEqual([]);
    expect((await truthOf('cert:never & option:audit | cert:maybe')).todos).toEqual(['check that host has maybe']);
  });
});

describe('tokens', () => {
  test.each([
    ['option:zdr', 'passed'],
    ['option:audit', 'condition'],
    ['option:logs', 'failed'],
    ['operator:fr', 'passed'],
    ['operator:us', 'failed'],
    ['operator:eea', 'passed'], // France lies in the EEA
    ['region:uk', 'passed'],
    ['region:eu-adequate', 'passed'], // the UK is adequate
    ['region:us', 'unknown'],
    ['cert:fedramp-moderate', 'passed'], // High holds Moderate
    ['reach:anywhere', 'passed'],
    ['reach:own-account', 'failed'],
    ['org:dpia', 'unknown'],
    ['nonsense:x', 'unknown'],
  ])('%s: %s', async (token, state) => {
    expect((await truthOf(token)).state).toBe(state);
  });

  test('what the organization declares holds', async () => {
    expect((await truthOf('org:dpia', { declared: ['dpia'] })).state).toBe('passed');
  });
});

describe('agreements: offered baa?, dpa; no scc; nothing known of idta', () => {
  test.each([
    { token: 'baa', agreements: undefined, state: 'condition', why: 'nothing said, so it can be signed' },
    { token: 'baa', agreements: ['baa'], state: 'passed', why: 'signed' },
    { token: 'baa', agreements: ['baa:host'], state: 'passed', why: 'signed with this one' },
    { token: 'baa', agreements: ['baa:other'], state: 'failed', why: 'signed with another one only' },
    { token: 'baa', agreements: [], state: 'failed', why: 'none signed, none to sign' },
    { token: 'baa', agreements: { canSign: ['baa'] }, state: 'condition', why: 'can be signed' },
    { token: 'baa', agreements: { canSign: ['baa:host'] }, state: 'condition', why: 'can be signed with this one' },
    { token: 'baa', agreements: { canSign: ['dpa'] }, state: 'failed', why: 'another one can be' },
    { token: 'scc', agreements: undefined, state: 'failed', why: 'known not to be offered' },
    { token: 'scc', agreements: { canSign: ['scc'] }, state: 'failed', why: 'willing, but not offered' },
    { token: 'idta', agreements: undefined, state: 'unknown', why: 'nobody knows' },
    { token: 'idta', agreements: { canSign: ['idta'] }, state: 'unknown', why: 'willing, but nobody knows' },
  ])('$token with $agreements: $state ($why)', async ({ token, agreements, state }) => {
    const data = agreements === undefined ? {} : { agreements };
    expect((await truthOf(`agreement:${token}`, data)).state).toBe(state);
  });
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
