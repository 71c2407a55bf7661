import { stringify } from 'yaml';
import { at, type CostLine } from '../cost/curve.js';
import type { Decision, ScorecardRow } from '../decide/decision.js';
import { monthlyPlan, steady } from '../decide/months.js';
import { optionsOf, type Plan, planPhrase, servedWords, taskPartName } from '../decide/plan.js';
import { kindsOf } from '../decide/recommendation.js';
import type { Option } from '../places/option.js';
import { code as htmlCode, markdownList } from '../report/assess.js';
import { conditionOf } from '../report/changes.js';
import { decimal, grouped, money, percent } from '../report/numbers.js';
import { whyNot } from '../report/other-ways.js';
import { type CsvColumns, csvTable, nameCell, plainText } from '../report/printable.js';
import { kindNames } from '../tables/column.js';
import { dayAfter, monthAfter } from '../units/month.js';
import { type Exported, headOf, type Target } from './places.js';

/** A decision record in the form of MADR 4: question, options, proposal and when it changes. */
export const adr: Target = {
  title: 'decision record (MADR 4)',
  files(exported) {
    const decision = exported.decision();
    const matter = { status: 'proposed', date: exported.context.workload.asOf, 'decision-makers': [] };
    const sections = [context, drivers, considered, outcome, pros, more].map((section) =>
      section(exported, decision).join('\n').trimEnd(),
    );
    const { plan } = exported;
    // Where there are several, each begins with its tasks.
    const on = plan.deployments.length === 1 ? ' on' : ':';
    const title = `# Run ${markdownText(exported.context.workload.name)}${on} ${markdownText(servedWords(plan, exported.context.tables))}`;
    const [, ...origin] = headOf('', exported, []);
    const comment = `<!--\n${origin.map(commentText).join('\n')}\n-->`;
    const text = [`---\n${stringify(matter)}---`, comment, title, ...sections].join('\n\n');
    return [{ path: 'decision.md', text: `${text}\n` }];
  },
};

/** A line in a comment of HTML, which it neither ends nor begins another one in. */
const commentText = (line: string): string =>
  plainText(line)
    .replace(/-(?=-)/g, '- ')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

/** What Markdown would take for its own, in a file that people also read as it is. */
const markdownText = (text: string): string =>
  plainText(text).replace(/[\\`*<>[\]|~]|&(?=#|\w+;)|(?<!\w)_|_(?!\w)/g, '\\$&');

/** Code; as HTML text where a code span would keep HTML or Markdown characters. */
const code = (text: string): string => {
  const plain = plainText(text);
  return /[`<>&]/.test(plain) ? htmlCode(plain) : `\`${plain}\``;
};

type Section = (exported: Exported, decision: Decision) => string[];

const isAdvised = ({ plan }: Exported, { recommendation }: Decision): boolean => plan.id === recommendation.plan;

const context: Section = ({ context: { workload } }) => [
  '## Context and Problem Statement',
  '',
  `${grouped(workload.requestsPerDay)} requests a day in the first month, over ${workload.months} months. Where should they be served?`,
  '',
  ...markdownList(
    workload.taskParts.map(({ task, part, tokens, needs, requestsPerDay }) => {
      const name = part === 'all' ? task : `${task}.${part}`;
      const data = `${needs.sensitivity} data, boundary ${needs.boundary}`;
      const rules = [...needs.regimes, ...needs.residency].map(markdownText).join(', ');
      return `${code(name)}: ${decimal(requestsPerDay)} requests a day, ${grouped(tokens.input)} tokens in and ${grouped(tokens.output)} out, ${data}${rules === '' ? '' : `, ${rules}`}`;
    }),
  ),
];

const drivers: Section = ({ context: { workload } }, { considered: { rejectedBy } }) => {
  const { budgetMonthlyUsd, budgetUpfrontUsd, objective } = workload.rules;
  return [
    '## Decision Drivers',
    '',
    ...markdownList([
      ...Object.entries(rejectedBy).map(
        ([gate, options]) => `rule ${code(gate)}: excluded ${grouped(options)} options`,
      ),
      ...(budgetMonthlyUsd === null ? [] : [`at most ${money(budgetMonthlyUsd)} a month`]),
      ...(budgetUpfrontUsd === null ? [] : [`at most ${money(budgetUpfrontUsd)} up front`]),
      `people free for it: ${decimal(workload.team.freeFte)} full-time equivalents`,
      `objective: ${code(objective)}`,
    ]),
  ];
};

const considered: Section = (exported, decision) => {
  const { plan, context } = exported;
  const { scorecard } = decision;
  const kinds = kindsOf(plan, context.workload).map((kind) => kindNames[kind]);
  const own = `${kinds.join(' and ')} together: ${code(plan.id)}, ${money(plan.monthlyUsd)} a month, ${isAdvised(exported, decision) ? 'recommended' : 'asked for'}`;
  return [
    '## Considered Options',
    '',
    ...markdownList([
      ...(kinds.length > 1 ? [own] : []),
      ...scorecard.map((row) => `${kindNames[row.kind]}${kinds.length > 1 ? ' alone' : ''}: ${optionWordsOf(row)}`),
    ]),
  ];
};

