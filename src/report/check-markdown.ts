import type { CheckedScenario, CheckReport } from '../analyses/check/report.js';
import type { Step } from '../analyses/compare/comparison.js';
import {
  adviceText,
  causeTexts,
  changeText,
  costText,
  inputsUnknown,
  isQuiet,
  kindsText,
  movedRows,
  pricesUnknown,
  proofText,
  roleText,
  toldPlans,
} from './comparison-words.js';
import { headline, placeText, problemText } from './findings.js';
import { code, markdownList as list, markdownTable as table, markdownText as text } from './markdown.js';
import { counted } from './numbers.js';

/** By this a workflow finds the comment it wrote before. */
export const marker = '<!-- deploy-advisor -->';
/** Rows of a table in the details, where not all are asked for. */
const usual = 20;
/** Characters of a comment: hosts refuse one of 65,536, and who posts it may put words around it. */
const mostCharacters = 60_000;

const states = { passed: 'ok', failed: '**failed**', infeasible: '**nothing fits**', error: '**cannot be read**' };

/**
 * The check as a comment on a pull request: a line for each scenario, what is behind it folded away.
 *
 * @param view `detail`: every row of what moved
 */
export function markdown(report: CheckReport, { detail }: { detail: boolean } = { detail: false }): string {
  const { results, tool } = report;
  const decided = results.flatMap(({ decision }) => decision ?? []);
  const dates = [...new Set(decided.map(({ tables }) => `prices of ${tables.snapshot} as of ${tables.asOf}`))];
  const [head, ...rows] = chunks(
    table(
      ['', 'scenario', 'advised', 'a month', ...(report.baseline === null ? [] : [`against ${text(report.baseline)}`])],
      results.map((result) => summaryRow(result, report.baseline)),
      [3],
    ),
  );
  const details = results.map((result) => detailLines(result, detail ? Number.POSITIVE_INFINITY : usual).join('\n'));
  // What failed comes before what changed, and rows before what is behind them.
  const byWeight = results.map((_, at) => at).sort((a, b) => weight(results[a]) - weight(results[b]) || a - b);
  const shown = within(mostCharacters, [
    ...byWeight.map((at) => ({ at, text: rows[at] as string })),
    ...byWeight.map((at) => ({ at: rows.length + at, text: details[at] as string })),
  ]);
  const [shownRows, shownDetails] = [
    rows.filter((_, at) => shown.has(at)),
    details.filter((_, at) => shown.has(rows.length + at)),
  ];
  return [
    marker,
    `### deploy-advisor: ${headline(report)}`,
    '',
    head,
    ...shownRows,
    '',
    ...leftOut(rows.length - shownRows.length, 'scenario'),
    ...shownDetails.filter((one) => one !== ''),
    ...leftOut(details.length - shownDetails.length, 'detail'),
    `<sub>${[...dates, `${tool.name} ${tool.version}`].map(text).join(', ')}</sub>`,
    '',
  ].join('\n');
}

/** The head of a table as one text, then its rows. */
const chunks = ([title = '', rule = '', ...rows]: readonly string[]): string[] => [`${title}\n${rule}`, ...rows];

const weight = (result: CheckedScenario | undefined): number =>
  result === undefined || result.status !== 'passed' ? 0 : result.change?.advice.change === 'flip' ? 1 : 2;

/** Which of some texts, taken in their order, there is room for. */
function within(room: number, texts: readonly { at: number; text: string }[]): Set<number> {
  let left = room;
  return new Set(
    texts.flatMap(({ at, text: { length } }) => {
      if (length === 0) return [at];
      if (length + 1 > left) return [];
      left -= length + 1;
      return [at];
    }),
  );
}

const leftOut = (count: number, what: string): string[] =>
  count === 0
    ? []
    : [`and ${counted(count, what)} more than a comment has room for: ${code('--format json')} has them`, ''];

