import { expect, test } from 'vitest';
import { z } from 'zod';
import { at, type CostLine, traceOf, traceOfUpfront } from '../../src/cost/curve.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { linesOf, type Plan } from '../../src/decide/plan.js';
import type { Traced } from '../../src/formula/traced.js';
import type { Context } from '../../src/places/placement.js';
import { casesIn } from '../support/cases.js';
import { committedCase } from '../support/committed.js';
import { goldenTable, sixDigits } from '../support/golden-text.js';
import { recomputed } from '../support/recomputed.js';
import { caseOf, type Written } from '../support/scenario.js';

/**
 * Bills of plans in every deployment type, kept: every line at a tenth, at once and at seven times the volume, and where
 * asked what each line is made of. What moves here is what users pay; whether it is right is for the tests of each formula.
 */
const golden = (name: string) => `../golden/bills/${name}`;

const written = z.strictObject({ workload: z.unknown(), tasks: z.array(z.unknown()) });
const asked = {
  scenario: z.union([z.string(), written]),
  set: z.array(z.string()).optional(),
  plans: z.array(z.string()),
};
const cases = casesIn('bills', {
  made: { name: z.string(), whole: z.literal(true).optional(), ...asked },
  lines: asked,
});
type Asked = (typeof cases.lines)[number];

async function plansOf({ scenario, set = [], plans }: Asked): Promise<{ context: Context; found: Plan[] }> {
  const context = typeof scenario === 'string' ? await committedCase(scenario, set) : await caseOf(scenario as Written);
  const found = plans.map((id) => {
    const plan = findPlan(id, context);
    if (typeof plan === 'string') throw new Error(`${context.workload.name}: ${plan}`);
    return plan;
  });
  return { context, found };
}

const said = ({ once, atEnd, rateAssumed }: CostLine): string =>
  [once && 'once', atEnd && 'at the end', rateAssumed && 'rate assumed'].filter((word) => word).join(', ');

/** The tables that a figure comes from; their rows move when others are added. */
const tablesOf = (sources: readonly { table: string }[]): string =>
  [...new Set(sources.map(({ table }) => table))].sort().join(' ');

function bill(plan: Plan, { workload }: Context, name: string): Record<string, string | number>[] {
  const volume = workload.requestsPerDay;
  return linesOf(plan).map((line) => ({
    plan: name,
    line: line.part,
    tenth: at(line.curve, volume / 10),
    usdPerMonth: at(line.curve, volume),
    sevenfold: at(line.curve, 7 * volume),
    upfront: line.upfront,
    said: said(line),
    from: tablesOf(line.sources()),
  }));
}

/** A figure and what it is made of, an indented line each; what was told before is not told again. */
function tree(traced: Traced, indent: string, told: Set<string>): string[] {
  const { label, value, unit, how, assumption, path, formula, parts, sources } = traced;
  const origin = [assumption, path, tablesOf(sources), how === 'predicted' && formula].filter((word) => word);
  // What is left of a difference of equals is rounding.
  const kept = parts.length > 0 && Math.abs(value) < 1e-9 ? 0 : sixDigits(value);
  const one = `${kept} ${unit}  ${label}${origin.length > 0 ? ` [${origin.join('; ')}]` : ''}`;
  if (parts.length === 0) return [`${indent}${one}`];
  if (told.has(one)) return [`${indent}${one} (as above)`];
  told.add(one);
  return [`${indent}${one} = ${how} of`, ...parts.flatMap((part) => tree(part, `${indent}  `, told))];
}

function told(plan: Plan, { workload }: Context): string[] {
  const known = new Set<string>();
  return [
    '',
    `${plan.id}: ${sixDigits(plan.monthlyUsd)} USD/month, ${sixDigits(plan.upfrontUsd)} USD up front, ${sixDigits(plan.fte)} FTE`,
    ...linesOf(plan).flatMap((line) => {
      const traced = traceOf(line, workload.requestsPerDay);
      const usd = at(line.curve, workload.requestsPerDay);
      expect(unsaid(traced), line.part).toEqual([]);
      expect(Math.abs(recomputed(traced) - usd), line.part).toBeLessThanOrEqual(1e-9 * Math.max(1, usd));
      const monthly = tree(traced, '    ', known);
      const upfront = line.upfront === 0 ? [] : ['    up front:', ...tree(traceOfUpfront(line), '    ', known)];
      return ['', `  ${[line.part, said(line)].join(' ').trim()}: ${traced.formula}`, ...monthly, ...upfront];
    }),
  ];
}

/** Figures without a name or a unit, arithmetic of nothing, predictions without words, and prices from nowhere. */
const unsaid = ({ label, value, unit, how, parts, sources, assumption, path, formula }: Traced): string[] => [
  ...(label === '' || unit === '' ? [`${how} "${label}" in "${unit}"`] : []),
  ...(how !== 'given' && how !== 'predicted' && parts.length === 0 && value !== 0
    ? [`${label}: ${how} of nothing`]
    : []),
  ...(how === 'predicted' && formula === null ? [`${label} has no formula`] : []),
  ...(how === 'given' &&
  value !== 0 &&
  unit.startsWith('USD') &&
  sources.length === 0 &&
  assumption === null &&
  path === null
    ? [`${label} is from nowhere`]
    : []),
  ...parts.flatMap(unsaid),
];

test.each(cases.made)('what every line is made of: $name', async ({ name, whole, ...asked }) => {
  const { context, found } = await plansOf(asked);
  const lines = found.flatMap((plan) => told(plan, context));
  // Of what differs from another bill in one thing, the lines and their sums.
  const kept = whole ? lines : lines.filter((line) => !/^ {5}/.test(line) && line !== '');
  await expect(`${kept.join('\n').trimStart()}\n`).toMatchFileSnapshot(golden(`${name}.txt`));
});

test('bills: every line at three volumes', async () => {
  const rows: Record<string, string | number>[] = [];
  for (const asked of cases.lines) {
    const { context, found } = await plansOf(asked);
    for (const plan of found) {
      expect(linesOf(plan).flatMap((line) => unsaid(traceOf(line, context.workload.requestsPerDay)))).toEqual([]);
      rows.push(
        ...bill(
          plan,
          context,
          [typeof asked.scenario === 'string' ? asked.scenario : 'two tasks', ...(asked.set ?? []), plan.id].join(' '),
        ),
      );
    }
  }
  await expect(goldenTable(rows)).toMatchFileSnapshot(golden('bills.csv'));
});
