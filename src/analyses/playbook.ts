import { cashExtraUsd } from '../cost/people.js';
import type { ChecklistItem, Decision, PlaybookStep } from '../decide/decision.js';
import { todaysPlanIfKnown } from '../decide/find-plan.js';
import { conditions } from '../decide/option-report.js';
import { optionsOf, servedWords } from '../decide/plan.js';
import type { Reviewed } from '../decide/review.js';
import { leadTimeWeeks } from '../places/fleet-numbers.js';
import { type Option, proseNames, withMode } from '../places/option.js';
import { type Context, regimeRows } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { dataGates } from '../rules/registry.js';
import { allHold, factForm } from '../tables/condition.js';
import type { PlanFact } from '../tables/row-facts.js';
import type { RegimeRow } from '../tables/rows.js';
import type { Prose, Tables } from '../tables/tables.js';
import { countWords, usdWords } from '../units/format.js';
import { rounded } from '../units/numeric.js';
import type { Stage } from './stages/stages.js';

/** Inputs of the first steps: the plan of a decision with its verdicts, and following stages. */
type Made = { reviewed: Reviewed | null; followedBy: readonly Stage[]; context: Context };

/** The rows of playbook.csv that hold, with figures. The first is the next step. */
export function stepsOf(decision: Decision, made: Made, prose: Prose): PlaybookStep[] {
  const { tables, workload } = made.context;
  const facts = new Map<string, number | string>(Object.entries(factsOf(decision, made)));
  const known = (name: string): number | string | null =>
    facts.get(name) ?? (tables.parameterOf.has(name) ? workload.assume(name) : null);
  return tables.playbook
    .filter(({ when }) => allHold(when, facts))
    .map(({ id, text, takes, row }, index) => {
      const figures: Record<string, number> = {};
      const does = text.replace(factForm, (_, name: string, form: string | undefined) => {
        const value = known(name);
        if (typeof value !== 'number') return value ?? 'unknown';
        figures[name] = rounded(value);
        return written(value, form);
      });
      const weeks = takes === null ? null : known(takes);
      return {
        step: index + 1,
        id,
        do: does,
        weeks: typeof weeks === 'number' ? rounded(weeks) : null,
        figures,
        source: prose({ table: 'playbook', row }).source,
      };
    });
}

function written(value: number, form: string | undefined): string {
  if (form === 'usd') return usdWords(value);
  if (form === 'count') return countWords(value);
  const plain = String(Number(value.toFixed(2)));
  return form === 'weeks' ? `${plain} week${value === 1 ? '' : 's'}` : plain;
}

const yesNo = (holds: boolean): string => (holds ? 'yes' : 'no');

