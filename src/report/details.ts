import type { Decision, OptionReport } from '../decide/decision.js';
import { type Detail, type Document, facts, gap, heading, indented, line } from './document.js';
import { rejections } from './infeasible.js';
import { counted, decimal, grouped, money, percent, seconds } from './numbers.js';
import { odds } from './odds.js';
import { markOfOption, markOfSources, placeName } from './plan-names.js';
import { criteriaTable, scoreList } from './scorecard.js';
import { adjustedCost, whyNotCheaper } from './why-not-cheaper.js';

type Section = { detail: Exclude<Detail, 'full'>; title: string; lines: (decision: Decision) => Document };

const sections: Section[] = [
  {
    detail: 'scorecard',
    title: 'SCORECARD',
    lines: (decision) => [...criteriaTable(decision), ...scoreList(decision), ...considered(decision)],
  },
  {
    detail: 'why',
    title: 'WHY',
    lines: (decision) => [
      ...decision.recommendation.reasons.flatMap((text, i) => indented(`${i + 1} ${text}`, 1, { hang: 2 })),
      ...whyNotCheaper(decision, whyAt),
      ...adjustedCost(decision),
    ],
  },
  { detail: 'sure', title: 'SIMULATIONS', lines: odds },
  { detail: 'inputs', title: 'INPUTS', lines: inputs },
  {
    detail: 'options',
    title: 'OPTIONS',
    lines: (decision) => decision.options.flatMap((one) => option(one)),
  },
  { detail: 'playbook', title: 'PLAYBOOK', lines: playbook },
  { detail: 'playbook', title: 'CHECKLIST', lines: checklist },
];

/** Columns where the text behind an amount begins. */
const whyAt = 11;

/** The sections a `--detail` asks for, each after an empty line. */
export function detailSections(decision: Decision, detail: Detail | null): Document {
  return sections
    .filter((section) => detail === 'full' || detail === section.detail)
    .flatMap(({ title, lines }) => [gap, heading(title), ...lines(decision)]);
}

function considered(decision: Decision): Document {
  const { total, feasible } = decision.considered;
  return [
    `${grouped(total)} options considered, ${grouped(feasible)} meet every rule`,
    ...rejections(decision),
  ].flatMap((text) => indented(text, 1));
}

function inputs({ scenario, tables }: Decision): Document {
  const rows = [
    { name: 'scenario', value: `${scenario.file} (sha256 ${scenario.sha256})` },
    { name: 'prices', value: `${tables.snapshot} (sha256 ${tables.sha256})` },
    { name: 'as of', value: tables.asOf },
    ...(tables.priceBook === null ? [] : [{ name: 'price book', value: tables.priceBook }]),
  ];
  return [
    facts(rows),
    line(scenario.assumed.length === 0 ? ' nothing is assumed' : ' assumed, as the scenario does not say:'),
    ...assumed(scenario.assumed),
  ];
}

/** With the share of the cost that is worked out with each, where that is told of any. */
function assumed(inputs: Decision['scenario']['assumed']): Document {
  const named = inputs.map(({ path, value }) => ({ name: path, value }));
  if (inputs.every(({ share }) => share === null)) return [facts(named)];
  return [
    facts(
      inputs.map(({ path, value, share }) => ({ name: path, value, before: share === null ? '-' : percent(share) })),
    ),
    indented('%: the share of the cost that depends on it', 1, { tone: 'faint' }),
  ];
}

function option(one: OptionReport): Document {
  const failed = one.failedGates.map(
    ({ gate, task, need, have, reason }) =>
      `excluded by ${gate}: ${reason === '' ? `${task} needs ${need}, has ${have}` : reason}`,
  );
  const notes = [
    one.unpriced === null ? '' : `no price: ${one.unpriced}`,
    ...failed,
    one.capabilityNote === null ? '' : `quality: ${one.capabilityNote}`,
    ...one.conditions.map((condition) => `to do: ${condition}`),
  ].filter((note) => note !== '');
  const parts = one.costParts.flatMap(({ part, label, monthly, upfront, formula, sources }) => {
    const mark = markOfSources(sources);
    const up = upfront === 0 ? '' : `, one-time ${money(upfront)}${mark}`;
    return [
      indented(`${part}: ${label}, ${money(monthly)}${mark}/month${up}`, 3),
      ...(formula === '' ? [] : [indented(formula, 5, { tone: 'faint' })]),
      ...sources.map((source) => indented(source, 5, { tone: 'faint' })),
    ];
  });
  return [
    indented(`${placeName(one)}: ${one.id}`, 1, { tone: one.feasible ? 'good' : 'bad' }),
    indented(known(one).join(', '), 3),
    ...notes.map((note) => indented(note, 3)),
    ...parts,
  ];
}

