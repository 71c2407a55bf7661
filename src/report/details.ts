import type { Decision, Factor, LeverComparison, LeverReport, OptionReport } from '../decide/decision.js';
import { kindNames } from '../tables/column.js';
import { type Detail, type Document, facts, gap, indented, line } from './document.js';
import { rejections } from './infeasible.js';
import { counted, decimal, grouped, money, narrowMoney, percent, seconds, wholePercent } from './numbers.js';
import {
  adjustedCost,
  capital,
  findOption,
  markOfOption,
  markOfPlans,
  markOfSources,
  odds,
  placeName,
  planNameOr,
  whyNotCheaper,
} from './plan-words.js';
import { columns, padded, paddedLeft } from './printable.js';

const factors: Readonly<Record<Factor | 'total', string>> = {
  volume: 'cost',
  sensitivity: 'data boundary',
  capability: 'good enough',
  team: 'people',
  latency: 'latency',
  total: 'total',
};

/** Every score of every row with total and option, wrapped. */
function scoreList(decision: Decision): Document {
  return decision.scorecard.flatMap(({ kind, option, verdict, monthlyCost, scores }) => {
    const texts = (Object.keys(factors) as (keyof typeof factors)[]).map(
      (factor) => `${factors[factor]} ${orUnknown(scores[factor], grouped)}`,
    );
    if (option === null) return indented(`${kindNames[kind]}: ${verdict}`, 1);
    const known = findOption(decision, option);
    return [
      indented(`${kindNames[kind]}: ${verdict}`, 1),
      indented(known === undefined ? option : `${known.names.model}, ${known.names.provider}`, 3),
      indented(
        `$${orUnknown(monthlyCost, narrowMoney)}${markOfPlans(decision, option)} a month; scores ${texts.join(', ')}`,
        3,
      ),
    ];
  });
}

const unknown = '-';
const orUnknown = <T>(value: T | null, text: (value: T) => string): string => (value === null ? unknown : text(value));

/** Savings of each lever, largest first; below it the settings and their costs elsewhere. */
export function levers(decision: Decision): Document {
  const list = decision.levers;
  if (list.length === 0) return [];
  const single = list.filter(({ comparison }) => comparison === null);
  const pulled = single.filter(({ applies }) => applies).sort((a, b) => (b.saves ?? 0) - (a.saves ?? 0));
  const refused = single.filter(({ applies }) => !applies);
  const labelWidth = Math.max(...pulled.map(({ label }) => columns(label)), 0);
  return [
    line(' one at a time, decided again; USD a month', 'plain', 'LEVERS'),
    ...pulled.flatMap((lever) => pulledLines(lever, labelWidth, decision)),
    ...refused.flatMap(({ label, reason, ...lever }) =>
      indented(`- ${label}: ${alreadyText(lever)}${reason ?? ''}`, 1, { tone: 'faint' }),
    ),
    ...list.flatMap(({ comparison, label }) => (comparison === null ? [] : togetherLines(label, comparison, decision))),
  ];
}

function pulledLines(lever: LeverReport, labelWidth: number, decision: Decision): Document {
  const { label, plan, planLabel, changes, caveat } = lever;
  const winner = plan === null ? '' : `, on ${planNameOr(decision, plan, planLabel)}`;
  const set = changes
    .map(({ path, from, to }) => `${path} ${from === null ? '' : `${toldText(from)} -> `}${toldText(to)}`)
    .join('; ');
  return [
    indented(`${padded(label, labelWidth)}  ${savingText(lever)}${winner}`, 1, { hang: 4 }),
    indented(`${alreadyText(lever)}${set}. ${capital(caveat)}`, 3, { tone: 'faint', hang: 0 }),
  ];
}

function savingText({ saves, percent, monthlyCost }: LeverReport): string {
  const usd = saves ?? 0;
  const share = percent === null ? '' : ` (${wholePercent(Math.abs(percent))})`;
  const costs = `-> ${money(monthlyCost ?? 0)}`;
  if (Math.abs(usd) < 0.005) return `${paddedLeft('saves nothing', 14)} ${costs}`;
  return `${paddedLeft(usd > 0 ? `saves ${money(usd)}` : `costs ${money(-usd)}`, 14)}${share} ${costs}`;
}

/** A setting with its figures as a reader takes them in. */
const toldText = (text: string): string =>
  text.replace(/\d+(\.\d+)?/g, (digits) =>
    Number(digits) < 1000 ? decimal(Number(Number(digits).toPrecision(3))) : grouped(Math.round(Number(digits))),
  );

const alreadyText = ({ alreadyIn, savesNow }: Pick<LeverReport, 'alreadyIn' | 'savesNow'>): string =>
  alreadyIn ? `in the plan already, where it saves ${money(savesNow ?? 0)}; ` : '';

/** The bill of APIs with levers, against self-hosting and today's bill. */
function togetherLines(label: string, compared: LeverComparison, decision: Decision): Document {
  const { apiPlan, apiCost, optimizedApiCost, optimizedApiPlan, optimizedApiLabel, pulled, leftOut } = compared;
  const { selfHostedCost, optimizedSelfHostedCost, todayCost } = compared;
  const from =
    apiPlan === decision.recommendation.plan
      ? ''
      : `, from the cheapest on APIs alone, ${planNameOr(decision, apiPlan, null)}`;
  const left = leftOut.length === 0 ? '' : `; left out, as they would not lower it: ${leftOut.join(', ')}`;
  const share = apiCost === 0 ? '' : ` (${wholePercent((100 * (apiCost - optimizedApiCost)) / apiCost)})`;
  const same = optimizedSelfHostedCost === null ? '' : `, with the same levers ${money(optimizedSelfHostedCost)}`;
  const own = selfHostedCost === null ? 'no plan fits' : `${money(selfHostedCost)}${same}`;
  const today = todayCost === null ? '' : `; today ${money(todayCost)}`;
  const costs = `${money(apiCost)} -> ${money(optimizedApiCost)}${share}`;
  return [
    indented(`${label}${from}: ${costs}, on ${planNameOr(decision, optimizedApiPlan, optimizedApiLabel)}`, 1),
    indented(`${pulled.join(', then ') || 'none of them lowers the bill'}${left}`, 3, { tone: 'faint', hang: 0 }),
    indented(`self-hosting: ${own}${today}`, 3, { hang: 0 }),
  ];
}

type Section = { detail: Exclude<Detail, 'full'>; title: string; lines: (decision: Decision) => Document };

const sections: Section[] = [
  {
    detail: 'scorecard',
    title: 'SCORECARD',
    lines: (decision) => [...scoreList(decision), ...considered(decision)],
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
export function checklist({ checklist: items, guides }: Decision): Document {
  // Guides are always told, but with `--point`.
  if (items.length === 0) return [indented(guides.length === 0 ? 'none is made with --point' : 'nothing to check', 1)];
  return items.flatMap(({ item, because, source }, index) => [
    ...(items[index - 1]?.because === because ? [] : [indented(`${because}:`, 1)]),
    indented(`[ ] ${item}`, 3, { hang: 4 }),
    ...(source === '' ? [] : [indented(source, 7, { tone: 'faint', hang: 0 })]),
  ]);
}