const optionWordsOf = ({ option, monthlyCost, verdict }: ScorecardRow): string =>
  [
    ...(option === null ? [] : [code(option)]),
    ...(monthlyCost === null ? [] : [`${money(monthlyCost)} a month`]),
    markdownText(verdict.startsWith('no: ') ? `excluded: ${whyNot(verdict)}` : verdict),
  ].join(', ');

const outcome: Section = (exported, decision) => {
  const { plan, context } = exported;
  const { recommendation, options } = decision;
  const advised = isAdvised(exported, decision);
  const { monthlyCostRange: range, probabilityBest, conditions, unkept, reasons, savingsOverToday } = recommendation;
  const lockIn = plan.deployments.flatMap(optionsOf).flatMap(({ id }) => {
    const words = options.find((option) => option.id === id)?.lockIn ?? null;
    return words === null ? [] : [`Neutral, because lock-in of ${code(id)} is ${markdownText(words)}`];
  });
  return [
    '## Decision Outcome',
    '',
    `Proposed: ${markdownText(planPhrase(plan, exported.context.tables))}. It costs ${money(plan.monthlyUsd)} a month, mean of the horizon${advised && range !== null ? `, 90 % range ${money(range.p5)} to ${money(range.p95)}` : ''}${advised && probabilityBest !== null ? `, and is best in ${percent(probabilityBest)} of the simulations` : ''}.`,
    '',
    ...(advised
      ? markdownList(reasons.map(markdownText))
      : [
          `It was asked for: the advice is ${recommendation.plan === null ? 'that nothing fits' : code(recommendation.plan)}.`,
          '',
        ]),
    '### Consequences',
    '',
    ...markdownList([
      ...(advised && savingsOverToday !== null
        ? [
            savingsOverToday > 0
              ? `Good, because it saves ${money(savingsOverToday)} a month of bills and people against today`
              : `Bad, because it costs ${money(-savingsOverToday)} a month of bills and people more than today`,
          ]
        : []),
      plan.fte > 0
        ? `Bad, because it takes ${decimal(plan.fte)} full-time equivalents to run`
        : 'Good, because nobody has to run it',
      ...(plan.upfrontUsd > 0 ? [`Bad, because ${money(plan.upfrontUsd)} are paid up front`] : []),
      ...(advised
        ? unkept.map(
            ({ tasks }) =>
              `Bad, because the model is less surely good enough for ${tasks.map(code).join(', ')} than is asked (\`assumptions.capabilityConfidence\`)`,
          )
        : []),
      ...(advised ? conditions.map((todo) => `Neutral, because it has to be seen to: ${markdownText(todo)}`) : []),
      ...new Set(lockIn),
    ]),
    '### Confirmation',
    '',
    'With these lines in the scenario, `deploy-advisor check` tells when the advice is another:',
    '',
    '```yaml',
    stringify({
      expect: { kinds: kindsOf(plan, context.workload), maxMonthlyCost: Math.ceil(plan.monthlyUsd) },
    }).trimEnd(),
    '```',
  ];
};

const pros: Section = (_, { scorecard }) => [
  '## Pros and Cons of the Options',
  '',
  ...scorecard.flatMap((row) => [
    `### ${kindNames[row.kind]}`,
    '',
    ...markdownList([
      ...(row.feasible
        ? ['Good, because every hard requirement is met']
        : [`Bad, because of a rule: ${markdownText(whyNot(row.verdict))}`]),
      ...(row.monthlyCost === null ? [] : [`Neutral, because it costs ${money(row.monthlyCost)} a month`]),
      ...(row.fte === null ? [] : [`Neutral, because it takes ${decimal(row.fte)} full-time equivalents`]),
    ]),
  ]),
];

const more: Section = (exported, decision) => {
  const { workload, tables } = exported.context;
  const { recommendation } = decision;
  const flips = isAdvised(exported, decision) ? recommendation.flips : [];
  const month = flips.flatMap((flip) => (flip.month === null ? [] : [flip.month])).sort((a, b) => a - b)[0];
  return [
    '## More Information',
    '',
    ...markdownList([
      ...flips.map(
        (flip) =>
          `if ${markdownText(conditionOf(flip, decision))}: ${markdownText(flip.becomesLabel ?? 'nothing fits')}`,
      ),
      `prices of ${tables.snapshot.date}; next review ${dayAfter(tables.snapshot.date, workload.assume('priceAgeWarning'))}${month === undefined ? '' : ` or in month ${month}, when growth turns the advice`}`,
    ]),
  ];
};

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
