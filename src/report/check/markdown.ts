import type { CheckedScenario, CheckReport } from '../../decide/check/report.js';
import type { Step } from '../../decide/compare/comparison.js';
import {
  adviceText,
  causeText,
  changeText,
  costText,
  isQuiet,
  kindsText,
  movedRows,
  proofText,
  roleText,
  toldPlans,
} from '../compare/words.js';
import { code, list, table, text } from '../markdown-text.js';
import { headline } from './headline.js';

/** By this a workflow finds the comment it wrote before. */
export const marker = '<!-- deploy-advisor -->';
/** Rows of a table in the details; comments have an end. */
const most = 20;

const states = { passed: 'ok', failed: '**failed**', infeasible: '**nothing fits**', error: '**cannot be read**' };

/** The check as a comment on a pull request: a line for each scenario, what is behind it folded away. */
export function markdown(report: CheckReport): string {
  const { results, tool } = report;
  const decided = results.flatMap(({ decision }) => decision ?? []);
  const dates = [...new Set(decided.map(({ tables }) => `prices of ${tables.snapshot} as of ${tables.asOf}`))];
  return [
    marker,
    `### deploy-advisor: ${headline(report)}`,
    '',
    ...table(
      ['', 'scenario', 'advised', 'a month', ...(report.baseline === null ? [] : [`against ${text(report.baseline)}`])],
      results.map((result) => summaryRow(result, report.baseline !== null)),
      [3],
    ),
    '',
    ...results.flatMap(detailLines),
    `<sub>${[...dates, `${tool.name} ${tool.version}`].map(text).join(', ')}</sub>`,
    '',
  ].join('\n');
}

function summaryRow({ status, file, decision, change }: CheckedScenario, compared: boolean): string[] {
  const advised = decision?.recommendation;
  return [
    states[status],
    code(file),
    advised === undefined ? '' : kindsText(advised.kinds),
    costText(advised?.monthlyCost ?? null),
    ...(compared ? [change === null ? 'new' : changeCell(change)] : []),
  ];
}

function changeCell(change: Step): string {
  if (isQuiet(change)) return 'no change';
  const cost = change.plans.length === 0 ? '' : advisedChange(change);
  return (
    [cost, change.advice.change === 'same' ? '' : change.advice.change].filter((part) => part !== '').join(', ') ||
    'inputs moved'
  );
}

/** What the advised plans of both sides cost, one against the other. */
function advisedChange({ plans, advice }: Step): string {
  const before = plans.find(({ plan }) => plan === advice.planBefore)?.before.monthlyCost ?? null;
  const after = plans.find(({ plan }) => plan === advice.planAfter)?.after.monthlyCost ?? null;
  return before === after ? '' : `${costText(before)} -> ${costText(after)}`;
}

function detailLines(result: CheckedScenario): string[] {
  const { file, verdicts, problems, change, approved } = result;
  const failed = verdicts.filter(({ state }) => state === 'failed' || state === 'unknown');
  const quiet = change === null || isQuiet(change);
  if (failed.length + problems.length === 0 && quiet) return [];
  const title = change === null || quiet ? states[result.status].replaceAll('*', '') : adviceText(change);
  return [
    `<details><summary>${code(file)}: ${text(title)}${approved ? ' (as <code>expect</code> says)' : ''}</summary>`,
    '',
    ...list([
      ...failed.map(
        ({ rule, message, line }) => `${code(rule)}${line === null ? '' : ` (line ${line})`}: ${text(message)}`,
      ),
      ...problems.map(
        ({ severity, code: id, line, message }) =>
          `${severity} ${code(id)}${line === null ? '' : ` (line ${line})`}: ${text(message)}`,
      ),
    ]),
    ...(change === null || quiet ? [] : stepParts(change)),
    '</details>',
    '',
  ];
}

/** What moved, what it costs, what explains another advice. */
export function stepParts({ inputs, prices, plans, advice }: Step): string[] {
  return [
    ...block(
      'Inputs',
      ['input', 'before', 'after'],
      inputs.map(({ path, before, after }) => [code(path), value(before), value(after)]),
    ),
    ...block(
      'Prices',
      ['table', 'row', 'moved'],
      movedRows(prices).map((one) => [one.table, code(one.row), text(one.text)]),
    ),
    ...block(
      'Cost a month',
      ['plan', 'as', 'before', 'after', 'change'],
      toldPlans(plans).map((plan) => [
        text(plan.label),
        roleText(plan),
        costText(plan.before.monthlyCost),
        costText(plan.after.monthlyCost),
        changeText(plan.percent),
      ]),
      [2, 3, 4],
    ),
    ...(advice.change === 'flip'
      ? [
          `**Advice** ${text(adviceText({ from: '', to: '', inputs, prices, plans, advice }))}`,
          '',
          ...list(advice.explainedBy.map((cause) => `because ${text(causeText(cause))}`)),
          ...(advice.proof === null
            ? ['nothing was found that explains it', '']
            : [`<sub>${proofText[advice.proof]}</sub>`, '']),
        ]
      : []),
  ];
}

function block(
  title: string,
  head: readonly string[],
  rows: readonly string[][],
  numbers: readonly number[] = [],
): string[] {
  if (rows.length === 0) return [];
  const rest = rows.length - most;
  return [
    `**${title}**`,
    '',
    ...table(head, rows.slice(0, most), numbers),
    ...(rest > 0 ? ['', `and ${rest} more`] : []),
    '',
  ];
}

const value = (given: string | null): string => (given === null ? 'not given' : code(given));
