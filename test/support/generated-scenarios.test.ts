import { expect, test } from 'vitest';
import { variantsOf } from '../../src/decide/splits/cuts.js';
import { scenarioShape } from '../../src/workload/json-schema.js';
import { readScenario, withScenarioPrices } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { type GeneratedOptions, seededScenarios } from './generated-scenarios.js';
import { latestSnapshot, newestSnapshot, shipped } from './load.js';
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
  expect(leaves.get('preferences.objective')).toEqual(['advice', 'cost', 'balanced', 'quality']);
  expect(leaves.get('team.onCall')).toEqual(['true', 'false']);
  for (const path of ['workload.profile', 'workload.profile[]', 'workload.profile.peakToMean', 'assumptions.*'])
    expect(leaves.has(path)).toBe(true);
});

test.each(ways)('of %s, 300 scenarios reach every field and every word of its own', (_, options, isMeant) => {
  const found = writtenLeaves(seededScenarios(300, 0, tables, options), leaves);
  const asked = [...leaves].filter(([path]) => isMeant(path) && !byReader.includes(path));
  expect(asked.map(([path]) => path).filter((path) => !found.has(path))).toEqual([]);
  const unmet = asked.flatMap(([path, words]) =>
    words.filter((word) => !found.get(path)?.has(word)).map((word) => `${path}: ${word}`),
  );
  expect(unmet).toEqual([]);
  expect([...found.keys()].filter((path) => !leaves.has(path) || !isMeant(path))).toEqual([]);
});

const readWith = (written: Written, index: number) =>
  readScenario(JSON.stringify({ version: 1, ...written }), { file: 'test.json', tables: tables[index]!, asOf });

test.each(ways)('every scenario of %s is read and resolved', (_, options) => {
  const wrong: string[] = [];
  for (const written of seededScenarios(300, 0, tables, options))
    for (const [index, { tables, prose }] of known.entries()) {
      const { scenario, problems } = readWith(written, index);
      const errors = problems.filter(({ severity }) => severity === 'error');
      wrong.push(...errors.map(({ path, message }) => `${path}: ${message}`));
      if (scenario === null) continue;
      const workload = resolve(scenario, withScenarioPrices(scenario, tables, prose).tables, asOf);
      if (!(workload.requestsPerDay > 0)) wrong.push(`no requests: ${JSON.stringify(written)}`);
    }
  expect(wrong).toEqual([]);
});

test('one task that is not cut up is one part in one way', () => {
  for (const written of seededScenarios(300, 0, tables, { tasks: 1, cut: false })) {
    const { scenario } = readWith(written, 0);
    const [first] = known;
    if (scenario === null || first === undefined) throw new Error('not read');
    const priced = withScenarioPrices(scenario, first.tables, first.prose).tables;
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
