import type { CheckedScenario, CheckReport } from '../analyses/check/report.js';
import {
  adviceText,
  causeTexts,
  changeText,
  costText,
  inputsUnknown,
  isQuiet,
  movedRows,
  pricesUnknown,
  proofText,
} from './comparison-words.js';
import { type CsvColumns, csvTable, nameCell } from './csv.js';
import { type Document, gap, outcome, paragraph, paragraphs } from './document.js';
import { headline } from './findings.js';
import { plainTree } from './plain-text.js';
import { renderText } from './text.js';

/** Prices that a line each is given. */
const most = 5;

/** What failed and what changed, for people; nothing at all where there is nothing of either. */
export function checkTable(report: CheckReport, { color, width }: { color: boolean; width: number }): string {
  const plain = plainTree(report);
  const told = plain.results.flatMap((result) => resultLines(result));
  if (told.length === 0) return '';
  return renderText([...told, paragraph('', headline(plain))], { color, width });
}

function resultLines(result: CheckedScenario): Document {
  const { file, status, verdicts, change, decision } = result;
  const failed = verdicts.filter(({ state }) => state === 'failed' || state === 'unknown');
  const quiet = change === null || isQuiet(change);
  if (status === 'passed' && quiet) return [];
  const word = { passed: 'changed', failed: 'failed', infeasible: 'nothing fits', error: 'cannot be read' }[status];
  return [
    outcome(file, word, status === 'passed' ? 'plain' : 'bad'),
    ...failed.flatMap(({ rule, message, line, column, file: where }) =>
      paragraph('', `${rule}: ${message}${line === null ? '' : ` (${where}:${line}:${column})`}`),
    ),
    ...(status === 'infeasible' && decision !== null
      ? [paragraph('', 'nothing satisfies the hard rules: assess shows what comes closest')]
      : []),
    ...(change === null || quiet ? [] : changeLines(result, change)),
    gap,
  ];
}

function changeLines(
  { baseline, approved }: CheckedScenario,
  change: NonNullable<CheckedScenario['change']>,
): Document {
  const { inputs, prices, plans, advice } = change;
  const before = plans.find(({ plan }) => plan === advice.planBefore);
  const after = plans.find(({ plan }) => plan === advice.planAfter);
  const same = advice.planBefore === advice.planAfter ? ` ${changeText(after?.percent ?? null)}` : '';
  const user = inputs.filter(({ originBefore, originAfter }) => originBefore === 'user' || originAfter === 'user');
  const rows = movedRows(prices);
  const shown = rows.slice(0, most);
  return [
    paragraph('WAS', `${baseline}: ${adviceText(change)}${approved ? ', as expect says' : ''}`),
    ...paragraphs(
      'INPUT',
      [
        ...(change.inputsKnown ? [] : [inputsUnknown]),
        ...user.map((one) => `${one.path}: ${one.before ?? 'not given'} -> ${one.after ?? 'not given'}`),
      ],
      { hang: 2 },
    ),
    ...paragraphs(
      'PRICE',
      [
        ...(change.pricesKnown ? [] : [pricesUnknown]),
        ...shown.map(({ table, row, text }) => `${table} ${row}: ${text}`),
        ...(rows.length > most ? [`and ${rows.length - most} more: compare shows them`] : []),
      ],
      { hang: 2 },
    ),
    ...(before === undefined && after === undefined
      ? []
      : [
          paragraph(
            'COST',
            `${costText(before?.before.monthlyCost ?? null)} -> ${costText(after?.after.monthlyCost ?? null)} a month${same}`,
          ),
        ]),
    ...(advice.change === 'flip' && advice.proof !== null
      ? paragraphs('WHY', [...causeTexts(change), `(${proofText[advice.proof]})`], { hang: 2 })
      : []),
  ];
}

const csvColumns: CsvColumns<CheckedScenario> = {
  file: ({ file }) => nameCell(file),
  scenario: ({ scenario }) => nameCell(scenario ?? ''),
  status: ({ status }) => status,
  snapshot: ({ decision }) => decision?.tables.snapshot ?? null,
  as_of: ({ decision }) => decision?.tables.asOf ?? null,
  plan: ({ decision }) => decision?.recommendation.plan ?? null,
  kinds: ({ decision }) => decision?.recommendation.kinds.join(';') ?? null,
  monthly_cost_usd: ({ decision }) => decision?.recommendation.monthlyCost ?? null,
  compared_with: ({ baseline }) => nameCell(baseline ?? ''),
  plan_before: ({ change }) => change?.advice.planBefore ?? null,
  monthly_cost_before_usd: ({ change }) =>
    change?.plans.find(({ plan }) => plan === change.advice.planBefore)?.before.monthlyCost ?? null,
  advice: ({ change }) => change?.advice.change ?? null,
  failed: ({ verdicts }) =>
    verdicts.flatMap(({ rule, state }) => (state === 'failed' || state === 'unknown' ? [rule] : [])).join(';'),
};

/** One row for each scenario checked, or for each step of a comparison. */
export const checkCsv = ({ results }: CheckReport): string => csvTable(csvColumns, results);
