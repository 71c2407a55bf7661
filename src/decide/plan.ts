import { add, at, type CostCurve, type CostLine, isUnpriced, machinesIn, type Unpriced } from '../cost/curve.js';
import { ownFeeLines, retrievalLines, tuningLines } from '../cost/extras.js';
import { type FleetTerm, unitsAtPeak, withSpareOf } from '../cost/fleet.js';
import {
  fteOf,
  fteUsdPerMonth,
  onCallFor,
  runFormula,
  type Staffed,
  type Staffing,
  setupFormula,
  setupUsd,
  staffingOf,
  tracedFte,
  tracedRunUsd,
  tracedSetupPerMonth,
  tracedSetupUsd,
} from '../cost/people.js';
import { hoursInMonth } from '../cost/task-trace.js';
import { eachOnce, given, product, quotient, sourcesOf, type Traced } from '../formula/traced.js';
import type { Option } from '../places/option.js';
import { type Named, proseNames } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { kindNames } from '../tables/column.js';
import type { Origin, Tables } from '../tables/tables.js';
import { remembering } from '../units/memo.js';
import { boundaries, isDevelopment, type Shape, type TaskPart, type Workload } from '../workload/workload.js';
import { type SecondPlace, together } from './fallback.js';

/** The shape of a plan, by the purpose of its places; mixed: several purposes, or a place that does not serve it. */
export function shapeOf(parts: readonly PlanPart[]): Shape {
  const reasons = new Set<Shape>([
    ...parts.flatMap(({ second }) => second?.role ?? []),
    ...parts.flatMap(({ taskParts }) => taskParts.flatMap(({ cut }) => cut?.shape ?? [])),
    ...(developedElsewhere(parts) ? (['dev-prod-split'] as const) : []),
  ]);
  const [reason] = reasons;
  if (reason === undefined) {
    if (parts.length === 1) return 'single';
    return splitByData(parts) ? 'sensitivity-split' : 'tiered-routing';
  }
  if (reasons.size > 1 || parts.some((part) => !servesA(reason, part))) return 'mixed';
  return devicesFirst(parts) ? 'edge-fallback' : reason;
}

/** Whether a place has a part in what a shape is for. */
const servesA = (shape: Shape, { second, taskParts }: PlanPart): boolean =>
  shape === 'dev-prod-split' || second !== undefined || taskParts.some(({ cut }) => cut !== undefined);

/** Whether requests of developers go where none of their task's users do. */
const developedElsewhere = (parts: readonly PlanPart[]): boolean =>
  parts.some(({ taskParts }) =>
    taskParts.some(
      (taskPart) =>
        isDevelopment(taskPart) && !taskParts.some((other) => other.task === taskPart.task && !isDevelopment(other)),
    ),
  );

/** Whether data rules alone decide who goes where: no two places may hold data of the same boundary. */
function splitByData(parts: readonly PlanPart[]): boolean {
  const held = parts.map(({ taskParts }) => new Set(taskParts.map(({ needs }) => boundaries.indexOf(needs.boundary))));
  return held.every((mine, i) =>
    held.every((others, j) => i === j || ![...mine].some((boundary) => others.has(boundary))),
  );
}

/** Whether a part that could be anywhere runs on devices, and the others elsewhere. */
const devicesFirst = (parts: readonly PlanPart[]): boolean =>
  parts.some(({ option, taskParts }) => option.onDevices !== null && taskParts.some(({ cut }) => cut !== undefined)) &&
  parts.some(({ option }) => option.onDevices === null);

/** Who serves what, before it has a price. */
export type PlanPart = { option: Option; taskParts: TaskPart[]; second?: SecondPlace };

/** Task parts on an option, and the costs of both; `second`: another option for the same parts, and its share. */
export type Deployment = {
  option: Option;
  taskParts: TaskPart[];
  lines: CostLine[];
  second?: SecondPlace & { lines: CostLine[]; share(volume: number): number };
  /** Units of its fleet at a volume, where its lines do not say. */
  units?: (volume: number) => number;
};

