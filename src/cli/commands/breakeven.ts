import type { Values } from '../arguments.js';
import { answer } from '../catalog-answer.js';
import { fileProblem, type Io } from '../io.js';
import { progressOn } from '../progress.js';
import { readWorkload, type WorkloadOptions } from '../read-workload.js';
import { report } from '../report-problems.js';
import { tool } from '../tool.js';

type Options = WorkloadOptions & {
  axis?: string;
  between?: string[];
  option?: string[];
  kinds?: string;
  detail?: true;
  format?: 'table' | 'json' | 'csv';
  output?: string;
  color: boolean;
  quiet?: true;
};

/** `breakeven <scenario>`: at which volume, or other value, the cheapest plan changes. */
export async function runBreakEven(io: Io, file: string | undefined, values: Values): Promise<void> {
  const options = values as unknown as Options;
  const { scenario, tables, prose, asOf, problems } = await readWorkload(io, file, options, false);
  if (scenario === null || tables === null || problems.some(({ severity }) => severity === 'error'))
    return report(io, options, problems);
  const { breakEven } = await import('../../analyses/break-even/answer.js');
  const { axis, between, option, kinds } = options;
  const progress = progressOn(io, options.quiet === true, (done) => `${done} volumes decided`);
  const found = breakEven(scenario, tables, {
    asOf,
    prose,
    tool,
    progress: progress.tick,
    ...(axis !== undefined && { axis }),
    ...(between !== undefined && { between }),
    ...(option !== undefined && { include: option }),
    ...(kinds !== undefined && { kinds: kinds.split(',').map((kind) => kind.trim()) }),
  });
  progress.end();
  if (typeof found === 'string')
    return answer(io, options, null, [...problems, fileProblem('breakeven', '', found, 'see breakeven --help')]);
  const forms = await import('../../report/breakeven.js');
  const print = { table: forms.breakEvenTable, json: forms.breakEvenJson, csv: forms.breakEvenCsv };
  await answer(io, options, print[options.format ?? 'table'](found, options.detail === true), problems);
}
