import type { How, Traced } from '../formula/traced.js';
import type { Context } from '../places/placement.js';
import type { Confidence } from '../tables/columns.js';
import { rowKey } from '../tables/price-book/apply-price-book.js';
import { bookLabels } from '../tables/price-book/price-book.js';
import { sha256 } from '../tables/sha256.js';
import type { Origin, Prose, TableName, Tables } from '../tables/tables.js';
import { daysBetween } from '../units/month.js';
import { rounded } from '../units/numeric.js';
import { nearest } from '../units/problem.js';
import { type ReadScenario, withScenarioPrices } from '../workload/read.js';
import { resolve } from '../workload/resolve.js';
import { setUnder } from '../workload/set.js';
import { type Figures, figuresOf } from './figures.js';
import { type NoPlan, planNamed } from './find-plan.js';
import { type Plan, planWords } from './plan.js';

const schemaVersion = '1.1.0';

/** A row as a reader can find it; `row` counts from 1, null: the price is the user's own. */
export type ExplainedSource = {
  table: TableName;
  row: number | null;
  source: string;
  date: string;
  confidence: Confidence;
};

/** A figure with where it comes from: JSON as it is printed. */
export type ExplainedFigure = {
  label: string;
  value: number;
  unit: string;
  how: How;
  formula: string | null;
  parts: ExplainedFigure[];
  sources: ExplainedSource[];
  /**
   * A parameter that the user may change under `assumptions:`, with the range of the tables; `as`: the parameter whose
   * value it takes, null where it has one of its own.
   */
  assumption: {
    name: string;
    unit: string;
    low: number;
    likely: number;
    high: number;
    by: 'user' | 'table';
    as: string | null;
  } | null;
  /** The path in the scenario that sets it, or may; `origin` null: nothing is listed there. */
  scenario: { path: string; text: string; origin: 'user' | 'assumed' | null } | null;
};

export type Explanation = {
  schemaVersion: string;
  tool: { name: string; version: string };
  scenario: { name: string; file: string; sha256: string };
  tables: { snapshot: string; asOf: string; ageDays: number; sha256: string; priceBook: string | null };
  plan: string;
  /** The plan in a few words. */
  label: string;
  figure: string;
  tree: ExplainedFigure;
};

/** Why there is nothing to explain. */
type Unexplained = NoPlan | { code: 'no-such-figure'; message: string; suggestion: string | null };

type ExplainOptions = {
  asOf: string;
  /** Id of an option or a plan, another name of its model, or a few words; null: the recommended plan. */
  plan: string | null;
  /** Id of a figure; null: what the plan costs a month. */
  figure: string | null;
  prose: Prose;
  tool: { name: string; version: string };
};

const usualFigure = 'monthlyCost';

/** Where a figure of a plan comes from, part by part down to rows, assumptions and the scenario. Pure. */
export function explain(read: ReadScenario, list: Tables, options: ExplainOptions): Explanation | Unexplained {
  const { asOf, tool } = options;
  const { tables, prose } = withScenarioPrices(read, list, options.prose);
  const context: Context = { workload: resolve(read, tables, asOf), tables };
  const plan = planNamed(options.plan, context);
  if ('code' in plan) return plan;
  const found = figureNamed(options.figure ?? usualFigure, figuresOf(plan, context), plan);
  if ('code' in found) return found;
  return {
    schemaVersion,
    tool,
    scenario: { name: context.workload.name, file: read.file, sha256: sha256(read.text) },
    tables: {
      snapshot: tables.snapshot.date,
      asOf,
      ageDays: daysBetween(tables.snapshot.date, asOf),
      sha256: tables.snapshot.sha256,
      priceBook: bookLabels(tables),
    },
    plan: plan.id,
    label: planWords(plan, tables),
    figure: found.id,
    tree: explained(found.traced, context, read, prose),
  };
}

function figureNamed(asked: string, figures: Figures, plan: Plan): { id: string; traced: Traced } | Unexplained {
  const id = [...figures.keys()].find((each) => each.toLowerCase() === asked.toLowerCase());
  const traced = figures.get(id ?? '')?.() ?? null;
  if (id !== undefined && traced !== null) return { id, traced };
  const ids = [...figures].filter(([, make]) => make() !== null).map(([known]) => known);
  const near = nearest(asked, ids);
  return {
    code: 'no-such-figure',
    message: `${plan.id} has no figure "${asked}"`,
    suggestion: `${near === null ? '' : `did you mean ${near}? `}figures: ${ids.join(', ')}`,
  };
}

/** A traced figure with its rows, ranges and places in the scenario looked up. */
function explained(traced: Traced, context: Context, read: ReadScenario, prose: Prose): ExplainedFigure {
  const { label, value, unit, how, formula, parts, sources, assumption, path } = traced;
  const { workload, tables } = context;
  const under = assumption === null ? null : setUnder(assumption, read.scenario.assumptions, tables);
  const row = assumption === null ? undefined : tables.parameterOf.get(assumption);
  // A convention such as the hours of a month is known by its name alone.
  const origins = sources.length > 0 || row === undefined ? sources : [{ table: row.table, row: row.row }];
  const input = path === null ? undefined : workload.inputs.find((each) => each.path === path);
  return {
    label,
    value: rounded(value),
    unit,
    how,
    formula,
    parts: parts.map((part) => explained(part, context, read, prose)),
    // What the user set does not come from the table.
    sources: under !== null ? [] : origins.map((origin) => explainedSource(origin, tables, prose)),
    assumption:
      assumption === null || row === undefined
        ? null
        : {
            name: assumption,
            unit: row.unit,
            low: row.low,
            likely: row.likely,
            high: row.high,
            by: under === null ? 'table' : 'user',
            as: under === assumption ? null : row.as,
          },
    scenario: path === null ? null : { path, text: input?.text ?? '', origin: input?.origin ?? null },
  };
}

function explainedSource(origin: Origin, tables: Tables, prose: Prose): ExplainedSource {
  const { source, date } = prose(origin);
  const rows: readonly { row: number; confidence: Confidence }[] = tables[origin.table];
  return {
    table: origin.table,
    row: tables.ownPricing?.changed.has(rowKey(origin)) ? null : origin.row + 1,
    source,
    date,
    confidence: rows.find(({ row }) => row === origin.row)?.confidence ?? 'low',
  };
}