/** Every option of a deployment: the first, and the second. */
export const optionsOf = ({ option, second }: Pick<PlanPart, 'option' | 'second'>): Option[] =>
  second === undefined ? [option] : [option, second.option];

/** A complete assignment of task parts to options, priced on the volume axis. */
export type Plan = {
  id: string;
  shape: Shape;
  deployments: Deployment[];
  /** People: shared by all deployments. */
  shared: CostLine[];
  curve: CostCurve;
  monthlyUsd: number;
  upfrontUsd: number;
  fte: number;
};

/** Prices who serves what; says why when something has no price. */
export function planOf(parts: readonly PlanPart[], context: Context): Plan | Unpriced {
  const { workload } = context;
  const deployments: Deployment[] = [];
  for (const part of parts) {
    const deployment = deploymentOf(part, context);
    if (isUnpriced(deployment)) return deployment;
    deployments.push(deployment);
  }
  const shared = [...peopleLines(deployments, context), ...taskLines(parts, context)];
  const lines = linesOf({ deployments, shared });
  const curve = add(lines.map((line) => line.curve));
  return {
    id: planId(parts, workload),
    shape: shapeOf(parts),
    deployments,
    shared,
    curve,
    monthlyUsd: at(curve, workload.requestsPerDay),
    upfrontUsd: lines.reduce((sum, { upfront }) => sum + upfront, 0),
    fte: fteOf(staffing(deployments, context, workload.requestsPerDay), workload.assume),
  };
}

/** Who serves what in a plan, with the task parts of another workload. */
export const partsOf = (plan: Plan, taskPartOf: (taskPart: TaskPart) => TaskPart): PlanPart[] =>
  plan.deployments.map(({ option, taskParts, second }) => ({
    option,
    taskParts: taskParts.map(taskPartOf),
    ...(second && { second: { role: second.role, option: second.option } }),
  }));

/** A part with its price. */
export function deploymentOf({ option, taskParts, second }: PlanPart, context: Context): Deployment | Unpriced {
  if (second === undefined) {
    const lines = placementOf(option.kind).price(option, taskParts, context);
    return isUnpriced(lines) ? lines : { option, taskParts, lines };
  }
  const both = together(option, second, taskParts, context);
  if (isUnpriced(both)) return both;
  return {
    option,
    taskParts,
    lines: both.first,
    second: { ...second, lines: both.second, share: both.share },
    ...(both.units && { units: both.units }),
  };
}

/** Names of the two parts that a second place makes of a task. */
export const partNames = { overflow: ['base', 'peak'], failover: ['main', 'standby'] } as const;

type PartName = (typeof partNames)[keyof typeof partNames][number];

/** A task part at one of its places, as one of two parts (null: whole), with the share of its requests at a volume. */
export type Serving = {
  taskPart: TaskPart;
  option: Option;
  name: PartName | null;
  share(volume: number): number;
};

/** Every task part at each of its places; of two, before they have a price, all at the first. */
export const servings = (parts: readonly (PlanPart & { second?: Partial<Pick<Serving, 'share'>> })[]): Serving[] =>
  parts.flatMap(({ option, second, taskParts }) =>
    taskParts.flatMap((taskPart): Serving[] => {
      if (second === undefined) return [{ taskPart, option, name: null, share: () => 1 }];
      const [first, other] = partNames[second.role];
      const away = (volume: number): number => second.share?.(volume) ?? 0;
      return [
        { taskPart, option, name: first, share: (volume) => 1 - away(volume) },
        { taskPart, option: second.option, name: other, share: away },
      ];
    }),
  );

