import { explain } from '../../decide/explain.js';
import { explainJson, explainTable } from '../../report/explain.js';
import type { Values } from '../arguments.js';

import { answer } from '../catalog-answer.js';
import { fileProblem, type Io } from '../io.js';
import { readWorkload, type WorkloadOptions } from '../read-workload.js';
import { report } from '../report-problems.js';
import { tool } from '../tool.js';

type Options = WorkloadOptions & {
  format?: string;
  output?: string;
  depth?: string;
  option?: string;
  color: boolean;
  quiet?: true;
};

/** What an argument is when it stands alone: a figure, and the plan is the recommended one. */
const figure =
  /^(?:(?:monthly|firstMonth|peakMonth|upfront)Cost|costPer(?:Request|MillionTokens)|fteNeeded|cashExtra|capability|ttftP95Ms|tokensPerSecond|replicas|utilization|(?:tokens|compute|people|storage|network|power|capital|other)\.[\w-]+)$/i;

/** `explain <scenario> [option|plan] [figure]`: where a figure comes from, down to rows and assumptions. */
export async function runExplain(
  io: Io,
  file: string | undefined,
  values: Values,
  first: string | undefined,
  second: string | undefined,
): Promise<void> {
  const options = values as unknown as Options;
  const { scenario, tables, prose, asOf, problems } = await readWorkload(io, file, options, true);
  if (scenario === null || tables === null || problems.some(({ severity }) => severity === 'error'))
    return report(io, options, problems);
  const { option } = options;
  if (option !== undefined && second !== undefined) {
    const twice = fileProblem('usage', '', '--option and an argument both name a plan', 'leave one of them out');
    return report(io, options, [...problems, twice]);
  }
  const alone = second === undefined && first !== undefined && figure.test(first);
  const [plan, asked] = option !== undefined ? [option, first] : alone ? [undefined, first] : [first, second];
  const found = explain(scenario, tables, {
    asOf,
    plan: plan ?? null,
    figure: asked ?? null,
    prose,
    tool,
  });
  if ('code' in found) {
    const problem = fileProblem(found.code, '', found.message, found.suggestion);
    return report(io, options, [...problems, problem], found.code === 'nothing-fits' ? 3 : 2);
  }
  const toFile = options.output !== undefined && options.output !== '-';
  const text =
    options.format === 'json'
      ? explainJson(found)
      : explainTable(found, {
          color: options.color && io.stdout.color && !toFile,
          width: (toFile ? null : io.stdout.columns) ?? 80,
          depth: options.depth === undefined ? null : Number(options.depth),
        });
  await answer(io, options, text, problems);
}
