import type { CheckedScenario, CheckReport } from '../../analyses/check/report.js';
import type { Comparison } from '../../analyses/compare/comparison.js';
import { jsonLine, jsonText } from '../json-text.js';

/** A result as it is published: problems in two lists, as errors and warnings. */
const resultDocument = ({ problems, title: _, head: __, ...result }: CheckedScenario) => ({
  ...result,
  errors: problems.filter(({ severity }) => severity === 'error').map(problemJson),
  warnings: problems.filter(({ severity }) => severity === 'warning').map(problemJson),
});

const problemJson = ({ code, file, line, column, path, message, suggestion }: CheckedScenario['problems'][number]) => ({
  code,
  file,
  line,
  column,
  path,
  message,
  suggestion,
});

/** The whole check; it can serve as a baseline. */
export const checkDocument = ({ results, refused: _, ...report }: CheckReport) => ({
  ...report,
  results: results.map(resultDocument),
});

export const checkJson = (report: CheckReport): string => jsonText(checkDocument(report));

/** One line for each scenario. */
export const checkJsonl = ({ results, schemaVersion, tool }: CheckReport): string =>
  results.map((result) => jsonLine({ schemaVersion, tool, ...resultDocument(result) })).join('');

/** A comparison with what came of the rules. */
export function comparisonDocument(comparison: Comparison, report: CheckReport) {
  const { failOn, exitCode } = report;
  return { ...comparison, failOn, verdicts: verdictsIn(report, comparison), exitCode };
}

export const comparisonJson = (comparison: Comparison, report: CheckReport): string =>
  jsonText(comparisonDocument(comparison, report));

/** One line for each side, then one for each step, then what came of the rules. */
export function comparisonJsonl(comparison: Comparison, report: CheckReport): string {
  const { schemaVersion, tool, sides, steps } = comparison;
  const { failOn, exitCode } = report;
  return [
    ...sides.map((side) => ({ schemaVersion, tool, side })),
    ...steps.map((step) => ({ schemaVersion, tool, step })),
    { schemaVersion, tool, failOn, verdicts: verdictsIn(report, comparison), exitCode },
  ]
    .map(jsonLine)
    .join('');
}

/** Where there is no step to it, it is the last side, which cannot be read. */
const verdictsIn = ({ results }: CheckReport, { sides }: Comparison) =>
  results.flatMap(({ verdicts, change }) =>
    verdicts.map((verdict) => ({ to: change?.to ?? sides.at(-1)?.name ?? '', ...verdict })),
  );