/** What concerns task parts, in the order of the tasks; the parts of a task in its place. */
export const inTaskOrder = <Of extends { taskPart: TaskPart }>(
  all: readonly Of[],
  { taskParts }: Pick<Workload, 'taskParts'>,
): Of[] =>
  taskParts.flatMap(({ id }) => all.filter(({ taskPart }) => taskPart.id === id || taskPart.cut?.whole === id));

/** One option for all whole tasks: its id; else `task=<option>` in scenario order, `task.part=<option>` for parts. */
function planId(parts: readonly PlanPart[], workload: Workload): string {
  const [only] = parts;
  const whole = parts.every(({ taskParts }) => taskParts.every(({ cut }) => cut === undefined));
  if (parts.length === 1 && only !== undefined && only.second === undefined && whole) return only.option.id;
  return inTaskOrder(servings(parts), workload)
    .map(({ taskPart, option, name }) => {
      const part = taskPartName(taskPart);
      return `${name === null ? part : `${part}.${name}`}=${option.id}`;
    })
    .join(';');
}

/** A task part in the id of a plan. */
export const taskPartName = ({ task, part }: TaskPart): string => (part === 'all' ? task : `${task}.${part}`);

/** Costs of tasks wherever they run: retrieval, tuning of models, and own fees. */
export const taskLines = (parts: readonly Pick<PlanPart, 'taskParts'>[], { workload, tables }: Context): CostLine[] => [
  ...retrievalLines(workload, tables),
  ...tuningLines(
    parts.flatMap(({ taskParts }) => taskParts),
    workload,
    tables,
  ),
  ...ownFeeLines(
    parts.flatMap(({ taskParts }) => taskParts),
    { workload, tables },
  ),
];

/** The term of a bill that follows the number of a fleet's machines. */
export const fleetTermOf = (lines: readonly CostLine[]): FleetTerm | undefined =>
  lines
    .flatMap(({ curve }) => curve.terms)
    .find((term): term is FleetTerm => term.is === 'replicas' || term.is === 'peak');

/** Units of a deployment's fleet at the busiest hour, spares included; 0 without a fleet. */
export function unitsOf({ lines, units }: Pick<Deployment, 'lines' | 'units'>, volume: number): number {
  if (units !== undefined) return units(volume);
  const term = fleetTermOf(lines);
  return term === undefined ? 0 : withSpareOf(unitsAtPeak(term, volume), term);
}

/** Machines of a deployment's fleet at the busiest hour at all sites, spares included; 0 without a fleet. */
export const machinesOf = (deployment: Deployment, volume: number): number =>
  unitsOf(deployment, volume) * (deployment.option.fleet?.copies ?? 1);

/** What those units are made of; null without a fleet. */
export const tracedUnits = (deployment: Deployment, volume: number): Traced | null =>
  sizedFleetOf(deployment)?.units(volume) ?? null;

/** The fleet of the line that follows the number of a deployment's machines. */
const sizedFleetOf = ({ lines, units }: Deployment): CostLine['fleet'] =>
  lines.find(
    ({ fleet, curve }) => fleet !== undefined && (units !== undefined || curve.terms.some(({ is }) => is !== 'smooth')),
  )?.fleet;

/** Mean number of a deployment's machines at a site over the horizon: for workers those up, spares included. */
function meanMachines(
  { lines, units }: Pick<Deployment, 'lines' | 'units'>,
  volume: number,
  workload: Workload,
): number {
  if (units !== undefined) return units(volume);
  const term = fleetTermOf(lines);
  if (term !== undefined) return machinesIn(term, volume, workload);
  return lines.reduce((sum, { workers }) => sum + (workers?.(volume) ?? 0), 0);
}

/** Staff of deployments at a volume. */
export const staffedIn = (deployments: readonly Deployment[], context: Context, volume: number): Staffed[] =>
  deployments.flatMap((deployment) => {
    const { option, second, taskParts } = deployment;
    const { workload } = context;
    const asked = { taskParts, volume };
    return [
      staffedOn(option, meanMachines(deployment, volume, workload), asked, context),
      ...(second === undefined ? [] : [staffedOn(second.option, 0, asked, context)]),
    ];
  });

