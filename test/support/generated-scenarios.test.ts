import fc from 'fast-check';
import { expect, test } from 'vitest';
import { variantsOf } from '../../src/decide/cuts.js';
import { memoized } from '../../src/units/memo.js';
import { scenarioShape } from '../../src/workload/issues.js';
import { readScenario, withScenarioPrices } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { type GeneratedOptions, generatedScenarios, seededScenarios } from './generated-scenarios.js';
import { latestSnapshot, newestSnapshot, shipped } from './load.js';
import { long } from './sample.js';
import { asOf, type Written } from './scenario.js';
import { schemaLeaves, writtenLeaves } from './schema-leaves.js';

const known = [await shipped(latestSnapshot), await shipped(newestSnapshot)];
const tables = known.map((one) => one.tables);
const leaves = schemaLeaves(scenarioShape());

/** Not of the scenario itself: whoever reads it writes the version. */
const byReader = ['version'];
/** Fields by which a task may be served in parts, or that put a second one beside it. */
const cutting = /^(?:tasks\[\]\.(?:easy|sensitive|tuned)|development)\b/;

const ways: [string, GeneratedOptions, (path: string) => boolean][] = [
  ['one task', { tasks: 1 }, () => true],
  ['several tasks', {}, () => true],
  ['one task that is not cut up', { tasks: 1, cut: false }, (path) => !cutting.test(path)],
];

test('the leaves of the schema are its fields', () => {
  expect(leaves.size).toBeGreaterThan(200);
  expect(leaves.get('preferences.objective')).toEqual(['advice', 'cost']);
  expect(leaves.get('team.onCall')).toEqual(['true', 'false']);
  for (const path of ['workload.profile', 'workload.profile[]', 'workload.profile.peakToMean', 'assumptions.*'])
    expect(leaves.has(path)).toBe(true);
});

const drawn = memoized((options: GeneratedOptions) => seededScenarios(300, 0, tables, options));
/** So many of them are read and resolved. */
const some = long ? 300 : 100;

test.each(ways)('of %s, 300 scenarios reach every field and every word of its own', (_, options, isMeant) => {
  const found = writtenLeaves(drawn(options), leaves);
  const asked = [...leaves].filter(([path]) => isMeant(path) && !byReader.includes(path));
  expect(asked.map(([path]) => path).filter((path) => !found.has(path))).toEqual([]);
  const unmet = asked.flatMap(([path, words]) =>
    words.filter((word) => !found.get(path)?.has(word)).map((word) => `${path}: ${word}`),
  );
  expect(unmet).toEqual([]);
  expect([...found.keys()].filter((path) => !leaves.has(path) || !isMeant(path))).toEqual([]);
});

/** What is wrong with a scenario by each of the tables. */
const problemsOf = (written: Written): string[] =>
  known.flatMap(({ tables, prose }) => {
    const text = JSON.stringify({ version: 1, ...written });
    const { scenario, problems } = readScenario(text, { file: 'test.json', tables, asOf });
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (scenario === null) return errors.map(({ path, message }) => `${path}: ${message}`);
    const { requestsPerDay } = resolve(scenario, withScenarioPrices(scenario, tables, prose).tables, asOf);
    return requestsPerDay > 0 ? [] : [`no requests: ${text}`];
  });

test.each(ways)('every scenario of %s is read and resolved by both tables', (_, options) =>
  expect(drawn(options).slice(0, some).flatMap(problemsOf)).toEqual([]),
);

test('so is whatever a property draws', () => {
  fc.assert(
    fc.property(generatedScenarios(tables), (written) => {
      expect(problemsOf(written)).toEqual([]);
    }),
  );
});

test('one task that is not cut up is one part in one way', () => {
  const { tables: latest, prose } = known[0] as (typeof known)[0];
  const [, , [, options]] = ways as [unknown, unknown, (typeof ways)[number]];
  for (const written of drawn(options).slice(0, some)) {
    const text = JSON.stringify({ version: 1, ...written });
    const { scenario } = readScenario(text, { file: 'test.json', tables: latest, asOf });
    if (scenario === null) throw new Error(`not read: ${text}`);
    const priced = withScenarioPrices(scenario, latest, prose).tables;
    const variants = variantsOf({ tables: priced, workload: resolve(scenario, priced, asOf) });
    expect(variants.map(({ workload }) => workload.taskParts.length)).toEqual([1]);
  }
});

test('the same seed gives the same list, a longer one begins with it, another seed another one', () => {
  const [first] = tables as [(typeof tables)[0]];
  const some = seededScenarios(40, 7, first);
  expect(seededScenarios(50, 7, first).slice(0, 40)).toEqual(some);
  expect(seededScenarios(40, 8, first)).not.toEqual(some);
});
