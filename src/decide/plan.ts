import { add, at, type CostCurve, unitsAtPeak, withSpare } from '../cost/curve.js';
import { type CostLine, isUnpriced, type Unpriced } from '../cost/line.js';
import {
  fteOf,
  fteUsdPerMonth,
  runFormula,
  type Staffing,
  setupCashShare,
  setupFormula,
  setupUsd,
  staffingOf,
} from '../cost/people.js';
import { tracedFte, tracedRunUsd, tracedSetupPerMonth, tracedSetupUsd } from '../cost/people-trace.js';
import { retrievalLines } from '../cost/retrieval.js';
import { tuningLines } from '../cost/tuning.js';
import { given, product, sumOf, type Traced } from '../formula/traced.js';
import type { Option } from '../places/option.js';
import type { Case } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import type { Origin, Tables } from '../tables/tables.js';
import type { Demand, Slice } from '../workload/demand.js';
import type { Shape } from '../workload/shapes.js';
import type { Part } from './part.js';
import { type SecondPlace, together } from './second-place.js';
import { shapeOf } from './shape.js';

/** Slices on an option, and what both cost; `second`: another option for the same slices, and how much it serves. */
export type Deployment = {
  option: Option;
  slices: Slice[];
  lines: CostLine[];
  second?: SecondPlace & { lines: CostLine[]; share(volume: number): number };
  /** Units of its fleet at a volume, where its lines do not say. */
  units?: (volume: number) => number;
};

/** Every option of a deployment: the first, and the second beside it. */
export const optionsOf = ({ option, second }: Pick<Deployment, 'option' | 'second'>): Option[] =>
  second === undefined ? [option] : [option, second.option];

/** A complete assignment of slices to options, priced on the volume axis. */
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
export function planOf(parts: readonly Part[], of: Case): Plan | Unpriced {
  const { demand } = of;
  const deployments: Deployment[] = [];
  for (const part of parts) {
    const deployment = deploymentOf(part, of);
    if (isUnpriced(deployment)) return deployment;
    deployments.push(deployment);
  }
  const shared = [...peopleLines(deployments, of), ...taskLines(parts, of)];
  const lines = linesOf({ deployments, shared });
  const curve = add(lines.map((line) => line.curve));
  return {
    id: planId(parts, demand),
    shape: shapeOf(parts),
    deployments,
    shared,
    curve,
    monthlyUsd: at(curve, demand.requestsPerDay),
    upfrontUsd: lines.reduce((sum, { upfront }) => sum + upfront, 0),
    fte: fteOf(staffing(deployments, of, demand.requestsPerDay), demand.assume),
  };
}

/** How many slices a plan places. */
export const sliceCount = ({ deployments }: Pick<Plan, 'deployments'>): number =>
  deployments.reduce((sum, { slices }) => sum + slices.length, 0);

/** Who serves what in a plan, with the slices of another demand. */
export const partsOf = (plan: Plan, sliceOf: (slice: Slice) => Slice): Part[] =>
  plan.deployments.map(({ option, slices, second }) => ({
    option,
    slices: slices.map(sliceOf),
    ...(second && { second: { role: second.role, option: second.option } }),
  }));

/** A part with its price. */
export function deploymentOf({ option, slices, second }: Part, of: Case): Deployment | Unpriced {
  if (second === undefined) {
    const lines = placementOf(option.kind).price(option, slices, of);
    return isUnpriced(lines) ? lines : { option, slices, lines };
  }
  const both = together(option, second, slices, of);
  if (isUnpriced(both)) return both;
  return {
    option,
    slices,
    lines: both.first,
    second: { ...second, lines: both.second, share: both.share },
    ...(both.units && { units: both.units }),
  };
}

/** Names of the two parts that a second place makes of a task. */
export const partNames = { overflow: ['base', 'peak'], failover: ['main', 'standby'] } as const;

/** Every slice that is served, in the order of the tasks; the parts of a task in its place. */
export function servedIn(parts: readonly Pick<Part, 'slices'>[], { slices }: Pick<Demand, 'slices'>): Slice[] {
  const served = [...new Map(parts.flatMap((part) => part.slices.map((slice) => [slice.id, slice]))).values()];
  const standsFor = (slice: Slice, id: string) => slice.id === id || slice.cut?.whole === id;
  return slices.flatMap(({ id }) => served.filter((slice) => standsFor(slice, id)));
}

/** One option for all whole tasks is that option's id; else `task=<option>` in the scenario's order, `task.part=<option>` for parts. */
function planId(parts: readonly Part[], demand: Demand): string {
  const [only] = parts;
  const whole = parts.every(({ slices }) => slices.every(({ cut }) => cut === undefined));
  if (parts.length === 1 && only !== undefined && only.second === undefined && whole) return only.option.id;
  return servedIn(parts, demand)
    .flatMap((slice) =>
      parts.flatMap(({ option, slices, second }) => {
        if (!slices.some(({ id }) => id === slice.id)) return [];
        const name = sliceName(slice);
        if (second === undefined) return [`${name}=${option.id}`];
        const [first, other] = partNames[second.role];
        return [`${name}.${first}=${option.id}`, `${name}.${other}=${second.option.id}`];
      }),
    )
    .join(';');
}

/** A slice in the id of a plan. */
export const sliceName = ({ task, part }: Slice): string => (part === 'all' ? task : `${task}.${part}`);

