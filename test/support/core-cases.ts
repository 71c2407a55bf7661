import { isOneTask } from '../../src/decide/core-choice.js';
import type { Context } from '../../src/places/placement.js';
import { readScenario, withScenarioPrices } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { asOf, committed, committedCase } from './committed.js';
import { seededScenarios } from './generated-scenarios.js';
import { latestSnapshot, newestSnapshot, shipped } from './load.js';

/** A scenario that the core decides. */
export type CoreCase = { name: string; group: string; context: Context };

const byCost = 'preferences.objective=cost';

/** The committed scenarios of one task; those that name what the snapshot does not know are left out. */
export async function committedCases(snapshot: string): Promise<CoreCase[]> {
  const cases: CoreCase[] = [];
  for (const name of committed) {
    const context = await committedCase(name, [byCost], snapshot).catch(() => null);
    if (context !== null && isOneTask(context)) cases.push({ name: `${name} ${snapshot}`, group: snapshot, context });
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
  return isOneTask(context) ? context : null;
}

async function casesOf(texts: readonly { name: string; text: string }[], snapshot: string, group: string) {
  const cases: CoreCase[] = [];
  for (const { name, text } of texts) {
    const context = await caseOfText(text, name, snapshot);
    if (context !== null) cases.push({ name, group, context });
  }
  return cases;
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
