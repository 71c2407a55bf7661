import { capacityOn, rankHardware } from '../../cost/capacity-cost.js';
import { predictorOf } from '../capacity-predictor.js';
import { type CapacityOptions, readCapacityQuestion } from '../capacity-question.js';
import { fileProblem } from '../file-problem.js';
import type { Io } from '../io.js';
import { answer, priceDate } from '../pricing-answer.js';
import { readTables } from '../read-tables.js';
import type { Values } from '../values.js';

/** `capacity`: what a machine carries, or one of its other forms. */
export async function runCapacity(io: Io, _: string | undefined, values: Values): Promise<void> {
  // `--output` are tokens here, as `--input` are; a file is `-o`.
  const { to, output, ...rest } = values as unknown as CapacityOptions & { to?: string };
  const options = { ...rest, outputTokens: output, ...(to !== undefined && { output: to }) } as CapacityOptions;
  const forms = [options.from !== undefined, options.best === true, options.accuracy === true].filter(Boolean);
  if (forms.length > 1) {
    const message = '--from, --best and --accuracy are different questions';
    return answer(io, options, null, [fileProblem('usage', '', message, 'ask one of them')]);
  }
  if (options.accuracy === true) return accuracy(io, options);
  if (options.from !== undefined) {
    const { runCapacityRows } = await import('../capacity-rows.js');
    return runCapacityRows(io, { ...options, from: options.from });
  }
  return machine(io, options);
}

async function accuracy(io: Io, options: CapacityOptions): Promise<void> {
  const [{ shippedCalibration }, report] = await Promise.all([
    import('../read-published.js'),
    import('../../report/capacity-accuracy.js'),
  ]);
  const shown = shippedCalibration();
  const text =
    options.format === 'json' ? report.accuracyJson(shown) : report.accuracyTable(shown, options.detail ?? false);
  await answer(io, options, text, []);
}

async function machine(io: Io, options: CapacityOptions): Promise<void> {
  const { tables, problems } = await readTables(io, options.pricing);
  if (tables === null) return answer(io, options, null, problems);
  const { predictor, assume, problems: own } = await predictorOf(io, tables, tables, options);
  const { question, problems: unclear } = readCapacityQuestion(options, tables, assume);
  const all = [...problems, ...own, ...unclear];
  if (question === null) return answer(io, options, null, all);
  const report = await import('../../report/capacity.js');
  const prices = priceDate(tables, io, options);
  if (options.best === true) {
    const ranked = rankHardware(question, tables, predictor);
    const text = { table: report.rankedTable, json: report.rankedJson, csv: report.rankedCsv }[
      options.format ?? 'table'
    ];
    return answer(io, options, text?.({ prices, question, ranked }, options.detail ?? false) ?? null, all);
  }
  const found = capacityOn(question, tables, predictor);
  if (typeof found === 'string') return answer(io, options, null, [...all, fileProblem('not-predicted', '', found)]);
  const text = options.format === 'json' ? report.capacityJson : report.capacityTable;
  await answer(io, options, text({ prices, question, found }), [...all, ...found.warnings.map(warning)]);
}

const warning = (message: string) => ({ ...fileProblem('capacity', '', message), severity: 'warning' as const });
