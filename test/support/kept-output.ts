import { createHash } from 'node:crypto';
import type { Decision } from '../../src/decide/decision.js';
import { brief } from './compact-json.js';
import { sixDigits } from './golden-text.js';

/** What a golden keeps of an output: less than all of what is long. */
export type Keep = (output: string) => string;

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** A hash changes with any row of any table, and the version with any release. */
export const lasting = (text: string): string =>
  text.replaceAll(/\b[0-9a-f]{64}\b/g, '…').replaceAll(/deploy-advisor \d+\.\d+\.\d+/g, 'deploy-advisor …');

/** The first lines, and a digest of those that follow; of a single one that line. */
export const firstLines =
  (count: number): Keep =>
  (output) => {
    const lines = lasting(output).split('\n');
    const rest = lines.slice(count);
    if (rest.length <= 2) return lines.join('\n');
    return `${lines.slice(0, count).join('\n')}\n… ${rest.length - 1} more lines, digest ${digestOf(rest.join('\n'))}\n`;
  };

/** Each line on its own: JSON lines. */
export const eachLine =
  (keep: Keep): Keep =>
  (output) =>
    output
      .trimEnd()
      .split('\n')
      .map((line) => keep(line))
      .join('');

/** What a tool for agents says, and a digest of all that it gives. */
export const spoken: Keep = (output) => {
  const { result } = JSON.parse(output) as { result: { content?: { text: string }[]; instructions?: string } };
  const texts = [result.instructions, ...(result.content ?? []).map(({ text }) => text)].filter((text) => text);
  return `${texts.join('\n').trimEnd()}\n… digest of all of it ${digestOf(lasting(brief(result)))}\n`;
};

/** A name and its value on a line, parts below and further in; numbers to six digits. */
function tree(value: unknown, indent = ''): string {
  if (typeof value === 'number') return ` ${sixDigits(value)}`;
  if (typeof value !== 'object' || value === null) return ` ${value ?? '-'}`;
  return Object.entries(value)
    .map(([name, part]) => `\n${indent}${Array.isArray(value) ? '-' : name}${tree(part, `${indent}  `)}`)
    .join('');
}

const counts = (of: Record<string, number>): string =>
  Object.entries(of)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

/** Of a result as JSON: the plan and its costs, the best of each deployment type, and a digest of each other part. */
export const planAndCosts: Keep = (output) => {
  const { schemaVersion, tool, scenario, tables, considered, recommendation, scorecard, warnings, ...rest } =
    JSON.parse(output) as Decision;
  const { assignments, costParts, reasons, stages, why, conditions, scores, ...plan } = recommendation;
  const costs = Object.entries(plan).filter(
    ([name, value]) => /cost|fte|premium|saving/i.test(name) && typeof value === 'number',
  );
  const place = (cost: number | null, option: string | null) => `${cost === null ? '-' : sixDigits(cost)} ${option}`;
  const digests = Object.entries({ recommendation, scorecard, ...rest })
    .filter(([, part]) => part !== null && !(Array.isArray(part) && part.length === 0))
    .map(([name, part]) => `${name} ${digestOf(brief(part))}`);
  return `${tree({
    scenario: scenario.name,
    prices: `${tables.snapshot}, judged on ${tables.asOf}`,
    considered: counts({ total: considered.total, feasible: considered.feasible, gap: considered.gap }),
    rejectedBy: counts(considered.rejectedBy),
    [plan.status]: plan.plan,
    shape: plan.shape,
    label: plan.label,
    ...Object.fromEntries(costs),
    monthlyBill: Object.fromEntries(costParts.map(({ part, monthly }) => [part, monthly])),
    serves: assignments.map(({ task, part, share, option }) => `${task}.${part} ${sixDigits(share)}: ${option}`),
    ...(stages.length > 1 && {
      stages: stages.map((stage) => `from month ${stage.fromMonth}: ${place(stage.monthlyCost, stage.plan)}`),
    }),
    cheapest: plan.cheapest && place(plan.cheapest.monthlyCost, plan.cheapest.plan),
    nextBest: plan.margin && `${sixDigits(plan.margin.percent)} % more: ${plan.margin.runnerUp}`,
    bestOfTypes: Object.fromEntries(
      scorecard.map(({ kind, option, monthlyCost, verdict }) => [
        kind,
        option === null ? verdict : place(monthlyCost, option),
      ]),
    ),
    reasons,
    warnings: warnings.map(({ code }) => code).join(', '),
    digests: digests.join(', '),
  }).trimStart()}\n`;
};