/** What tasks cost wherever they run: finding documents, and tuning models to them. */
export const taskLines = (parts: readonly Pick<Part, 'slices'>[], { demand, tables }: Case): CostLine[] => [
  ...retrievalLines(demand, tables),
  ...tuningLines(
    parts.flatMap(({ slices }) => slices),
    demand,
    tables,
  ),
];

/** Units of a deployment's fleet at the busiest hour, spares included; 0 without a fleet. */
export function unitsOf({ lines, units }: Pick<Deployment, 'lines' | 'units'>, volume: number): number {
  if (units !== undefined) return units(volume);
  for (const { curve } of lines) {
    for (const term of curve.terms)
      if (term.is === 'replicas' || term.is === 'peak') return withSpare(unitsAtPeak(term, volume), term);
  }
  return 0;
}

/** Machines of a deployment's fleet at the busiest hour, spares included, at all places together; 0 without a fleet. */
export const machinesOf = (deployment: Deployment, volume: number): number =>
  unitsOf(deployment, volume) * (deployment.option.fleet?.copies ?? 1);

/** What those units are made of; null without a fleet. */
export function tracedUnits({ lines, units }: Pick<Deployment, 'lines' | 'units'>, volume: number): Traced | null {
  const sized = lines.find(
    ({ fleet, curve }) => fleet !== undefined && (units !== undefined || curve.terms.some(({ is }) => is !== 'smooth')),
  );
  if (sized === undefined) return null;
  return sized.fleet?.units(volume) ?? null;
}

const staffing = (deployments: readonly Deployment[], of: Case, volume: number): Staffing =>
  staffingOf(
    deployments.flatMap((deployment) => {
      const { option, second } = deployment;
      return [
        { option, units: unitsOf(deployment, volume) },
        ...(second === undefined ? [] : [{ option: second.option, units: 0 }]),
      ].map((one) => ({
        provider: one.option.provider,
        staff: placementOf(one.option.kind).staff(one.option, of),
        units: one.units,
      }));
    }),
  );

function peopleLines(deployments: readonly Deployment[], of: Case): CostLine[] {
  const { demand, tables } = of;
  const assume = (name: string) => demand.assume(name);
  const up = (volume: number) => fteUsdPerMonth(fteOf(staffing(deployments, of, volume), assume), demand);
  const now = staffing(deployments, of, demand.requestsPerDay);
  const setup = setupUsd(now, demand);
  const roles = now.roles.flatMap(({ name, parameters }) => parameters ?? [name]);
  const tracedSetup = () => tracedSetupUsd(now, of);
  const lines: CostLine[] = [
    {
      part: 'people.run',
      label: runFormula.label,
      curve: { fixed: 0, perUnit: 0, terms: [{ is: 'smooth', up, down: () => 0 }] },
      upfront: 0,
      working: runFormula,
      trace: (volume) => tracedRunUsd(tracedPeople(deployments, of, volume), of),
      sources: () =>
        sourcesOf(['fteSelfHostedCloudSmall', 'fteCloudApi', ...roles, 'peopleBaseline', 'defaultLoadedFte'], tables),
    },
    {
      part: 'people.setup',
      label: setupFormula.label,
      curve: { fixed: setup / demand.months, perUnit: 0, terms: [] },
      upfront: setup,
      once: true,
      working: setupFormula,
      trace: () => tracedSetupPerMonth(tracedSetup(), of),
      traceUpfront: tracedSetup,
      sources: () => sourcesOf(['setupEffortSelfHostedCloud', 'setupEffortCloudApi', 'defaultLoadedFte'], tables),
    },
  ];
  return lines;
}

/** What the FTE of a plan are made of: the GPUs of all its fleets, at a volume. */
export function tracedPeople(deployments: readonly Deployment[], of: Case, volume: number): Traced {
  const gpus = deployments.flatMap((deployment) => {
    const { option } = deployment;
    const { gpusPerUnit } = placementOf(option.kind).staff(option, of);
    const units = tracedUnits(deployment, volume);
    return units === null || gpusPerUnit === 0
      ? []
      : [product('GPUs', 'GPUs', units, given('GPUs of a unit', gpusPerUnit, 'GPUs/unit'))];
  });
  return tracedFte(staffing(deployments, of, volume), sumOf('GPUs of all fleets', 'GPUs', gpus), of);
}

const sourcesOf = (names: readonly string[], tables: Tables): Origin[] =>
  names.flatMap((name) => {
    const row = tables.parameterOf.get(name);
    return row === undefined ? [] : [{ table: row.table, row: row.row }];
  });

/** Every line of a plan's bill. */
export const linesOf = ({ deployments, shared }: Pick<Plan, 'deployments' | 'shared'>): CostLine[] => [
  ...deployments.flatMap(({ lines, second }) => [...lines, ...(second?.lines ?? [])]),
  ...shared,
];

/** One-off USD in cash: the work of setting up is none as far as the team has free time for it. */
export const upfrontCashUsd = ({ upfrontUsd, shared }: Plan, demand: Demand): number => {
  const setup = shared.reduce((sum, { part, upfront }) => sum + (part === setupFormula.id ? upfront : 0), 0);
  return upfrontUsd - setup * (1 - setupCashShare(demand));
};
