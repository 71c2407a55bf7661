import type { AskedRow, Assignment, Decision } from '../decide/decision.js';
import { kindNames } from '../tables/column.js';
import { shellWord } from '../units/numeric.js';
import { changes } from './changes.js';
import { type Detail, type Document, gap, indented, paragraph, type Scope, section, table } from './document.js';
import { nothingFits } from './infeasible.js';
import { counted, decimal, grouped, money, percent, quality, seconds, sureness, wholePercent } from './numbers.js';
import { inMonths, otherWays } from './other-ways.js';
import { capital, findOption, markOfPlans, partName, planName, sentence } from './plan-words.js';
import { first, recommended } from './recommendation.js';
import { toBeAsked, whose } from './to-decide.js';

const textAt = 11;
const fact = (name: string, texts: readonly string[]): Document =>
  texts.length === 0 ? [] : [paragraph(`  ${name}`, texts.join(' '), { indent: textAt })];

/** How sure the advice is and why: price and quality, assumptions, and the closest alternative. */
export const confidence = (decision: Decision): Document => [
  section('CONFIDENCE', level(decision)),
  ...fact('Place', price(decision)),
  ...fact('Quality', modelQuality(decision)),
  ...fact('Closest', nextBest(decision)),
  ...fact('Assumed', assumed(decision)),
];

/** The same in a line each. */
function confidenceInShort(decision: Decision): Document {
  const { uncertainty } = decision;
  // --detail full shows where the levels begin.
  const place = uncertainty?.confidence.text.replace(/ \((?:high|medium|low) is [^)]*\)/, '');
  return [
    section('CONFIDENCE', `${level(decision, true)}${place === undefined ? '' : `: ${place}.`}`),
    ...modelQuality(decision)
      .slice(0, 1)
      .map((text) => indented(text, 12, { hang: 0 })),
  ];
}

function level({ uncertainty, recommendation: { assignments } }: Decision, isShort = false): string {
  if (uncertainty === null) return 'not looked at (--point)';
  const { level: told } = uncertainty.confidence;
  const close = [...new Set(assignments.filter(({ closeCall }) => closeCall).map(({ task }) => task))];
  const isOneTask = new Set(assignments.map(({ task }) => task)).size === 1;
  if (close.length === 0) return told;
  const whose = isOneTask ? '' : ` for ${close.join(', ')}`;
  return isShort
    ? `${told}, quality${whose} a close call`
    : `${told} for the place; whether the model is as good as you ask${whose} is a close call`;
}

/** How often the place is best over the simulations, and what it depends on. */
function price({ uncertainty, recommendation }: Decision): string[] {
  if (uncertainty === null) return [];
  const over = recommendation.probabilityOverBudget;
  return [
    sentence(uncertainty.confidence.text),
    ...(over === null || over <= 0 ? [] : [`Over budget in ${percent(over)}.`]),
  ];
}

/** The need of the least sure task, its source, and the probability that its model suffices. */
function modelQuality(decision: Decision): string[] {
  const { assignments } = decision.recommendation;
  const { scale } = decision.tables;
  const [weakest] = assignments.toSorted((a, b) => (a.goodEnough ?? 0) - (b.goodEnough ?? 0));
  if (weakest === undefined) return [];
  const {
    task,
    part,
    option,
    capability: judged,
    goodEnough,
    needLow,
    needHigh,
    needText,
    capabilityNeed,
    needAssumed,
  } = weakest;
  const capability = findOption(decision, option)?.capability ?? judged;
  // Tenths where whole points hide what decides.
  const isClose =
    !needAssumed &&
    capability !== null &&
    capability !== capabilityNeed &&
    quality(capability) === quality(capabilityNeed);
  const isOneTask = assignments.every((other) => other.task === task);
  const apart = assignments.some((other) => other.task === task && other.option !== option);
  const name = apart ? partName(task, part) : task;
  const whose = isOneTask && !apart ? '' : ` of ${name}, the least sure ${apart ? 'part' : 'task'},`;
  const has =
    capability === null
      ? 'is not known'
      : `is ${isClose ? tenths(capability) : quality(capability)}${judged !== null && judged < capability ? ` (judged by its low end, ${quality(judged)})` : ''}`;
  const sure =
    goodEnough === null || !needAssumed
      ? ''
      : `, good enough with a probability of ${wholePercent(Math.min(99, goodEnough * 100))}`;
  const band = quality(needLow) === quality(needHigh) ? '' : `, between ${quality(needLow)} and ${quality(needHigh)}`;
  const tier = /\(tier (\w+)\)$/.exec(needText)?.[1];
  // The model named as the need.
  const askedAs = / \([^()]+\)$/.exec(needText)?.[0] ?? '';
  const need =
    !needAssumed && capability === capabilityNeed
      ? 'You ask for just that.'
      : !needAssumed
        ? `You ask for ${isClose ? tenths(capabilityNeed) : quality(capabilityNeed)}${askedAs}.`
        : tier === undefined
          ? `The need is not measured but assumed: ${needText}${band}.`
          : `You ask for the tier ${tier}: ${quality(capabilityNeed)}${band}.`;
  const beside = scale.map(({ model, index }) => `${model} is ${quality(index)}`).join(' and ');
  return [
    `The quality${whose} ${has}${sure}.`,
    need,
    ...(beside === '' ? [] : [`On this scale of public benchmarks ${beside}.`]),
  ];
}

