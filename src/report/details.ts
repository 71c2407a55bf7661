import type { Decision, OptionReport } from '../decide/decision.js';
import { type Detail, type Document, facts, gap, indented, line } from './document.js';
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
  { detail: 'playbook', title: 'WHAT TO DO FIRST', lines: playbook },
  { detail: 'playbook', title: 'CHECKLIST', lines: checklist },
];

/** Columns where the text behind an amount begins. */
const whyAt = 11;

/** The sections of a `--detail`, each after an empty line. */
export function detailSections(decision: Decision, detail: Detail | null): Document {
  return sections
    .filter((section) => detail === 'full' || detail === section.detail)
    .flatMap(({ title, lines }) => [gap, line('', 'plain', title), ...lines(decision)]);
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

/** With each one's share of the cost, where known. */
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

/** What to do first, each step with where it is from. */
function playbook({ playbook: steps }: Decision): Document {
  const room = String(steps.length).length + 2;
  return steps.flatMap(({ step, do: does, source }) => [
    indented(`${String(step).padEnd(room)}${does}`, 1, { hang: room }),
    ...(source === '' ? [] : [indented(source, 1 + room, { tone: 'faint', hang: 0 })]),
  ]);
}

/** What is to see to; none is made with `--point`, which is not an empty one. */
export function checklist({ checklist: items, criteria }: Decision): Document {
  if (items.length === 0)
    return [indented(criteria.length === 0 ? 'none is made with --point' : 'nothing to check', 1)];
  return items.flatMap(({ item, because, source }, index) => [
    ...(items[index - 1]?.because === because ? [] : [indented(`${because}:`, 1)]),
    indented(`[ ] ${item}`, 3, { hang: 4 }),
    ...(source === '' ? [] : [indented(source, 7, { tone: 'faint', hang: 0 })]),
  ]);
}
