import { readdirSync, readFileSync } from 'node:fs';
import { isOfCore } from '../../src/decide/core-choice.js';
import type { Context } from '../../src/places/placement.js';
import { readScenario, withScenarioPrices } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { asOf, committed, committedCase } from './committed.js';
import { seededScenarios } from './generated-scenarios.js';
import { latestSnapshot, newestSnapshot, shipped } from './load.js';

/** A scenario that the core decides. */
export type CoreCase = { name: string; group: string; context: Context };

export const snapshots = [newestSnapshot, latestSnapshot];
const byCost = 'preferences.objective=cost';

/** The committed scenarios of one task; those that name what the snapshot does not know are left out. */
export async function committedCases(snapshot: string): Promise<CoreCase[]> {
  const cases: CoreCase[] = [];
  for (const name of committed) {
    const context = await committedCase(name, [byCost], snapshot).catch(() => null);
    if (context !== null && isOfCore(context)) cases.push({ name: `${name} ${snapshot}`, group: snapshot, context });
  }
  return cases;
}

/** A scenario as text by one of the snapshots; null where the core does not decide it. */
async function caseOfText(text: string, file: string, snapshot: string): Promise<Context | null> {
  const list = await shipped(snapshot);
  const { scenario } = readScenario(text, { file, tables: list.tables, set: [byCost], asOf });
  if (scenario === null) return null;
  const { tables } = withScenarioPrices(scenario, list.tables, list.prose);
  const context: Context = { workload: resolve(scenario, tables, asOf), tables };
  return isOfCore(context) ? context : null;
}

async function casesOf(texts: readonly { name: string; text: string }[], snapshot: string, group: string) {
  const cases: CoreCase[] = [];
  for (const { name, text } of texts) {
    const context = await caseOfText(text, name, snapshot);
    if (context !== null) cases.push({ name, group, context });
  }
  return cases;
}

type Batches = { batchScenarios(count: number): Iterable<object> };

/** Scenarios of one task as teams write them. */
export async function batchCases(count: number): Promise<CoreCase[]> {
  const batches = new URL('../../bench/batch-scenarios.mjs', import.meta.url).href;
  const { batchScenarios } = (await import(batches)) as Batches;
  const texts = Array.from(batchScenarios(count), (one, i) => ({ name: `batch ${i}`, text: JSON.stringify(one) }));
  return casesOf(texts, latestSnapshot, 'batch');
}

/** Odd scenarios that are accepted. */
export async function oddCases(): Promise<CoreCase[]> {
  const folder = new URL('../fixtures/fuzz/scenarios/', import.meta.url);
  const texts = readdirSync(folder)
    .filter((name) => name.startsWith('accepted.'))
    .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
  return casesOf(texts, newestSnapshot, 'odd');
}

/** One-task scenarios with any field, by their number. */
export async function generatedCases(count: number): Promise<CoreCase[]> {
  const known = [(await shipped(latestSnapshot)).tables, (await shipped(newestSnapshot)).tables];
  const options = { tasks: 1, cut: false, objectives: ['cost'] } as const;
  const texts = seededScenarios(count, 1, known, options).map((written, i) => ({
    name: `generated ${i}`,
    text: JSON.stringify({ version: 1, ...written }),
  }));
  return casesOf(texts, latestSnapshot, 'generated');
}

/** What changes a scenario of one task: another volume, prompt, need or rule. */
export const changes: readonly ((context: Context) => string[])[] = [
  ...[1 / 50, 1 / 5, 5, 50].map((times) => ({ workload }: Context) => [
    `workload.volume=${workload.requestsPerDay * times}`,
  ]),
  ...[1 / 4, 1 / 2, 2, 8].map((times) => ({ workload }: Context) => [
    `tasks[0].tokens.input=${Math.max(1, Math.round((workload.taskParts[0]?.tokens.input ?? 1) * times))}`,
  ]),
  ...['public', 'internal', 'pii', 'regulated'].map((sensitivity) => () => [`data.sensitivity=${sensitivity}`]),
  ...[30, 55].map((index) => () => [`tasks[0].capability.minIndex=${index}`]),
  ...[3, 36].map((months) => () => [`workload.horizon=${months} months`]),
];

/** Committed scenarios of one task with each of the changes that they take. */
export async function changedCases(snapshot: string): Promise<CoreCase[]> {
  const cases: CoreCase[] = [];
  for (const one of await committedCases(snapshot))
    for (const [number, change] of changes.entries()) {
      const name = one.name.split(' ')[0] as string;
      const set = change(one.context);
      const context = await committedCase(name, [byCost, ...set], snapshot).catch(() => null);
      if (context !== null && isOfCore(context))
        cases.push({ name: `${name} ${set.join(' ')}`, group: `change ${number}`, context });
    }
  return cases;
}
