import { jsonText } from '../../report/json.js';
import { coverageOf, readManifest } from '../../tables/load.js';
import { daysBetween } from '../../units/month.js';
import type { Problem } from '../../units/problem.js';
import type { Values } from '../arguments.js';
import { type AnswerOptions, answer } from '../catalog-answer.js';
import { type Io, packagePath } from '../io.js';
import { shippedDates } from '../read-tables.js';

/** `pricing list`: the shipped snapshots, how old they are, what they hold. Their manifests say so; no table is read. */
export async function runPricingList(io: Io, _: string | undefined, values: Values): Promise<void> {
  const options: AnswerOptions = values;
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
  const toFile = options.output !== undefined && options.output !== '-';
  const width = (toFile ? null : io.stdout.columns) ?? 80;
  const { pricingListTable } = await import('../../report/pricing-show.js');
  const isJson = options.format === 'json';
  const text = isJson
    ? jsonText({ schemaVersion: '1.0.0', asOf, snapshots })
    : pricingListTable(asOf, snapshots, width);
  await answer(io, options, text, problems);
}
