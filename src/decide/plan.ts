import { add, at, type CostCurve, unitsAtPeak, withSpare } from '../cost/curve.js';
import { type CostLine, isUnpriced, type Recorder, type Unpriced } from '../cost/line.js';
import {
  fteOf,
  fteUsdPerMonth,
  runFormula,
  type Staffing,
  setupFormula,
  setupUsd,
  staffingOf,
} from '../cost/people.js';
import type { Option } from '../placements/option.js';
import type { Case } from '../placements/placement.js';
import { placementOf } from '../placements/registry.js';
import type { Demand, Slice } from '../scenario/demand.js';
import type { Tables } from '../tables/tables.js';

export type Deployment = { option: Option; slices: Slice[]; lines: CostLine[] };

/** A complete assignment of slices to options, priced on the volume axis. */
export type Plan = {
  id: string;
  shape: 'single' | 'tiered-routing';
  deployments: Deployment[];
  /** People: shared by all deployments. */
  shared: CostLine[];
  curve: CostCurve;
  monthlyUsd: number;
  upfrontUsd: number;
  fte: number;
};

/** Prices who serves what; says why when something has no price. */
export function planOf(
  parts: readonly { option: Option; slices: Slice[] }[],
  of: Case,
  record?: Recorder,
): Plan | Unpriced {
  const { demand } = of;
  const deployments: Deployment[] = [];
  for (const { option, slices } of parts) {
    const lines = placementOf(option.kind).price(option, slices, of, record);
    if (isUnpriced(lines)) return lines;
    deployments.push({ option, slices, lines });
  }
  const shared = peopleLines(deployments, of);
  const lines = [...deployments.flatMap((deployment) => deployment.lines), ...shared];
  const curve = add(lines.map((line) => line.curve));
  return {
    id: planId(parts, demand),
    shape: parts.length === 1 ? 'single' : 'tiered-routing',
    deployments,
    shared,
    curve,
    monthlyUsd: at(curve, demand.requestsPerDay),
    upfrontUsd: lines.reduce((sum, { upfront }) => sum + upfront, 0),
    fte: fteOf(staffing(deployments, of, demand.requestsPerDay), demand.assume),
  };
}

/** One option for everything is that option's id; else `task=<option>` in the scenario's order, `task.part=<option>` for parts. */
function planId(parts: readonly { option: Option; slices: readonly Slice[] }[], demand: Demand): string {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only.option.id;
  return demand.slices
    .flatMap((slice) =>
      parts.flatMap(({ option, slices }) => (slices.includes(slice) ? [{ slice, id: option.id }] : [])),
    )
    .map(({ slice: { task, part }, id }) => `${part === 'all' ? task : `${task}.${part}`}=${id}`)
    .join(';');
}

/** Units of a deployment's fleet at the busiest hour, spares included; 0 without a fleet. */
export function unitsOf({ lines }: Pick<Deployment, 'lines'>, volume: number): number {
  for (const { curve } of lines) {
    for (const term of curve.terms)
      if (term.is === 'replicas' || term.is === 'peak') return withSpare(unitsAtPeak(term, volume), term);
  }
  return 0;
}

const staffing = (deployments: readonly Deployment[], of: Case, volume: number): Staffing =>
  staffingOf(
    deployments.map(({ option, lines }) => ({
      provider: option.provider,
      staff: placementOf(option.kind).staff(option, of),
      units: unitsOf({ lines }, volume),
    })),
  );

function peopleLines(deployments: readonly Deployment[], of: Case): CostLine[] {
  const { demand, tables } = of;
  const assume = (name: string) => demand.assume(name);
  const up = (volume: number) => fteUsdPerMonth(fteOf(staffing(deployments, of, volume), assume), demand);
  const setup = setupUsd(staffing(deployments, of, demand.requestsPerDay), demand);
  const lines: CostLine[] = [
    {
      part: 'people.run',
      label: runFormula.label,
      curve: { fixed: 0, perUnit: 0, terms: [{ is: 'smooth', up, down: () => 0 }] },
      upfront: 0,
      working: runFormula,
      sources: sourcesOf(['fteSelfHostedCloudSmall', 'fteCloudApi', 'peopleBaseline', 'defaultLoadedFte'], tables),
    },
    {
      part: 'people.setup',
      label: setupFormula.label,
      curve: { fixed: setup / demand.months, perUnit: 0, terms: [] },
      upfront: setup,
      once: true,
      working: setupFormula,
      sources: sourcesOf(['setupEffortSelfHostedCloud', 'setupEffortCloudApi', 'defaultLoadedFte'], tables),
    },
  ];
  return lines;
}

const sourcesOf = (names: readonly string[], tables: Tables): CostLine['sources'] =>
  names.flatMap((name) => {
    const row = tables.parameterOf.get(name);
    return row === undefined ? [] : [{ table: row.table, row: row.row }];
  });

/** Every line of a plan's bill. */
export const linesOf = ({ deployments, shared }: Pick<Plan, 'deployments' | 'shared'>): CostLine[] => [
  ...deployments.flatMap(({ lines }) => lines),
  ...shared,
];

/** One-off USD in cash: the work of setting up is none where the team has free time for it. */
export const upfrontCashUsd = ({ upfrontUsd, shared }: Plan, { team }: Demand): number =>
  team.freeFte === 0
    ? upfrontUsd
    : upfrontUsd - shared.reduce((sum, { part, upfront }) => sum + (part === setupFormula.id ? upfront : 0), 0);
