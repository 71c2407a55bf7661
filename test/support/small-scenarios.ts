import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { AssessOptions } from '../../src/analyses/assess.js';
import type { Context } from '../../src/places/placement.js';
import { loadTables } from '../../src/tables/load.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import type { ReadScenario } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { fewDecisions, fewRows } from './few-rows.js';
import { newestSnapshot, shippedFiles } from './load.js';
import { asOf, readWritten, type Written } from './scenario.js';

/** A scenario, and what is asked of its decision. */
type Small = { asked: Partial<AssessOptions>; written: Written };
const file = new URL('../fixtures/small-scenarios.yaml', import.meta.url);
const scenarios: Record<string, Small> = parse(readFileSync(file, 'utf8'));
export const smallNames: readonly string[] = Object.keys(scenarios);

const loaded = new Map<string, { tables: Tables; prose: Prose }>();
function tablesOf(snapshot: string): { tables: Tables; prose: Prose } {
  const known = loaded.get(snapshot);
  if (known !== undefined) return known;
  const { tables, prose } = loadTables(shippedFiles(snapshot));
  if (tables === null || prose === null) throw new Error(`${snapshot} does not load`);
  loaded.set(snapshot, { tables, prose });
  return { tables, prose };
}

/** A small scenario as read, on a few rows of the tables. */
export async function smallCase(
  name: string,
  snapshot: string = newestSnapshot,
): Promise<{
  read: ReadScenario;
  context: Context;
  tables: Tables;
  prose: Prose;
  asked: Partial<AssessOptions>;
}> {
  const { tables: all, prose } = tablesOf(snapshot);
  const tables = fewRows(all);
  const small = scenarios[name];
  if (small === undefined) throw new Error(`no small scenario ${name}`);
  const { asked, written } = small;
  const assumptions = { ...fewDecisions, ...(written.assumptions as object) };
  const read = readWritten({ name, ...written, assumptions }, tables);
  return { read, context: { workload: resolve(read, tables, asOf), tables }, tables, prose, asked };
}

/** Where the golden file of an answer on it is. */
export const smallGolden = (name: string): string => `../golden/small/${name.replaceAll(/[ ,]+/g, '-')}.txt`;
