import type { Io } from '../io.js';
import { answer } from '../catalog-answer.js';
import { readWorkload, type WorkloadOptions } from '../read-workload.js';
import { report } from '../report-problems.js';
import { tool } from '../tool.js';
import type { Values } from '../arguments.js';

type Options = WorkloadOptions & {
  answer?: string[];
  format?: 'table' | 'json';
  output?: string;
  color: boolean;
  quiet?: true;
};

/** `guides <scenario>`: published rules of thumb beside the decision. */
export async function runGuides(io: Io, file: string | undefined, values: Values): Promise<void> {
  const options = values as unknown as Options;
  const { scenario, tables, prose, asOf, problems } = await readWorkload(io, file, options, false);
  const { readAnswers } = await import('../../analyses/guides/answer.js');
  const read = tables && readAnswers(options.answer ?? [], tables.guides);
  problems.push(...(read?.problems ?? []));
  if (scenario === null || tables === null || read === null || problems.some(({ severity }) => severity === 'error'))
    return report(io, options, problems);
  const [{ assess }, { guidesAnswer }] = await Promise.all([
    import('../../analyses/assess.js'),
    import('../../analyses/guides/answer.js'),
  ]);
  // Neither what would flip the advice nor draws are held against a guide.
  const decision = assess(scenario, tables, { asOf, prose, tool, flips: 'none', draws: 'none' });
  const found = guidesAnswer(scenario, tables, decision, { prose, answers: read.answers });
  const { guidesJson, guidesTable } = await import('../../report/guides.js');
  const toFile = options.output !== undefined && options.output !== '-';
  const view = { color: options.color && io.stdout.color && !toFile, width: (toFile ? null : io.stdout.columns) ?? 80 };
  if (decision.recommendation.status === 'infeasible') io.setExitCode(3);
  await answer(io, options, options.format === 'json' ? guidesJson(found) : guidesTable(found, view), problems);
}
