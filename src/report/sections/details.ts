import type { Decision, OptionReport } from '../../decide/decision.js';
import { emptyLine, indented, type Line } from '../lines.js';
import { money } from '../money.js';
import { counted, decimal, grouped, percent } from '../number-text.js';
import { markOfOption, markOfSources } from '../own-prices.js';
import type { Detail } from '../view.js';
import { columns, padded, paddedLeft } from '../wrap.js';
import { criteriaTable } from './criteria-table.js';
import { rejections } from './nothing-fits.js';
import { odds } from './odds.js';
import { checklist, playbook } from './playbook.js';
import { criteria } from './scorecard.js';

type Section = { detail: Exclude<Detail, 'full'>; title: string; lines: (decision: Decision, width: number) => Line[] };

const sections: Section[] = [
  {
    detail: 'criteria',
    title: 'CRITERIA',
    lines: (decision, width) => [
      ...criteriaTable(decision, width),
      ...criteria(decision, width),
      ...considered(decision, width),
    ],
  },
  { detail: 'sure', title: 'SURE', lines: odds },
  { detail: 'inputs', title: 'INPUTS', lines: inputs },
  {
    detail: 'options',
    title: 'OPTIONS',
    lines: (decision, width) => decision.options.flatMap((one) => option(one, width)),
  },
  { detail: 'playbook', title: 'PLAYBOOK', lines: playbook },
  { detail: 'playbook', title: 'CHECKLIST', lines: checklist },
];

/** The sections a `--detail` asks for, each after an empty line. */
export function detailSections(decision: Decision, detail: Detail | null, width: number): Line[] {
  return sections
    .filter((section) => detail === 'full' || detail === section.detail)
    .flatMap(({ title, lines }) => [emptyLine, { tag: title, text: '', tone: 'plain' }, ...lines(decision, width)]);
}

function considered(decision: Decision, width: number): Line[] {
  const { total, feasible } = decision.considered;
  return [`${grouped(total)} options considered, ${grouped(feasible)} fit`, ...rejections(decision)].flatMap((text) =>
    indented(text, 1, width),
  );
}

function inputs({ scenario, tables }: Decision, width: number): Line[] {
  const rows = [
    { path: 'scenario', value: `${scenario.file} (sha256 ${scenario.sha256})` },
    { path: 'prices', value: `${tables.snapshot} (sha256 ${tables.sha256})` },
    { path: 'as of', value: tables.asOf },
    ...(tables.priceBook === null ? [] : [{ path: 'price book', value: tables.priceBook }]),
  ];
  return [
    ...table(rows, width),
    {
      tag: '',
      text: scenario.assumed.length === 0 ? ' nothing is assumed' : ' assumed, as the scenario does not say:',
      tone: 'plain',
    },
    ...assumed(scenario.assumed, width),
  ];
}

/** After the share of the cost that is worked out with each, where that is told of any. */
function assumed(inputs: Decision['scenario']['assumed'], width: number): Line[] {
  if (inputs.every(({ share }) => share === null)) return table(inputs, width);
  const shares = inputs.map(({ share }) => (share === null ? '-' : percent(share)));
  return [
    ...table(inputs, width, shares),
    ...indented('%: of the cost, what is worked out with it; -: nothing is', 1, width, 2, 'faint'),
  ];
}

/** Paths and values in columns, after short texts where there are any. */
function table(rows: { path: string; value: string }[], width: number, before: readonly string[] = []): Line[] {
  const widest = Math.min(Math.floor(width / 2), Math.max(0, ...rows.map(({ path }) => columns(path))));
  const first = Math.max(0, ...before.map((text) => columns(text) + 2));
  return rows.flatMap(({ path, value }, i) => {
    const [line, ...more] = indented(`${padded(path, widest)}  ${value}`, 1 + first, width) as [Line, ...Line[]];
    const start = before[i] === undefined ? '' : `${paddedLeft(before[i], first - 2)}  `;
    return [{ ...line, text: ` ${start}${line.text.slice(1 + first)}` }, ...more];
  });
}

function option(one: OptionReport, width: number): Line[] {
  const failed = one.failedGates.map(
    ({ gate, task, need, have, reason }) =>
      `fails ${gate}: ${task} needs ${need}, has ${have}${reason === '' ? '' : `; ${reason}`}`,
  );
  const notes = [
    one.unpriced === null ? '' : `no price: ${one.unpriced}`,
    ...failed,
    one.capabilityNote === null ? '' : `capability: ${one.capabilityNote}`,
    ...one.conditions.map((condition) => `to do: ${condition}`),
  ].filter((note) => note !== '');
  const parts = one.costParts.flatMap(({ part, label, monthly, upfront, formula, sources }) => {
    const mark = markOfSources(sources);
    const up = upfront === 0 ? '' : `, up front ${money(upfront)}${mark}`;
    return [
      ...indented(`${part}: ${label}, ${money(monthly)}${mark}/month${up}`, 3, width),
      ...(formula === '' ? [] : indented(formula, 5, width, 2, 'faint')),
      ...sources.flatMap((source) => indented(source, 5, width, 2, 'faint')),
    ];
  });
  return [
    ...indented(one.id, 1, width, 2, one.feasible ? 'good' : 'bad'),
    ...indented(facts(one).join(', '), 3, width),
    ...notes.flatMap((note) => indented(note, 3, width)),
    ...parts,
  ];
}

/** Of a model that rules judge by less than its index. */
const judged = ({ capability, judgedCapability }: OptionReport): string =>
  judgedCapability === null || judgedCapability === capability
    ? ''
    : ` (judged by its low end, ${decimal(judgedCapability)})`;

/** What is known of an option, in words; what is not known is left out. */
function facts(one: OptionReport): string[] {
  const mark = markOfOption(one);
  const known = <T>(value: T | null, text: (value: T) => string) => (value === null ? [] : [text(value)]);
  return [
    one.feasible ? 'fits' : 'does not fit',
    ...known(one.monthlyCost, (usd) => `${money(usd)}${mark}/month`),
    ...known(one.upfrontCost === 0 ? null : one.upfrontCost, (usd) => `up front ${money(usd)}`),
    ...known(one.capability, (index) => `capability ${decimal(index)}${judged(one)}`),
    ...known(one.ttftP95Ms, (ms) => `first token within ${grouped(ms)} ms (p95)`),
    ...known(one.tokensPerSecond, (rate) => `${decimal(rate)} tokens/s`),
    ...known(one.replicas, (count) => `${grouped(count)} x ${one.instance ?? one.hardware ?? 'machine'}`),
    ...known(one.utilization, (share) => `busy ${percent(share)} of the time`),
    ...known(one.devices, ({ count, shareAble }) => `${percent(shareAble)} of ${counted(count, 'device')} can run it`),
    ...known(one.fte, (fte) => `${decimal(fte)} FTE`),
    ...known(one.lockIn, (text) => `lock-in ${text}`),
    ...known(one.burden, (text) => `burden ${text}`),
  ];
}