/** Of a model that rules judge by less than its index. */
const judged = ({ capability, judgedCapability }: OptionReport): string =>
  judgedCapability === null || judgedCapability === capability
    ? ''
    : ` (judged by its low end, ${decimal(judgedCapability)})`;

/** What is known of an option, in words; what is not known is left out. */
function known(one: OptionReport): string[] {
  const mark = markOfOption(one);
  const told = <T>(value: T | null, text: (value: T) => string) => (value === null ? [] : [text(value)]);
  return [
    one.feasible ? 'meets every rule' : 'excluded',
    ...told(one.monthlyCost, (usd) => `${money(usd)}${mark}/month`),
    ...told(one.upfrontCost === 0 ? null : one.upfrontCost, (usd) => `one-time cost ${money(usd)}`),
    ...told(one.capability, (index) => `quality ${decimal(index)}${judged(one)}`),
    ...told(one.ttftP95Ms, (ms) => `answers start within ${seconds(ms)} in 95 of 100 requests`),
    ...told(one.tokensPerSecond, (rate) => `${decimal(rate)} tokens/s`),
    ...told(one.replicas, (count) => `${grouped(count)} x ${one.instance ?? one.hardware ?? 'machine'}`),
    ...told(one.utilization, (share) => `utilization ${percent(share)}`),
    ...told(one.devices, ({ count, shareAble }) => `${percent(shareAble)} of ${counted(count, 'device')} can run it`),
    ...told(one.fte, (fte) => `${decimal(fte)} of an engineer`),
    ...told(one.lockIn, (text) => `lock-in ${text}`),
    ...told(one.burden, (text) => `effort ${text}`),
  ];
}

const notMade = 'none is made with --point';

/** The steps with their days; what a step waits for and where it comes from stands below it. */
export function playbook(decision: Decision): Document {
  const { playbook: steps } = decision;
  if (steps.length === 0) return [indented(notMade, 1)];
  const room = String(steps.length).length;
  const lines = steps.flatMap(({ step, date, trigger, do: does, source }) => {
    const start = `${String(step).padEnd(room)}  ${date ?? 'later     '}  `;
    const waits = trigger === null ? '' : ` (${trigger})`;
    return [
      indented(`${start}${does}${waits}`, 1, { hang: start.length }),
      ...(source === '' ? [] : [indented(source, 1 + start.length, { tone: 'faint', hang: 0 })]),
    ];
  });
  return [...lines, ...calendars(decision)];
}

/** Costs count months from the one of their prices, steps from the day of the decision: said where these are not the same. */
function calendars({ timeline, tables }: Decision): Document {
  const [priced, decided] = [timeline[0]?.date, tables.asOf.slice(0, 7)];
  if (priced === undefined || priced === decided) return [];
  return [
    indented(`month 1 of these steps is ${decided}; of costs it is ${priced}, that of the prices`, 1, {
      tone: 'faint',
      hang: 0,
    }),
  ];
}

/** What is to see to; where no playbook was made, no checklist was either, which is not an empty one. */
export function checklist({ checklist: items, playbook: steps }: Decision): Document {
  if (items.length === 0) return [indented(steps.length === 0 ? notMade : 'nothing to check', 1)];
  return items.flatMap(({ item, because, source }, index) => [
    ...(items[index - 1]?.because === because ? [] : [indented(`${because}:`, 1)]),
    indented(`[ ] ${item}`, 3, { hang: 4 }),
    ...(source === '' ? [] : [indented(source, 7, { tone: 'faint', hang: 0 })]),
  ]);
}
