import { jsonText } from '../../report/json.js';
import { coverageOf, readManifest } from '../../tables/load.js';
import { daysBetween } from '../../units/month.js';
import type { Problem } from '../../units/problem.js';
import { answer, viewOf } from '../answer.js';
import type { Given } from '../command-entry.js';
import { type Io, packagePath } from '../io.js';
import type { pricingListCommand } from '../pricing-commands.js';
import { shippedDates } from '../read-tables.js';

/** `pricing list`: the shipped snapshots, how old they are, what they hold. Their manifests say so; no table is read. */
export async function run(io: Io, options: Given<typeof pricingListCommand>): Promise<void> {
  const asOf = options.asOf ?? io.today();
  const problems: Problem[] = [];
  const snapshots = [];
  for (const date of shippedDates()) {
    const file = `pricing/${date}/snapshot.yaml`;
    const read = await io.readText(packagePath(file));
    if (read.text === null) problems.push(read.problem);
    else {
      const { manifest, problems: found } = readManifest(file, read.text);
      problems.push(...found);
      if (manifest) snapshots.push({ ...coverageOf(manifest), ageDays: daysBetween(manifest.date, asOf) });
    }
  }
  const { pricingListTable } = await import('../../report/pricing-show.js');
  const text =
    options.format === 'json'
      ? jsonText({ schemaVersion: '1.0.0', asOf, snapshots })
      : pricingListTable(asOf, snapshots, viewOf(io, options).width);
  await answer(io, options, text, problems);
}
