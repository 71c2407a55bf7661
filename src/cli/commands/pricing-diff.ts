import { answer } from '../answer.js';
import type { Given } from '../command-entry.js';
import type { Io } from '../io.js';
import type { pricingDiffCommand } from '../pricing-commands.js';
import { readTables } from '../read-tables.js';

/** `pricing diff <from> <to>`: what moved between two snapshots, each the date of a shipped one or a folder. */
export async function run(io: Io, options: Given<typeof pricingDiffCommand>): Promise<void> {
  const { from, to, corrections } = options;
  const [before, after] = [
    await readTables(io, { pricing: from, corrections }),
    await readTables(io, { pricing: to, corrections }),
  ];
  const problems = [...before.problems, ...after.problems];
  if (before.tables === null || after.tables === null) return answer(io, options, null, problems);
  const [{ diffSnapshots }, { pricingDiffJson, pricingDiffTable }] = await Promise.all([
    import('../../tables/diff.js'),
    import('../../report/pricing-diff.js'),
  ]);
  const diff = diffSnapshots(before.tables, after.tables);
  const text = options.format === 'json' ? pricingDiffJson(diff) : pricingDiffTable(diff, options.detail ?? false);
  await answer(io, options, text, problems);
}
