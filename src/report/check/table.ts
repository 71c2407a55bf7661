import type { CheckedScenario, CheckReport } from '../../analyses/check/report.js';
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
} from '../compare/words.js';
import { emptyLine, type Line, paragraph, paragraphs, printed } from '../lines.js';
import { plainTree } from '../plain-text.js';
import { columns, wrap } from '../wrap.js';
import { headline } from './headline.js';

/** Prices that a line each is given. */
const most = 5;

/** What failed and what changed, for people; nothing at all where there is nothing of either. */
export function checkTable(report: CheckReport, { color, width }: { color: boolean; width: number }): string {
  const plain = plainTree(report);
  const told = plain.results.flatMap((result) => resultLines(result, width));
  if (told.length === 0) return '';
  return printed(
    [...told, ...paragraph('', headline(plain), width).map((line) => ({ ...line, tag: '', text: line.text }))],
    color,
  );
}

function resultLines(result: CheckedScenario, width: number): Line[] {
  const { file, status, verdicts, change, decision } = result;
  const failed = verdicts.filter(({ state }) => state === 'failed' || state === 'unknown');
  const quiet = change === null || isQuiet(change);
  if (status === 'passed' && quiet) return [];
  const word = { passed: 'changed', failed: 'failed', infeasible: 'nothing fits', error: 'cannot be read' }[status];
  return [
    ...headLines(file, word, status === 'passed' ? 'plain' : 'bad', width),
    ...failed.flatMap(({ rule, message, line, column, file: where }) =>
      paragraph('', `${rule}: ${message}${line === null ? '' : ` (${where}:${line}:${column})`}`, width),
    ),
    ...(status === 'infeasible' && decision !== null
      ? paragraph('', 'nothing satisfies the hard rules: assess shows what comes closest', width)
      : []),
    ...(change === null || quiet ? [] : changeLines(result, change, width)),
    emptyLine,
  ];
}

/** The file and what came of it; the latter on a line of its own where both have no room. */
function headLines(file: string, word: string, tone: Line['tone'], width: number): Line[] {
  if (columns(file) + 2 + columns(word) <= width) return [{ tag: file, text: `  ${word}`, tone }];
  return [...wrap(file, width).map((tag): Line => ({ tag, text: '', tone })), { tag: '', text: `  ${word}`, tone }];
}

function changeLines(
  { baseline, approved }: CheckedScenario,
  change: NonNullable<CheckedScenario['change']>,
  width: number,
): Line[] {
  const { inputs, prices, plans, advice } = change;
  const before = plans.find(({ plan }) => plan === advice.planBefore);
  const after = plans.find(({ plan }) => plan === advice.planAfter);
  const same = advice.planBefore === advice.planAfter ? ` ${changeText(after?.percent ?? null)}` : '';
  const user = inputs.filter(({ originBefore, originAfter }) => originBefore === 'user' || originAfter === 'user');
  const rows = movedRows(prices);
  const shown = rows.slice(0, most);
  return [
    ...paragraph('WAS', `${baseline}: ${adviceText(change)}${approved ? ', as expect says' : ''}`, width),
    ...paragraphs(
      'INPUT',
      [
        ...(change.inputsKnown ? [] : [inputsUnknown]),
        ...user.map((one) => `${one.path}: ${one.before ?? 'not given'} -> ${one.after ?? 'not given'}`),
      ],
      width,
      2,
    ),
    ...paragraphs(
      'PRICE',
      [
        ...(change.pricesKnown ? [] : [pricesUnknown]),
        ...shown.map(({ table, row, text }) => `${table} ${row}: ${text}`),
        ...(rows.length > most ? [`and ${rows.length - most} more: compare shows them`] : []),
      ],
      width,
      2,
    ),
    ...(before === undefined && after === undefined
      ? []
      : paragraph(
          'COST',
          `${costText(before?.before.monthlyCost ?? null)} -> ${costText(after?.after.monthlyCost ?? null)} a month${same}`,
          width,
        )),
    ...(advice.change === 'flip' && advice.proof !== null
      ? paragraphs('WHY', [...causeTexts(change), `(${proofText[advice.proof]})`], width, 2)
      : []),
  ];
}