function summaryRow(result: CheckedScenario, comparedWith: string | null): string[] {
  const { status, title, baseline, decision, change, problems } = result;
  // One that was renamed has another name there; steps of a comparison name their sides already.
  const former = baseline?.startsWith(`${comparedWith}:`) ? `, was ${code(baseline)}` : '';
  const advised = decision?.recommendation;
  return [
    states[status],
    code(title),
    advised === undefined ? '' : kindsText(advised.kinds),
    costText(advised?.monthlyCost ?? null),
    ...(comparedWith === null ? [] : [change === null ? uncompared(status, problems) : changeCell(change) + former]),
  ];
}

const uncomparable: ReadonlySet<string> = new Set(['baseline-unread', 'baseline-unknown', 'side-unread']);

/** A scenario that the baseline does not have, one that could not be read there, or cannot be read now. */
function uncompared(status: CheckedScenario['status'], problems: CheckedScenario['problems']): string {
  if (status === 'error') return '';
  return problems.some(({ code: id }) => uncomparable.has(id)) ? 'not compared' : 'new';
}

function changeCell(change: Step): string {
  if (isQuiet(change)) return 'no change';
  const { inputs, prices, plans, advice } = change;
  const cost = plans.length === 0 ? '' : advisedChange(change);
  const told = [cost, advice.change === 'same' ? '' : advice.change].filter((part) => part !== '').join(', ');
  if (told !== '') return told;
  return `${inputs.length > 0 ? 'inputs' : prices.length > 0 ? 'prices' : 'other plans'} moved`;
}

/** What the advised plans of both sides cost, one against the other. */
function advisedChange({ plans, advice }: Step): string {
  const before = plans.find(({ plan }) => plan === advice.planBefore)?.before.monthlyCost ?? null;
  const after = plans.find(({ plan }) => plan === advice.planAfter)?.after.monthlyCost ?? null;
  return before === after ? '' : `${costText(before)} -> ${costText(after)}`;
}

const inPlace = (problem: CheckedScenario['problems'][number], file: string): string =>
  problem.file === file || problem.file === '' ? onLine(problem) : ` (${code(placeText(problem, file))})`;

const onLine = ({ line }: { line: number | null }): string => (line === null ? '' : ` (line ${line})`);

function detailLines(result: CheckedScenario, most: number): string[] {
  const { title: name, verdicts, problems, change, approved } = result;
  const failed = verdicts.filter(({ state }) => state === 'failed' || state === 'unknown');
  const quiet = change === null || isQuiet(change);
  if (failed.length + problems.length === 0 && quiet) return [];
  const title = change === null || quiet ? states[result.status].replaceAll('*', '') : adviceText(change);
  return [
    `<details><summary>${code(name)}: ${text(title)}${approved ? ' (as <code>expect</code> says)' : ''}</summary>`,
    '',
    ...list([
      ...failed.map((verdict) => `${code(verdict.rule)}${onLine(verdict)}: ${text(verdict.message)}`),
      ...problems.map(
        (problem) =>
          `${problem.severity} ${code(problem.code)}${inPlace(problem, result.file)}: ${text(problemText(problem))}`,
      ),
    ]),
    ...(change === null || quiet ? [] : stepParts(change, most)),
    '</details>',
    '',
  ];
}

/** What moved, what it costs, what explains another advice. */
export function stepParts(step: Step, most: number): string[] {
  const { inputs, inputsKnown, prices, pricesKnown, plans, advice } = step;
  return [
    ...block(
      most,
      'Inputs',
      ['input', 'before', 'after'],
      inputs.map(({ path, before, after }) => [code(path), value(before), value(after)]),
    ),
    ...(inputsKnown ? [] : [`**Inputs** ${text(inputsUnknown)}`, '']),
    ...block(
      most,
      'Prices',
      ['table', 'row', 'moved'],
      movedRows(prices).map((one) => [one.table, code(one.row), text(one.text)]),
    ),
    ...(pricesKnown ? [] : [`**Prices** ${text(pricesUnknown)}`, '']),
    ...block(
      most,
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
          `**Advice** ${text(adviceText(step))}`,
          '',
          ...list(causeTexts(step).map((cause) => `because ${text(cause)}`)),
          ...(advice.proof === null
            ? ['nothing was found that explains it', '']
            : [`<sub>${proofText[advice.proof]}</sub>`, '']),
        ]
      : []),
  ];
}

function block(
  most: number,
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