const tenths = (index: number): string => index.toFixed(1);

/** The best plan on another deployment type. */
function nextBest(decision: Decision): string[] {
  const { margin, plan } = decision.recommendation;
  return [
    margin === null
      ? 'No plan on another deployment type meets every rule.'
      : `On another type: ${planName(decision, margin.runnerUp)} costs ${distance(margin.percent, markOfPlans(decision, plan, margin.runnerUp))}.`,
  ];
}

function distance(percentage: number, mark: string): string {
  if (Math.abs(percentage) < 0.05) return `the same${mark}`;
  if (percentage >= 200) return `${decimal(Math.round(1 + percentage / 100))} times as much${mark}`;
  const size = wholePercent(Math.abs(percentage));
  return percentage > 0 ? `${size}${mark} more` : `${size}${mark} less`;
}

function assumed({ scenario }: Decision): string[] {
  const count = scenario.assumed.length;
  const all = count + scenario.given.length;
  return count === 0 ? [] : [`${grouped(count)} of ${grouped(all)} inputs (--detail inputs)`];
}

/** The first screen in order, as one document for text, Markdown and HTML; `detail`: a section to show in full. */
export const sections = (decision: Decision, scope: Scope, detail: Detail | null = null): Document[] =>
  decision.recommendation.status === 'infeasible'
    ? [nothingFits(decision), otherWays(decision, scope), asked(decision), warnings(decision, scope)]
    : [
        recommended(decision, scope),
        byTask(decision, scope),
        scope.isBrief && detail !== 'sure' ? confidenceInShort(decision) : confidence(decision),
        scope.isBrief && detail !== 'why' ? [] : betterQuality(decision),
        otherWays(decision, scope),
        changes(decision, scope),
        asked(decision),
        warnings(decision, scope),
      ];

export function pricesText({ tables: { snapshot, ageDays, planAgeDays, priceBook } }: Decision): string {
  const ofPlan =
    planAgeDays !== null && ageDays >= 0 && planAgeDays > ageDays ? `, the plan's ${age(planAgeDays)}` : '';
  return `prices ${snapshot} (${age(ageDays)}${ofPlan}${priceBook === null ? '' : ', own price book'})`;
}

function age(days: number): string {
  if (days === 0) return 'of the day';
  return days > 0 ? `${counted(days, 'day')} old` : `${counted(-days, 'day')} ahead`;
}

/** A requested id: its cost against the plan, and every rule that excludes it. */
function asked(decision: Decision): Document {
  const { asked: rows } = decision;
  if (rows.length === 0) return [];
  return [
    section('ASKED'),
    ...rows.flatMap((row, index) => [...(index === 0 ? [] : [gap]), ...rowLines(row, decision)]),
  ];
}

function rowLines({ id, monthlyCost, verdict, feasible, failedGates }: AskedRow, decision: Decision): Document {
  const cost =
    monthlyCost === null
      ? 'no price'
      : `${money(monthlyCost)}${markOfPlans(decision, id)}${decision.recommendation.totalCost === null ? '/month' : ' in all'}`;
  const rest = failedGates.slice(1).map(({ gate, task, reason }) => `and ${gate} for ${task}: ${reason}`);
  return [
    indented(id, 1, { tone: feasible ? 'good' : 'bad' }),
    indented(`${cost}; ${verdict}`, 3),
    ...rest.map((text) => indented(text, 3)),
  ];
}

function warnings({ warnings: all }: Decision, scope: Scope): Document {
  const list = all.flatMap(({ code, message }) => (toBeAsked.has(code) ? [] : capital(message)));
  if (list.length === 0) return [];
  return [section('WARNINGS'), ...first(list, scope).map((text) => indented(text, 2))];
}

