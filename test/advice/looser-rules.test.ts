import fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchByAdjustedCost, severalCase } from '../../src/decide/several-case.js';
import type { Tables } from '../../src/tables/tables.js';
import { cheapestIn } from '../support/cheapest.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

/** Who asks for less never pays more: every rule by itself, made looser. */

const tables = await shippedTables();

type Data = Record<string, unknown> & { residency: string[]; regimes: string[] };
type Rules = {
  data: Data;
  task: { latency: { ttftP95: string }; capability: { minIndex: number } };
  budget: number | null;
  volume: number;
};

const sensitivities = ['public', 'internal', 'pii', 'regulated'];
const boundaries = ['own-premises', 'own-account', 'under-contract'];

const anyRules: fc.Arbitrary<Rules> = fc.record({
  data: fc.record({
    sensitivity: fc.constantFrom(...sensitivities),
    residency: fc.constantFrom<string[][]>(['us'], ['eea'], ['fr'], ['uk'], ['us', 'eea']),
    regimes: fc.constantFrom<string[][]>([], ['gdpr'], ['hipaa'], ['gdpr', 'hipaa']),
    agreements: fc.constantFrom<string[][]>([], ['dpa'], ['baa']),
    declared: fc.constantFrom<string[][]>([], ['dpia', 'art9-ground']),
    ownRoom: fc.constantFrom('us', 'fr'),
    boundary: fc.constantFrom(undefined, undefined, ...boundaries),
  }),
  task: fc.record({
    latency: fc.record({ ttftP95: fc.constantFrom('600ms', '1.5s', '4s') }),
    capability: fc.record({ minIndex: fc.constantFrom(20, 45, 65, 80) }),
  }),
  budget: fc.constantFrom(null, 400, 5000),
  volume: fc.constantFrom(300, 9000, 400_000),
});

const written = ({ data, task, budget, volume }: Rules): Written => ({
  workload: { volume: `${volume} requests/day` },
  tasks: [{ name: 'faq', type: 'faq-chat', ...task }],
  data,
  ...(budget !== null && { budget: { monthly: budget } }),
});

/** Every way to ask for less of one thing. */
function looser(rules: Rules): [string, Rules][] {
  const { data, task, budget } = rules;
  const withData = (name: string, more: object): [string, Rules] => [
    name,
    { ...rules, data: { ...data, ...more } as Data },
  ];
  const level = sensitivities.indexOf(data.sensitivity as string);
  const { minIndex } = task.capability;
  return [
    withData('anywhere', { residency: [] }),
    withData('one region more', { residency: [...data.residency, 'ca'] }),
    // Regulated data of which no regime is known stay in one's own account: dropping the last regime loosens nothing.
    ...(data.sensitivity === 'regulated' && data.regimes.length === 1 ? [] : data.regimes).map((one) =>
      withData(`without ${one}`, { regimes: data.regimes.filter((other) => other !== one) }),
    ),
    ...(level > 0 ? [withData('less sensitive', { sensitivity: sensitivities[level - 1] })] : []),
    withData('more agreements', { agreements: { signed: data.agreements, canSign: ['dpa', 'baa'] } }),
    withData('more declared', { declared: ['dpia', 'art9-ground'] }),
    ...boundaries
      .slice(0, -1)
      .flatMap((boundary, at): [string, Rules][] =>
        data.boundary === boundary ? [withData('a wider boundary', { boundary: boundaries[at + 1] })] : [],
      ),
    ...(budget === null ? [] : ([['no budget', { ...rules, budget: null }]] as [string, Rules][])),
    ['later answers', { ...rules, task: { ...task, latency: { ttftP95: '20s' } } }],
    ['less quality', { ...rules, task: { ...task, capability: { minIndex: minIndex - 15 } } }],
  ];
}

/** Every model may be used for any purpose. */
function withFreeLicenses(list: Tables): Tables {
  const models = list.models.map((row) => ({ ...row, commercialUse: 'yes' as const }));
  return tablesWith(list, { models, modelOf: new Map(models.map((row) => [row.family, row])) });
}

test('with the cost as objective a looser rule never costs more', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyRules, async (rules) => {
      const usd = cheapestIn(await caseOf(written(rules), tables))?.monthlyUsd ?? Number.POSITIVE_INFINITY;
      for (const [name, loose] of looser(rules)) {
        const then = cheapestIn(await caseOf(written(loose), tables))?.monthlyUsd ?? Number.POSITIVE_INFINITY;
        expect(then, name).toBeLessThanOrEqual(usd * (1 + 1e-9));
      }
      const free = cheapestIn(await caseOf(written(rules), withFreeLicenses(tables)))?.monthlyUsd;
      expect(free ?? Number.POSITIVE_INFINITY, 'licenses').toBeLessThanOrEqual(usd * (1 + 1e-9));
    }),
    { numRuns: long ? 12 : 3 },
  );
});

test('the least adjusted cost at the same base never rises with a looser rule', { timeout: 300_000 }, async () => {
  const least = async (rules: Rules, baseUsd: number) =>
    searchByAdjustedCost(
      severalCase(await caseOf({ ...written(rules), preferences: { objective: 'advice' } }, tables)),
      {
        baseUsd,
      },
    ).best()?.usd ?? Number.POSITIVE_INFINITY;
  await fc.assert(
    fc.asyncProperty(anyRules, async (rules) => {
      const baseUsd = cheapestIn(await caseOf(written(rules), tables))?.monthlyUsd;
      if (baseUsd === undefined) return;
      const usd = await least(rules, baseUsd);
      for (const [name, loose] of looser(rules)) {
        // What a model has to be capable of is part of what its answers are worth.
        if (name === 'less quality' || name === 'later answers') continue;
        expect(await least(loose, baseUsd), name).toBeLessThanOrEqual(usd * (1 + 1e-9));
      }
    }),
    { numRuns: long ? 6 : 2 },
  );
});
