import { taskNames } from '../../workload/set.js';
import type { Values } from '../arguments.js';

import { answer } from '../catalog-answer.js';
import { fileProblem, type Io, shownName } from '../io.js';
import { shippedDates } from '../read-tables.js';
import { readWorkload, type WorkloadOptions } from '../read-workload.js';
import { report } from '../report-problems.js';
import { tool } from '../tool.js';

type Options = WorkloadOptions & {
  option?: string;
  point?: true;
  seed?: string;
  format?: 'table' | 'json' | 'csv';
  output?: string;
  color: boolean;
  quiet?: true;
};

const maxBytes = 20 * 1024 * 1024;

/** `backtest <scenario> <actuals>`: what was predicted against what was paid, and why they differ. */
export async function runBacktest(
  io: Io,
  file: string | undefined,
  values: Values,
  actualsFile: string | undefined,
): Promise<void> {
  const options = values as unknown as Options;
  if (file === '-' && actualsFile === '-')
    return report(io, options, [fileProblem('usage', '', 'only one of the two files can be standard input')]);
  const { scenario, tables, prose, asOf, problems } = await readWorkload(io, file, options, false);
  const written = await io.readText(actualsFile ?? '-', maxBytes);
  if (written.problem) problems.push(written.problem);
  const name = shownName(actualsFile ?? '-');
  const { readActuals } = await import('../../analyses/backtest/read-actuals.js');
  // Without a scenario the rest of the file is checked all the same.
  const tasks = scenario === null ? null : taskNames(scenario.scenario.tasks);
  const { actuals, problems: found } =
    written.text === null ? { actuals: null, problems: [] } : readActuals(written.text, name, tasks, asOf);
  problems.push(...found);
  if (
    scenario === null ||
    tables === null ||
    actuals === null ||
    written.text === null ||
    problems.some(({ severity }) => severity === 'error')
  )
    return report(io, options, problems);
  const [{ backtest }, { drawnBands }] = await Promise.all([
    import('../../analyses/backtest/backtest.js'),
    import('../../analyses/backtest/backtest.js'),
  ]);
  const compared = backtest(scenario, tables, {
    asOf,
    plan: options.option ?? null,
    actuals,
    source: { file: name, text: written.text },
    snapshots: shippedDates(),
    ...(options.point !== true && { bandsOf: drawnBands(Number(options.seed ?? 0)) }),
    prose,
    tool,
  });
  if ('code' in compared) {
    const problem = fileProblem(compared.code, '', compared.message, compared.suggestion);
    return report(io, options, [...problems, problem], compared.code === 'nothing-fits' ? 3 : 2);
  }
  const warnings = compared.warnings.map(({ code, message }) => ({
    ...fileProblem(code, '', message),
    severity: 'warning' as const,
  }));
  // Who reads the JSON alone is told of the months too that are missing, or have not ended.
  const ofRows = found.map(({ code, message }) => ({ code, message, figures: {} }));
  const whole = { ...compared, warnings: [...ofRows, ...compared.warnings] };
  const { backtestCsv, backtestJson, backtestTable } = await import('../../report/backtest.js');
  const toFile = options.output !== undefined && options.output !== '-';
  const color = options.color && io.stdout.color && !toFile;
  const forms = {
    table: () => backtestTable(compared, { color }),
    json: () => backtestJson(whole),
    csv: () => backtestCsv(compared),
  };
  await answer(io, options, forms[options.format ?? 'table'](), [...problems, ...warnings]);
}