/** Staff of an option with so many machines at a site, for some tasks at a volume. */
const staffedOn = (
  option: Option,
  machines: number,
  { taskParts, volume }: { taskParts: readonly TaskPart[]; volume: number },
  context: Context,
): Staffed => ({
  staff: placementOf(option.kind).staff(option, context),
  provider: option.provider,
  model: option.fleet === null ? null : option.model,
  machines,
  onCall: onCallFor(taskParts, context.workload),
  requestsPerDay: taskParts.reduce(
    (sum, { scales, requestsPerDay: own }) =>
      sum + own * (scales && context.workload.requestsPerDay > 0 ? volume / context.workload.requestsPerDay : 1),
    0,
  ),
});

const staffing = (deployments: readonly Deployment[], context: Context, volume: number): Staffing =>
  staffingOf(staffedIn(deployments, context, volume), context.workload.assume);

function peopleLines(deployments: readonly Deployment[], context: Context): CostLine[] {
  const { workload, tables } = context;
  const at = remembering((volume) => staffing(deployments, context, volume));
  const now = at(workload.requestsPerDay);
  const setupAt = (volume: number): number => setupUsd(at(volume), workload) / workload.months;
  const smooth = (usdAt: (volume: number) => number): CostCurve => ({
    fixed: 0,
    perUnit: 0,
    terms: [{ is: 'smooth', usdAt }],
  });
  const named = (traced: () => Traced) => (): Origin[] => [
    ...eachOnce(sourcesOf(traced())),
    ...originsOf(['defaultLoadedFte'], tables),
  ];
  return [
    {
      part: runFormula.id,
      label: runFormula.label,
      curve: smooth((volume) => fteUsdPerMonth(fteOf(at(volume), workload.assume), workload)),
      upfront: 0,
      working: runFormula,
      trace: (volume) => tracedRunUsd(tracedPeople(deployments, context, volume), context),
      sources: named(() => tracedFte(now, [], context)),
    },
    {
      part: setupFormula.id,
      label: setupFormula.label,
      curve: smooth(setupAt),
      upfront: setupUsd(now, workload),
      once: true,
      working: setupFormula,
      trace: (volume) => tracedSetupPerMonth(tracedSetupUsd(at(volume), context), context),
      traceUpfront: () => tracedSetupUsd(now, context),
      sources: named(() => tracedSetupUsd(now, context)),
    },
  ];
}

/** What the FTE of a plan are made of at a volume. */
export function tracedPeople(deployments: readonly Deployment[], context: Context, volume: number): Traced {
  const asked = staffing(deployments, context, volume);
  const machines = deployments.flatMap((deployment) => {
    const { share, site, sites } = placementOf(deployment.option.kind).staff(deployment.option, context);
    const isRun = site === 'fteDeskBox' ? asked.served > 0 : share > 0;
    return isRun ? [tracedMachines(deployment, volume, sites, context)] : [];
  });
  return tracedFte(asked, machines, context);
}

/** The mean number of a fleet's machines at all sites; null where a number says it all. */
function tracedMachines(deployment: Deployment, volume: number, sites: number, { workload }: Context): Traced | null {
  const sized = sizedFleetOf(deployment);
  if (sized === undefined) return null;
  const at = quotient('machines, mean number', 'machines', sized.hours(volume), hoursInMonth(workload));
  return sites === 1 ? at : product('machines at all sites', 'machines', at, given('sites', sites, 'sites'));
}

const originsOf = (names: readonly string[], tables: Tables): Origin[] =>
  names.flatMap((name) => {
    const row = tables.parameterOf.get(name);
    return row === undefined ? [] : [{ table: row.table, row: row.row }];
  });

