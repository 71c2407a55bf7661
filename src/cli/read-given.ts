import { type ReadOptions, readScenario } from '../workload/read.js';
import { fileProblem } from './io.js';
import { isOwnResult } from './own-result.js';

/** Reads a scenario; of a result that is given in its place only that is told, as every key of it would be a mistake. */
export const readGiven = (text: string, options: ReadOptions): ReturnType<typeof readScenario> =>
  isOwnResult(text) ? { scenario: null, problems: [resultGiven(options.file)] } : readScenario(text, options);

const resultGiven = (file: string) =>
  fileProblem(
    'result-given',
    file,
    'this is a result, not a scenario',
    'name its scenario; results kept go to compare, or to check --baseline',
  );
