import { describe, expect, test } from 'vitest';
import type { Option } from '../../src/places/option.js';
import { holds } from '../../src/rules/claims.js';
import type { ProviderRow } from '../../src/tables/columns.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith } from '../support/scenario.js';

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
const option = { provider: 'host', region: null, reach: 'anywhere', marketplace: false } as Option;

async function truthOf(expression: string, data: object = {}, asked: Option = option) {
  const tables = await shippedTables();
  const known = tablesWith(tables, { providerOf: new Map([['host', host]]) });
  const { workload } = await caseOf({ workload: { volume: 1 }, tasks: [{ type: 'faq-chat' }], data });
  const [taskPart] = workload.taskParts;
  if (taskPart === undefined) throw new Error('no slice');
  return holds(expression, asked, taskPart.needs, { workload, tables: known });
}

describe('expressions: & binds tighter than |', () => {
  test.each([
    ['', 'passed'],
    ['cert:yes', 'passed'],
    ['cert:maybe', 'condition'],
    ['cert:hds', 'unknown'],
    ['cert:never', 'failed'],
    ['cert:yes & cert:yes', 'passed'],
    ['cert:yes & cert:maybe', 'condition'],
    ['cert:maybe & cert:hds', 'unknown'],
    ['cert:hds & cert:never', 'failed'],
    ['cert:never | cert:hds', 'unknown'],
    ['cert:hds | cert:maybe', 'condition'],
    ['cert:maybe | cert:yes', 'passed'],
    ['cert:never & cert:yes | cert:yes', 'passed'], // (never and yes) or yes; the other reading fails
    ['cert:yes | cert:yes & cert:never', 'passed'], // yes or (yes and never); the other reading fails
    ['(cert:yes | cert:yes) & cert:never', 'failed'],
    ['cert:never & (cert:yes | cert:yes)', 'failed'],
    ['(cert:never | cert:yes) & (cert:never | cert:maybe)', 'condition'],
    ['((cert:never | (cert:yes & cert:yes)))', 'passed'],
    ['cert:never | (cert:never & cert:yes) | cert:maybe', 'condition'],
    ['cert:yes&(cert:never|cert:maybe)', 'condition'], // spaces are not needed
    ['cert:zebra', 'condition'], // nobody is known to have it, or not to
    ['cert:zebra & cert:never', 'failed'],
  ])('%s: %s', async (expression, state) => {
    expect((await truthOf(expression)).state).toBe(state);
  });

  test('what must be done is said for every condition, and only for the way that is taken', async () => {
    expect((await truthOf('cert:maybe & option:audit')).todos()).toHaveLength(2);
    for (const open of ['cert:maybe', 'agreement:baa', 'agreement:dpa', 'region:uk'])
      expect((await truthOf(open)).missing(), open).toBe('');
    expect((await truthOf('cert:yes | cert:maybe')).todos()).toEqual([]);
    expect((await truthOf('cert:yes & cert:zebra')).todos()).toEqual(['ask host for zebra']);
    expect((await truthOf('cert:never & option:audit | cert:maybe')).todos()).toEqual(['check that host has maybe']);
  });
});