/** Every line of a plan's bill. */
export const linesOf = ({ deployments, shared }: Pick<Plan, 'deployments' | 'shared'>): CostLine[] => [
  ...deployments.flatMap(({ lines, second }) => [...lines, ...(second?.lines ?? [])]),
  ...shared,
];

/** USD a month of a plan that are people: those who run it, and who set it up. */
export const peopleUsdOf = ({ shared }: Plan, { requestsPerDay }: Workload): number =>
  shared.reduce(
    (usd, { part, curve }) =>
      part === runFormula.id || part === setupFormula.id ? usd + at(curve, requestsPerDay) : usd,
    0,
  );

/** One-off USD in cash: what is bought, and no wages of setting it up. */
export const upfrontCashUsd = ({ upfrontUsd, shared }: Plan): number =>
  upfrontUsd - shared.reduce((sum, { part, upfront }) => sum + (part === setupFormula.id ? upfront : 0), 0);

/** A plan by what serves what: its id with the tasks sorted, as scenarios may list them in any order. */
export const planKey = (id: string): string => id.split(';').sort().join(';');

/** The name of an option in prose, by its weights, how it is paid and the names of the tables: see `proseNames`. */
type NamedOption = Pick<Option, 'kind' | 'quantization'> & {
  purchase: string | null;
  names: { model: string; provider: string; machine: string | null };
};

/** An option in a few words: model, seller and machine, as people write them. */
export const optionWords = (option: Option, tables: Named): string =>
  namedWords({ names: proseNames(option, tables), ...option });

function namedWords({ quantization, purchase, names: { model, provider, machine } }: NamedOption): string {
  const weights = quantization === null ? model : `${model} (${quantization})`;
  const paid = purchase === null || purchase === 'on-demand' ? null : purchase;
  return [weights, provider, machine, paid].filter((word) => word !== null).join(', ');
}

/** An option with its deployment type. */
export const placeWords = (option: NamedOption): string => `${placementOf(option.kind).title}: ${namedWords(option)}`;

/** A plan in a few words: its kinds and options, each once. */
export const planWords = ({ deployments }: Plan, tables: Named): string => {
  const words = (option: Option): string => placeWords({ names: proseNames(option, tables), ...option });
  return deployments
    .flatMap(({ option, second, lines }) => [
      `${words(option)}${[...new Set(lines.flatMap(({ tariffs = [] }) => tariffs))].map((tariff) => `, ${tariff}`).join('')}`,
      ...(second === undefined ? [] : [`${secondWords[second.role]} ${words(second.option)}`]),
    ])
    .join('; ');
};

const secondWords = { overflow: 'above its capacity', failover: 'while it is down' };

/** Who serves what, in short: `faq.easy on a / b; faq.hard on c / d`; for one option for everything its name. */
export const servedWords = ({ deployments }: Plan, tables: Named): string =>
  deployments
    .map(({ option, taskParts, second }) => {
      const on = `${optionWords(option, tables)}${second === undefined ? '' : `, ${secondWords[second.role]} ${optionWords(second.option, tables)}`}`;
      return deployments.length === 1 ? on : `${taskWords(taskParts)} on ${on}`;
    })
    .join('; ');

const seconds = { overflow: 'with what exceeds it on', failover: 'and while it is down on' };

/** A plan within a sentence: `cloud API a / b`; of several places, who serves which tasks. */
export function planPhrase({ deployments }: Plan, tables: Named): string {
  const places = deployments.map((deployment) => {
    const [first, second] = optionsOf(deployment).map(
      (option) => `${kindNames[option.kind]} ${optionWords(option, tables)}`,
    );
    return deployment.second === undefined ? `${first}` : `${first}, ${seconds[deployment.second.role]} ${second}`;
  });
  if (deployments.length === 1) return places.join();
  return deployments.map(({ taskParts }, i) => `${taskWords(taskParts)} on ${places[i]}`).join('; ');
}

const taskWords = (taskParts: readonly TaskPart[]): string => taskParts.map(taskPartName).join(', ');
