import type { Detail } from '../../report/view.js';
import type { Io } from '../io.js';
import { progressOn } from '../progress.js';
import { readWorkload } from '../read-workload.js';
import { report } from '../report-problems.js';
import { tool } from '../tool.js';
import type { Values } from '../values.js';

/** One module for each format, so that only the one asked for is loaded. */
const formats = {
  table: async () => (await import('../../report/formats/table.js')).table,
  json: async () => (await import('../../report/formats/json.js')).json,
};
type Options = {
  format?: keyof typeof formats;
  output?: string;
  pricing?: string;
  priceBook?: string;
  set?: string[];
  asOf?: string;
  option?: string[];
  detail?: Detail;
  point?: true;
  seed?: string;
  levers?: true;
  color: boolean;
  quiet?: true;
};

/** `assess <scenario>`: reads, decides, prints. */
export async function runAssess(io: Io, file: string | undefined, values: Values): Promise<void> {
  const options = values as unknown as Options;
  const { scenario, tables, prose, asOf, problems } = await readWorkload(io, file, options, showsSources(options));
  if (scenario === null || tables === null || problems.some(({ severity }) => severity === 'error'))
    return report(io, options, problems);

  const { assess } = await import('../../decide/assess.js');
  const progress = progressOn(io, options.quiet === true, (done) => `${done} levers worked out`);
  const flipping = progressOn(io, options.quiet === true, (done) => `${done} decisions on other values made`);
  const drawing = progressOn(io, options.quiet === true, (done) => `${done} draws decided`);
  const decision = assess(scenario, tables, {
    asOf,
    point: options.point ?? false,
    levers: options.levers ?? false,
    progress: progress.tick,
    flips: options.detail === 'full' ? 'all' : 'near',
    flipProgress: flipping.tick,
    drawProgress: drawing.tick,
    ...(options.seed !== undefined && { seed: Number(options.seed) }),
    include: options.option ?? [],
    prose,
    tool,
  });
  progress.end();
  flipping.end();
  drawing.end();

  const format = await formats[options.format ?? 'table']();
  const toFile = options.output !== undefined && options.output !== '-';
  const text = format(decision, {
    color: options.color && io.stdout.color && !toFile,
    width: (toFile ? null : io.stdout.columns) ?? 80,
    detail: options.detail ?? null,
  });
  const unwritten = toFile ? io.writeText(options.output ?? '-', text) : io.out(text);
  if (unwritten) problems.push(unwritten);
  if (decision.recommendation.status === 'infeasible') io.setExitCode(3);
  await report(io, options, problems);
}

/** Whether the sources of figures are printed; reading them takes a few milliseconds. */
const showsSources = ({ format, detail }: Options): boolean =>
  format === 'json' || detail === 'options' || detail === 'playbook' || detail === 'full';