function factsOf(
  decision: Decision,
  { reviewed, followedBy, context }: Made,
): Partial<Record<PlanFact, number | string>> {
  if (reviewed === null) return { fits: 'no' };
  const { recommendation, uncertainty } = decision;
  const { workload, tables } = context;
  const { plan, verdicts } = reviewed;
  const options = plan.deployments.flatMap(optionsOf);
  const now = todaysPlanIfKnown(context);
  const agreements = conditions({ verdicts: verdicts.filter(({ gate }) => dataGates.has(gate)) });
  const leads = options.map((option) => ({ option, weeks: leadTimeWeeks(option, context) ?? 0 }));
  const slowest = leads.reduce((most, one) => (one.weeks > most.weeks ? one : most), { option: null, weeks: 0 } as {
    option: (typeof options)[number] | null;
    weeks: number;
  });
  const retiring = options.filter(({ retires }) => retires !== null);
  const [next] = followedBy;
  return {
    fits: 'yes',
    stays: yesNo(now?.id === plan.id),
    plan: servedWords(plan, tables),
    qualityOpen: yesNo(
      uncertainty?.confidence.driver === 'quality' || recommendation.assignments.some((one) => one.needAssumed),
    ),
    failedAnswerPriced: yesNo(
      recommendation.betterQuality.length < 2 || recommendation.failedAnswers?.monthlyCost !== null,
    ),
    bought: yesNo(recommendation.costParts.some(({ part, upfront }) => upfront > 0 && part === 'capital.purchase')),
    ...(workload.today && { today: (now && servedWords(now, tables)) || workload.today.option }),
    ...belowList(decision, now?.monthlyUsd ?? null, context),
    agreements: agreements.join('; '),
    agreementCount: agreements.length,
    fteMissing: workload.team.given ? Math.max(0, plan.fte - workload.team.freeFte) : 0,
    fteNeeded: plan.fte,
    fteFree: workload.team.freeFte,
    cashExtra: cashExtraUsd(plan.fte, workload),
    upfrontCost: plan.upfrontUsd,
    slowest: slowest.option === null ? '' : machineOf(slowest.option, tables),
    leadWeeks: slowest.weeks,
    retires: yesNo(retiring.length > 0),
    retiring: [...new Set(retiring.map(({ model, mode }) => withMode(model, mode)))].join(' and '),
    retiresOn: retiring.map(({ retires }) => retires ?? '').sort()[0] ?? '',
    nextStage: yesNo(next !== undefined),
    ...(next && {
      stagePlan: servedWords(next.plan, tables),
      stageOn: next.then.workload.firstMonth,
      stageVolume: next.then.workload.taskParts.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0),
      stageCost: next.plan.monthlyUsd,
      stageMoveCost: next.moveUsd,
    }),
  };
}

/** A bill below list prices. With growth the mean of months is above today's bill in any case. */
function belowList({ recommendation }: Decision, listUsd: number | null, { workload }: Context) {
  const { savingsOverToday, monthlyCost } = recommendation;
  const isBelow = workload.growth.length === 1 && savingsOverToday !== null && savingsOverToday < 0;
  if (!isBelow || listUsd === null || monthlyCost === null || listUsd <= monthlyCost) return {};
  return { dearer: -savingsOverToday, todayList: listUsd, todayBill: workload.today?.billUsdPerMonth ?? 0 };
}

/** What is waited for, as people call it. */
function machineOf(option: Option, tables: Tables): string {
  const { machine, provider } = proseNames(option, tables);
  return machine ?? (option.kind === 'edge' ? 'what runs on devices' : provider);
}

/** The rows of regimes.csv with what whoever runs a model has to see to. */
const security = 'self-hosted-security';

/** Conditions of the plan, then data rules, then security of self-hosted weights. */
export function checklistOf(
  { plan }: Reviewed,
  conditions: readonly string[],
  context: Context,
  prose: Prose,
): ChecklistItem[] {
  const items = new Map<string, ChecklistItem>();
  const add = (item: string, because: string, source: string): void => {
    const same = items.get(item);
    if (same === undefined) items.set(item, { item, because, source });
    else if (!same.because.includes(because)) same.because = `${same.because}; ${because}`;
  };
  const addRow = ({ requirement, row }: RegimeRow, because: string): void =>
    add(requirement, because, prose({ table: 'regimes', row }).source);
  for (const condition of conditions) add(condition, 'the plan depends on it', 'this decision');
  for (const deployment of plan.deployments)
    for (const taskPart of deployment.taskParts)
      for (const row of regimeRows(taskPart, context))
        if (
          row.effect === 'checklist' &&
          optionsOf(deployment).some(({ kind }) => row.allowedPlacements.includes(kind))
        )
          addRow(row, `${row.regime} for ${taskPart.task}`);
  const own = plan.deployments.flatMap(optionsOf).filter(({ kind }) => !placementOf(kind).perToken);
  for (const row of context.tables.regimes.filter(({ regime }) => regime === security)) {
    const on = own.filter(({ kind }) => row.allowedPlacements.includes(kind));
    const places = [...new Set(on.map(({ kind, provider }) => `${kind}/${provider}`))].join(', ');
    if (places !== '') addRow(row, `${security} on ${places}`);
  }
  return [...items.values()];
}
