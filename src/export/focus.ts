import { at, type CostLine } from '../cost/curve.js';
import { monthlyPlan, steady } from '../decide/months.js';
import { type Plan, taskPartName } from '../decide/plan.js';
import type { Option } from '../places/option.js';
import { type CsvColumns, csvTable, nameCell } from '../report/csv.js';
import { kindNames } from '../tables/kinds.js';
import { monthAfter } from '../units/month.js';
import type { Exported, Target } from './target.js';

/** One charge of a month. `usd`: its share of the mean cost; `upfront`: purchases before the start. */
type Charge = { month: number; line: CostLine; usd: number; upfront: number; option: Option | null; tasks: string };

/** Planned charges as FOCUS 1.2 rows: one for each month, deployment and cost part, and for each up-front purchase. */
export const focus: Target = {
  title: 'planned costs as FOCUS 1.2 rows',
  files: (exported) => [{ path: 'focus.csv', text: csvTable(columnsFor(exported), chargesOf(exported)) }],
};

/** The sum of all months is the plan's mean monthly cost times the months. */
function chargesOf({ plan, context }: Exported): Charge[] {
  const { months } = context.workload;
  const first = monthlyPlan(plan, context, 0);
  const even = steady(plan, context.workload);
  return Array.from({ length: months }, (_, month) => month).flatMap((month) => {
    const priced = even ? first : monthlyPlan(plan, context, month);
    const charges = attributed(priced.plan).flatMap(({ line, ...of }): Charge[] => {
      // One-offs are spread over the horizon, whichever month they are paid in.
      if (line.once === true) return [];
      const usd = at(line.curve, priced.then.workload.requestsPerDay);
      return usd === 0 ? [] : [{ month, line, usd, upfront: 0, ...of }];
    });
    const spread = attributed(plan).flatMap(({ line, ...of }): Charge[] => {
      if (line.once !== true) return [];
      const usd = at(line.curve, context.workload.requestsPerDay);
      const bought = month === 0 && line.upfront > 0;
      return [
        ...(bought ? [{ month, line, usd: 0, upfront: line.upfront, ...of }] : []),
        ...(usd === 0 ? [] : [{ month, line, usd, upfront: 0, ...of }]),
      ];
    });
    return [...charges, ...spread];
  });
}

/** Every line of a plan with whose it is; null: that of all. */
const attributed = ({ deployments, shared }: Plan): Pick<Charge, 'line' | 'option' | 'tasks'>[] => [
  ...deployments.flatMap(({ option, taskParts, lines, second }) => {
    const tasks = taskParts.map(taskPartName).join(' ');
    return [
      ...lines.map((line) => ({ line, option, tasks })),
      ...(second?.lines ?? []).map((line) => ({ line, option: second?.option ?? null, tasks })),
    ];
  }),
  ...shared.map((line) => ({ line, option: null, tasks: '' })),
];

/** Tokens of a model that others run, calls of tools, and throughput of a model. */
const isOfModel = ({ line, option }: Charge): boolean =>
  /^(?:tokens|tools)\./.test(line.part) || (option !== null && option.provisioned !== null);
const serviceOf = (charge: Charge): string =>
  charge.option === null ? 'Other' : isOfModel(charge) ? 'AI and Machine Learning' : 'Compute';

/** Columns by FOCUS names; own ones begin with `x_`. Billed costs are 0, as nothing was bought. */
function columnsFor({ context, plan }: Exported): CsvColumns<Charge> {
  const { workload, tables } = context;
  const startOf = (month: number) => `${monthAfter(workload.firstMonth, month)}-01T00:00:00Z`;
  const provider = ({ option }: Charge) => (option === null ? 'own team' : option.provider);
  const listed = ({ usd, upfront, line }: Charge) => (line.once === true ? upfront : usd);
  return {
    BilledCost: () => 0,
    BillingAccountId: () => 'forecast',
    BillingAccountName: () => 'forecast',
    BillingCurrency: () => 'USD',
    BillingPeriodEnd: ({ month }) => startOf(month + 1),
    BillingPeriodStart: ({ month }) => startOf(month),
    ChargeCategory: ({ upfront }) => (upfront > 0 ? 'Purchase' : 'Usage'),
    ChargeClass: () => null,
    ChargeDescription: ({ line }) => line.label,
    ChargePeriodEnd: ({ month }) => startOf(month + 1),
    ChargePeriodStart: ({ month }) => startOf(month),
    ContractedCost: listed,
    EffectiveCost: ({ usd }) => usd,
    InvoiceIssuerName: provider,
    ListCost: listed,
    ListUnitPrice: listed,
    PricingQuantity: () => 1,
    PricingUnit: () => 'Months',
    ProviderName: provider,
    PublisherName: provider,
    RegionId: ({ option }) => option?.region ?? null,
    ServiceCategory: serviceOf,
    ServiceName: ({ option }) => (option === null ? 'people and data' : kindNames[option.kind]),
    ServiceSubcategory: (charge) =>
      charge.option === null ? 'Other (Other)' : isOfModel(charge) ? 'Generative AI' : 'Virtual Machines',
    SkuId: ({ option }) => option?.id ?? null,
    x_Forecast: () => true,
    x_Part: ({ line }) => line.part,
    x_Plan: () => plan.id,
    x_PriceDate: () => tables.snapshot.date,
    x_Scenario: () => nameCell(workload.name),
    x_Task: ({ tasks }) => nameCell(tasks),
  };
}
