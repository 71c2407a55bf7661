import { isUnpriced } from '../../src/cost/curve.js';
import { planVerdicts } from '../../src/decide/option-report.js';
import { type Plan, planOf } from '../../src/decide/plan.js';
import { verdictsOn } from '../../src/decide/review.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf } from '../../src/places/registry.js';
import { mayRun } from '../../src/rules/rule.js';
import { availability, availabilityOf, availabilityOfPair } from '../../src/rules/service.js';
import type { Kind } from '../../src/tables/columns.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { everyOption } from './brute-force.js';

/** Every way to serve one task as a whole, by a walk through all options: each is asked all rules and priced with its traced bill. */
export type Served = {
  option: Option;
  second: { role: 'overflow' | 'failover'; option: Option } | null;
  plan: Plan;
};

export type EveryWay = {
  /** What rules on options let serve, cheapest first; whole plans are not asked yet. */
  ways: readonly Served[];
  cheapest: Served | null;
  /** The cheapest of a deployment type, alone or with a second place of the same type. */
  ofType(kind: Kind): Served | null;
};

const tokenApis: ReadonlySet<Kind> = new Set(['cloud-api', 'open-model-api']);

/** Rules that turn an option down for the task. */
function failing(option: Option, taskPart: TaskPart, context: Context): string[] | null {
  const service = placementOf(option.kind).service(option, taskPart, context);
  if (isUnpriced(service)) return null;
  return verdictsOn(option, taskPart, context, service).flatMap(({ gate, verdict }) => (mayRun(verdict) ? [] : [gate]));
}

export function everyWay(context: Context): EveryWay {
  const { taskParts, rules } = context.workload;
  const [taskPart] = taskParts as [TaskPart];
  const priced = (option: Option, second: Served['second']): Served[] => {
    const plan = planOf([{ option, taskParts, ...(second && { second }) }], context);
    return isUnpriced(plan) ? [] : [{ option, second, plan }];
  };
  const mayPair = (role: string): boolean => rules.maxDeployments > 1 && !rules.exclude.includes(role);
  const alone: Option[] = [];
  /** Options that are available too seldom alone, and may be paired. */
  const tooLittle: Option[] = [];
  for (const option of everyOption(context)) {
    const gates = failing(option, taskPart, context);
    if (gates?.length === 0) alone.push(option);
    else if (gates?.every((gate) => gate === availability.id)) tooLittle.push(option);
  }
  const ways = alone.flatMap((option) => priced(option, null));
  if (mayPair('overflow')) {
    const apis = alone.filter(({ kind }) => tokenApis.has(kind));
    for (const own of ways.filter(isHeld))
      for (const api of apis)
        if (mayTakeAbove(own.option, api)) ways.push(...priced(own.option, { role: 'overflow', option: api }));
  }
  if (taskPart.needs.availability !== null && mayPair('failover')) ways.push(...failovers());
  ways.sort((a, b) => a.plan.monthlyUsd - b.plan.monthlyUsd);
  const cheapestWhere = (takes: (way: Served) => boolean): Served | null =>
    ways.find((way) => takes(way) && isAllowed(way, context)) ?? null;
  return {
    ways,
    cheapest: cheapestWhere(() => true),
    ofType: (kind) =>
      cheapestWhere(({ option, second }) => option.kind === kind && (second === null || second.option.kind === kind)),
  };

  /** Of every first place and every API that together answer enough of the time. */
  function failovers(): Served[] {
    const both = [...alone, ...tooLittle];
    const apis = both.filter(({ kind }) => tokenApis.has(kind));
    return both.flatMap((option) =>
      availabilityOf(option, context) === null
        ? []
        : apis.flatMap((api) =>
            mayRun(availabilityOfPair(option, api, taskPart, context))
              ? priced(option, { role: 'failover', option: api })
              : [],
          ),
    );
  }
}

/** Above provisioned throughput are the tokens of the same model. */
const mayTakeAbove = ({ provisioned, api, mode }: Option, above: Option): boolean =>
  provisioned === null || (above.api === api && above.mode === mode);

/** Machines that are there for all hours and not owned yet, whose peaks another place may take. */
const isHeld = ({ option, plan }: Served): boolean =>
  (option.fleet?.offer.owned === 0 || option.provisioned !== null) &&
  plan.deployments.some(({ lines }) => lines.some(({ curve }) => curve.terms.some(({ is }) => is === 'peak')));

/** Whether the rules on whole plans let it through. */
export const isAllowed = ({ plan }: Served, context: Context): boolean =>
  planVerdicts(plan, context).every(({ verdict }) => mayRun(verdict));
