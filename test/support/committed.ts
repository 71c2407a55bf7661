import { readdirSync, readFileSync } from 'node:fs';
import type { Subject } from '../../src/analyses/flips/inputs.js';
import type { Context } from '../../src/places/placement.js';
import { type ReadScenario, readScenario, withScenarioPrices } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { newestSnapshot, shipped } from './load.js';

const folder = new URL('../../scenarios/', import.meta.url);
export const asOf = '2026-11-20';

/** The committed scenarios by name. */
export const committed = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''));

/** Reads a committed scenario, changed as by `--set`. */
export async function readCommitted(
  name: string,
  set: readonly string[] = [],
  snapshot = newestSnapshot,
): Promise<ReadScenario> {
  const { tables } = await shipped(snapshot);
  const text = readFileSync(new URL(`${name}.yaml`, folder), 'utf8');
  const { scenario, problems } = readScenario(text, { file: `scenarios/${name}.yaml`, tables, set: [...set], asOf });
  if (scenario === null) throw new Error(`${name}: ${problems.map(({ message }) => message).join('; ')}`);
  return scenario;
}

/** A committed scenario resolved against the shipped tables and its own prices. */
export async function committedCase(
  name: string,
  set: readonly string[] = [],
  snapshot = newestSnapshot,
): Promise<Context> {
  const list = await shipped(snapshot);
  const read = await readCommitted(name, set, snapshot);
  const { tables } = withScenarioPrices(read, list.tables, list.prose);
  return { workload: resolve(read, tables, asOf), tables };
}

/** A committed scenario as analyses that change it take it. */
export async function committedSubject(
  name: string,
  set: readonly string[] = [],
  snapshot = newestSnapshot,
): Promise<Subject> {
  const list = await shipped(snapshot);
  const read = await readCommitted(name, set, snapshot);
  const { tables } = withScenarioPrices(read, list.tables, list.prose);
  const context = { workload: resolve(read, tables, asOf), tables };
  return { read, list: list.tables, prose: list.prose, context };
}

/** The deployment types that a committed scenario expects, as it writes them: its kind of answer, to sample by. */
export function kindsExpected(name: string): string {
  const text = readFileSync(new URL(`${name}.yaml`, folder), 'utf8');
  return /^expect: *{ *kinds: *\[(.*?)\]/m.exec(text)?.[1] ?? '';
}