describe('what the organization could grant so that it holds', () => {
  const none = { agreements: { canSign: [] } };
  test.each<[string, string[] | null]>([
    ['org:dpia', ['org:dpia']],
    ['agreement:baa & org:dpia', ['agreement:baa', 'org:dpia']],
    ['cert:yes & org:dpia', ['org:dpia']],
    ['org:dpia & cert:maybe', ['org:dpia']],
    ['cert:yes & cert:maybe', []],
    // Nobody can grant that a provider has what it has not, or that somebody knows.
    ['cert:never & org:dpia', null],
    ['org:dpia & cert:hds', null],
    ['cert:never', null],
    ['agreement:idta', null],
    ['org:dpia | cert:never', ['org:dpia']],
    ['cert:never | org:dpia', ['org:dpia']],
    ['org:dpia | agreement:baa', ['org:dpia']],
    ['(org:dpia | cert:never) & agreement:baa', ['org:dpia', 'agreement:baa']],
  ])('%s: %j', async (expression, grants) => {
    expect((await truthOf(expression, none)).grants).toEqual(grants);
  });

  test('what is missing of several is told of each, and only of what is missing', async () => {
    const missing = async (expression: string) => (await truthOf(expression)).missing();
    const [never, dpia] = [await missing('cert:never'), await missing('org:dpia')];
    expect(never).toBe('host does not offer never');
    expect(dpia).toMatch(/^blocked until dpia stands under data.declared \(.+\)$/);
    expect(await missing('cert:never & org:dpia')).toBe(`${never} and ${dpia}`);
    expect(await missing('cert:yes & org:dpia')).toBe(dpia);
    expect(await missing('cert:never & cert:maybe')).toBe(never);
    expect(await missing('cert:hds')).toBe('ask host about HDS certification');
    expect(await missing('region:us')).toBe('ask host whether it processes in the US');
    expect(await missing('operator:us')).toBe('operated from fr');
    expect(await missing('reach:own-account')).toBe('reaches anywhere');
    expect(await missing('nonsense:x')).toBe('nonsense:x is not understood');
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
    ['certs', 'unknown'], // no claim at all
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

describe('machines of one’s own', () => {
  const own = { ...option, provider: 'own', purchase: 'bought', region: 'eu', reach: 'own-premises' } as Option;
  const colocation = { ...own, purchase: 'owned', reach: 'own-account' } as Option;

  test.each([
    { token: 'region:eu', on: own, state: 'passed', why: 'it stands there' },
    { token: 'operator:eu', on: own, state: 'passed', why: 'and its owner runs it there' },
    { token: 'region:us', on: own, state: 'failed', missing: 'own machines stand in eu', why: 'it stands elsewhere' },
    { token: 'operator:us', on: colocation, state: 'failed', missing: 'own machines stand in eu', why: 'elsewhere' },
    { token: 'agreement:baa', on: own, state: 'passed', why: 'there is nobody to sign with' },
    { token: 'option:no-training', on: own, state: 'passed', why: 'there is nobody to train on it' },
    { token: 'option:audit', on: colocation, state: 'unknown', why: 'as of any other option' },
    { token: 'org:dpia', on: own, state: 'unknown', why: 'that is for the organization to say' },
    { token: 'reach:own-account', on: own, state: 'passed', missing: '', why: 'it reaches less' },
  ])('$token: $state, as $why', async ({ token, on, state, missing }) => {
    const found = await truthOf(token, {}, on);
    expect(found.state).toBe(state);
    if (missing !== undefined) expect(found.missing()).toBe(missing);
  });

  test.each([
    { agreements: undefined, state: 'condition', why: 'nothing said, so it can be signed' },
    { agreements: ['baa'], state: 'passed', why: 'signed' },
    { agreements: ['baa:own'], state: 'passed', why: 'signed with whoever runs it' },
    { agreements: [], state: 'failed', why: 'none signed, none to sign' },
    { agreements: { canSign: ['baa'] }, state: 'condition', why: 'can be signed' },
    { agreements: { canSign: ['dpa'] }, state: 'failed', why: 'another one can be' },
  ])('an agreement in a colocation with $agreements: $state ($why)', async ({ agreements, state }) => {
    const { tables } = await caseOf({ workload: { volume: 1 }, tasks: [{ type: 'faq-chat' }] });
    const name = tables.claimOf.get('agreement:baa')?.name;
    const found = await truthOf('agreement:baa', agreements === undefined ? {} : { agreements }, colocation);
    expect(found.state).toBe(state);
    expect(found.todos()).toEqual(state === 'condition' ? [`sign ${name} with whoever runs the colocation`] : []);
    expect(found.missing()).toBe(state === 'failed' ? `${name} is neither signed nor signable` : '');
    if (state === 'failed') expect(found.grants).toEqual(['agreement:baa']);
  });

  test('a certificate has to cover them; a colocation has to have it too', async () => {
    const { tables } = await caseOf({ workload: { volume: 1 }, tasks: [{ type: 'faq-chat' }] });
    const name = tables.claimOf.get('cert:iso27001')?.name ?? 'iso27001';
    const todos = async (on: Option) => (await truthOf('cert:iso27001', {}, on)).todos();
    expect(await todos(own)).toEqual([`have ${name} cover your own machines`]);
    expect(await todos(colocation)).toEqual([
      `check that the colocation has ${name}, and have it cover your own machines`,
    ]);
    expect((await truthOf('cert:iso27001', {}, own)).state).toBe('condition');
  });

  test('nothing holds of rented ones for being rented', async () => {
    const rented = { ...own, provider: 'host', purchase: 'on-demand', region: null } as Option;
    expect((await truthOf('region:eu', {}, rented)).state).toBe('unknown');
    expect((await truthOf('cert:never', {}, rented)).state).toBe('failed');
  });
});

test('devices of users: nobody else sees the data, but what the organization has to say it has to say', async () => {
  const device = { ...option, provider: 'devices', reach: 'device' } as Option;
  for (const token of ['agreement:baa', 'region:us', 'operator:us', 'cert:soc2-type2', 'option:zdr'])
    expect((await truthOf(token, {}, device)).state, token).toBe('passed');
  expect((await truthOf('org:dpia', {}, device)).state).toBe('unknown');
});

test('a provider that the tables do not know has nothing known of it', async () => {
  const nobody = { ...option, provider: 'nobody' } as Option;
  for (const token of ['agreement:dpa', 'region:us', 'operator:us', 'cert:soc2-type2', 'option:zdr'])
    expect((await truthOf(token, {}, nobody)).state, token).toBe('unknown');
  expect((await truthOf('operator:us', {}, nobody)).missing()).toBe('operator of nobody unknown');
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
