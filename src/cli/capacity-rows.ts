import { readMeasurementsCsv } from '../calibration/measurements/csv.js';
import { predictRow } from '../calibration/predict.js';
import type { PredictedRow } from '../report/capacity-ranking.js';
import type { Problem } from '../units/problem.js';
import { maxMeasurementBytes, type PredictorOptions, predictorOf } from './capacity-predictor.js';
import { fileProblem } from './file-problem.js';
import type { Io } from './io.js';
import { type AnswerOptions, answer } from './pricing-answer.js';
import { readTables, readWholeCatalog } from './read-tables.js';
import { report } from './report-problems.js';
import { shownName } from './shown-name.js';

type Options = AnswerOptions & PredictorOptions & { from: string; pricing?: string };

/** Problems of rows that are said on stderr; each is in its row as well. */
const maxSaid = 100;

/**
 * `capacity --from rows.csv`: every row as it was with what is predicted from its inputs. A row about which the tables know
 * too little gets the reason in `error`; the others are written, and the exit code is 2.
 */
export async function runCapacityRows(io: Io, options: Options): Promise<void> {
  const [read, whole, text] = await Promise.all([
    readTables(io, options.pricing),
    readWholeCatalog(io, options.pricing),
    io.readText(options.from, maxMeasurementBytes),
  ]);
  const problems = [...read.problems, ...(text.problem === null ? [] : [text.problem])];
  if (read.tables === null || whole.tables === null || text.problem !== null)
    return answer(io, options, null, problems);
  const { predictor, problems: own } = await predictorOf(io, read.tables, whole.tables, options);
  const file = shownName(options.from);
  const { header, rows, problems: unread } = readMeasurementsCsv(text.text, file);
  problems.push(...own, ...unread);
  if (problems.some(({ severity }) => severity === 'error')) return answer(io, options, null, problems);
  const predicted = rows.map(({ cells, line, measurement, problems: faults }): PredictedRow => {
    const prediction = measurement === null ? faultText(faults) : predictRow(measurement, predictor);
    return { cells: header.map((_, at) => cells[at] ?? ''), line, prediction };
  });
  const { predictedCsv, predictedJson } = await import('../report/capacity-ranking.js');
  const about = { snapshot: read.tables.snapshot.date };
  const shown = options.format === 'json' ? predictedJson(header, predicted, about) : predictedCsv(header, predicted);
  // The rows that could be predicted are written whatever is wrong with others.
  await answer(io, options, shown, problems);
  const said = rows.flatMap(({ line, measurement, problems: faults }, at): Problem[] => {
    const prediction = predicted[at]?.prediction;
    if (measurement === null || typeof prediction !== 'string') return faults;
    return [...faults, { ...fileProblem('not-predicted', file, prediction), line }];
  });
  const { color = true, quiet = false } = options;
  // On stderr in any format: the rows on stdout hold the reasons too.
  if (said.some(({ severity }) => severity === 'error')) io.setExitCode(2);
  await report(io, { color, quiet }, said.slice(0, maxSaid));
  if (said.length > maxSaid && !quiet) io.err(`${said.length - maxSaid} more rows like these: see their error\n`);
}

const faultText = (faults: readonly Problem[]): string => faults.map(({ message }) => message).join('; ');
