import type { Tables } from '../../tables/tables.js';
import { countWords, usdWords } from '../../units/numeric.js';
import type { Problem } from '../../units/problem.js';
import { actualsCsv } from '../../usage/load.js';
import { billOf, sharesOf, todaysOption } from '../../usage/scenario.js';
import { usdOf } from '../../usage/tasks.js';
import type { Given } from '../command-entry.js';
import { answer, report } from '../command-entry.js';
import { type Imported, readUsage } from '../import-usage.js';
import { fileProblem, type Io, usageProblem, visibleJson, visibleText } from '../io.js';
import type { importCommand } from '../own-commands.js';
import { tool } from '../problems.js';
import { readPriced } from '../read-workload.js';
import { sparingWhatIsRead, writeAll } from '../write-files.js';

const schemaVersion = '1.0.0';

/**
 * `import <file...>`: writes a scenario from usage exports. No content of calls is kept; skipped records are counted by
 * reason. With an error nothing is written.
 */
export async function run(machine: Io, options: Given<typeof importCommand>): Promise<void> {
  const { actuals, output = '-', format = 'yaml' } = options;
  const io = sparingWhatIsRead(machine, actuals ?? null);
  const problems: Problem[] = [];
  const wrong = (message: string) => problems.push(usageProblem(message));
  if (actuals !== undefined && actuals === options.output) wrong('-o and --actuals name the same file');
  if (actuals === '-') wrong('--actuals: name a file; standard output has the scenario');
  const { tables, asOf, problems: unpriced } = await readPriced(io, options, false);
  const read = await readUsage(io, options, { tables, asOf }, [...problems, ...unpriced]);
  const { imported } = read;
  problems.splice(0, problems.length, ...read.problems);
  if (imported === null || tables === null) return report(io, options, problems);

  const { usage, window, tasks, text } = imported;
  const forms = {
    yaml: () => text,
    json: () => `${visibleJson(figures(imported, tables))}\n`,
    table: () => table(imported),
  };
  const result = forms[format]();
  if (actuals === undefined) return answer(io, options, result, problems);
  const months = actualsCsv(usage, window, tasks);
  if (months === null)
    problems.push(
      fileProblem('no-whole-month', '', 'no calendar month is whole in these files', 'leave out --actuals'),
    );
  else {
    const files = [{ path: actuals, text: months }, ...(output === '-' ? [] : [{ path: output, text: result }])];
    const unwritten = writeAll(io, files);
    problems.push(...unwritten);
    if (unwritten.length === 0 && output === '-') io.out(result);
  }
  return report(io, options, problems);
}

/** What was found, as a program reads it. */
function figures({ usage, window, tasks, files, text }: Imported, tables: Tables): object {
  const shares = sharesOf(tasks);
  return {
    schemaVersion,
    tool,
    files,
    days: window.days,
    records: usage.rows,
    leftOut: usage.leftOut,
    requestsPerDay: tasks.reduce((sum, { perDay }) => sum + perDay, 0),
    tasks: tasks.map(({ name, model, provider, batch, sums }, at) => ({
      ...{ name, provider, model, batch, share: shares[at], calls: sums.calls, failed: sums.failed },
      ...{ inputTokens: sums.input, cachedTokens: sums.cached, outputTokens: sums.output, usd: usdOf(sums) },
    })),
    today: { option: todaysOption(tasks, tables), bill: billOf(usage, window, tasks) },
    scenario: text,
  };
}

function table({ usage, window, tasks, files }: Imported): string {
  const rows = [
    ['task', 'model', 'calls/day', 'input', 'cached', 'output', 'USD/month'],
    ...tasks.map(({ name, model, perDay, sums }) => [
      visibleText(name),
      visibleText(model ?? '?'),
      countWords(perDay),
      countWords(sums.input / Math.max(1, sums.calls)),
      `${countWords((100 * sums.cached) / Math.max(1, sums.input))} %`,
      countWords(sums.output / Math.max(1, sums.calls)),
      usdWords((usdOf(sums) * 365) / 12 / window.days),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  const bill = billOf(usage, window, tasks);
  return [
    ...files.map(({ name, title, records }) => `${visibleText(name)}: ${title}, ${countWords(records)} records`),
    '',
    ...rows.map(line),
    '',
    bill === null ? 'No price is known.' : `Bill: ${usdWords(bill.usdPerMonth)} a month (${bill.from}).`,
    '',
  ].join('\n');
}