/** What to do next, and commands for more, quoted for a shell. */
export function next(decision: Decision, scope: Scope): Document {
  const { recommendation, breakEven, guides, scenario } = decision;
  const file = shellWord(scenario.file);
  const agree = guides.filter(({ agrees }) => agrees).length;
  const found: string[][] =
    recommendation.plan === null
      ? []
      : [
          [`explain ${file}`, 'where figures come from'],
          [`export ${file} all -o deploy`, 'files to deploy it'],
        ];
  const more: string[][] = scope.isBrief
    ? [[`assess ${file} --detail full`, 'all']]
    : [
        ...(scope.isAll ? [[`assess ${file} -f html -o report.html`, 'charts']] : []),
        ...(breakEven.length > 0 ? [[`breakeven ${file}`, 'cost by volume']] : []),
        ...(guides.length > 0 ? [[`guides ${file}`, `guides: ${agree} of ${guides.length} agree`]] : []),
      ];
  return [
    section('NEXT', decision.playbook[0]?.do ?? ''),
    table(
      [{ title: '' }, { title: '' }],
      [...found, ...more].map(([command = '', what = '']) => [scope.isBrief ? '' : what, `deploy-advisor ${command}`]),
      { indent: 2, wraps: true },
    ),
  ];
}

/** Each of several tasks: place, first token, and whether the model is good enough. */
function byTask(decision: Decision, scope: Scope): Document {
  const { assignments } = decision.recommendation;
  if (new Set(assignments.map(({ task }) => task)).size < 2) return [];
  const isWanted = assignments.some(({ ttftAskedMs }) => ttftAskedMs !== null);
  return [
    section('BY TASK'),
    table(
      [
        { title: 'task' },
        { title: 'requests', number: true, optional: 1 },
        { title: 'starts*', number: true },
        ...(isWanted ? [{ title: 'asked', number: true as const }] : []),
        { title: 'quality', number: true },
        { title: 'needed', number: true },
        { title: 'good enough', number: true },
        ...(scope.isBrief ? [] : [{ title: 'runs on' }]),
      ],
      assignments.map((one) => [
        nameOf(one),
        percent(one.share),
        one.isAwaited ? seconds(one.ttftP95Ms) : 'later',
        ...(isWanted ? [one.ttftAskedMs === null || !one.isAwaited ? '-' : seconds(one.ttftAskedMs)] : []),
        one.capability === null ? '-' : quality(one.capability),
        quality(one.capabilityNeed),
        sureness(one.goodEnough),
        ...(scope.isBrief ? [] : [placeOf(one, decision)]),
      ]),
      { indent: 2, wraps: !scope.isBrief, widestName: 30 },
    ),
  ];
}

const nameOf = ({ task, part }: Assignment): string => (part === 'all' ? task : `${task} (${part})`);

function placeOf({ option: id }: Assignment, decision: Decision): string {
  const option = findOption(decision, id);
  return option === undefined ? id : `${kindNames[option.kind]}, ${option.names.model}`;
}

/** What better models cost, and from which cost of a failed answer each pays. */
function betterQuality(decision: Decision): Document {
  const { recommendation } = decision;
  const rows = recommendation.betterQuality;
  const [first] = rows;
  if (first === undefined) return [];
  return [
    section(
      'BETTER QUALITY',
      `${whose(recommendation, (what) => `for ${what}: `)}each pays${inMonths(recommendation)} against the row above if a failed answer costs over …`,
    ),
    table(
      [
        { title: '' },
        { title: 'quality', number: true },
        { title: 'good enough', number: true },
        { title: 'starts*', number: true, optional: 1 },
        { title: recommendation.totalCost === null ? '$/month' : '$ in all', number: true },
        { title: 'pays over', name: 'pays if a failed answer costs', number: true },
      ],
      rows.slice(0, mostRows).map(({ label, option, capability, goodEnough, ttftP95Ms, monthlyCost, paysFrom }) => ({
        cells: [
          rows.filter((row) => row.label === label).length > 1 ? labelInFull(decision, option, label) : label,
          quality(capability),
          sureness(goodEnough),
          seconds(ttftP95Ms),
          grouped(monthlyCost),
          paysFrom === null ? '(advised)' : paysFrom === 0 ? 'always' : money(paysFrom),
        ],
        ...(paysFrom === null && { tone: 'good' as const }),
      })),
      { indent: 2, widestName: 30 },
    ),
  ];
}
const mostRows = 4;

/** Equal models differ by format. */
function labelInFull(decision: Decision, id: string, label: string): string {
  const option = findOption(decision, id);
  return option?.quantization == null
    ? label
    : `${option.names.model} (${option.quantization}), ${option.names.provider}`;
}
