import { isTimed as isTimedBy, lateBits } from '../core/admitted.js';
import { at, type CostLine, isUnpriced } from '../cost/curve.js';
import { devicesOf } from '../places/device.js';
import { buildsOf } from '../places/fleet-option.js';
import { capabilityOf, type Option, proseNames } from '../places/option.js';
import { purchasable } from '../places/own-hardware.js';
import type { Context, LookUpFilter } from '../places/placement.js';
import { unitsOfStep } from '../places/provisioned.js';
import { placements } from '../places/registry.js';
import { gates, planGates } from '../rules/registry.js';
import { isPlain, mayRun } from '../rules/rule.js';
import { rowKey } from '../tables/price-book/apply-price-book.js';
import { findApiRow } from '../tables/query.js';
import type { Origin, Prose, Tables } from '../tables/tables.js';
import { rounded, roundedOrNull, roundedTree } from '../units/numeric.js';
import type { ReadScenario } from '../workload/read.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { costBeside } from './basis.js';
import { waysToCut } from './cuts.js';
import type { CostPart, ExplainedCostPart, FailedGate, OptionReport, Warning } from './decision.js';
import { busiestMinute, busyShare, monthsOf } from './months.js';
import {
  type Deployment,
  machinesOf,
  optionsOf,
  type Plan,
  partNames,
  planOf,
  taskPartName,
  upfrontCashUsd,
} from './plan.js';
import { highest, lowest, type Reason, type Reviewed, rating, review, seenAt, type TaskVerdict } from './review.js';
import { isTimed } from './shapes.js';

/** What an option says of itself for the whole scenario, with every verdict. */
export type Looked = {
  option: Option;
  plan: Plan | null;
  unpriced: string | null;
  services: Reviewed['services'];
  /** Per task, then for the plan. */
  verdicts: TaskVerdict[];
};

/**
 * Evaluates one option for all tasks, whatever the rules say.
 *
 * @param known the plan with everything on it, where it was reviewed already
 */
export function lookAt(option: Option, context: Context, known?: Reviewed): Looked {
  const { taskParts } = context.workload;
  const places = [{ option, taskParts }];
  const priced = known?.plan ?? planOf(places, context);
  const [plan, unpriced] = isUnpriced(priced) ? [null, priced.unpriced] : [priced, null];
  const { services, verdicts } = known ?? seenAt(places, context);
  const place = new Map(taskParts.map(({ task }, at) => [task, at]));
  const byTask =
    known === undefined ? verdicts : verdicts.toSorted((a, b) => (place.get(a.task) ?? 0) - (place.get(b.task) ?? 0));
  return {
    option,
    plan,
    unpriced,
    services,
    verdicts: [...byTask, ...(plan === null ? [] : planVerdicts(plan, context))],
  };
}

/** Verdicts of the whole-plan rules that are no plain pass: a pass with a warning is none. */
export function planVerdicts(plan: Plan, context: Context): TaskVerdict[] {
  const options = plan.deployments.flatMap(optionsOf);
  const totals = {
    fteNeeded: plan.fte,
    get peakMonthCashUsd() {
      return monthsOf(plan, context).peakCashUsd;
    },
    upfrontUsd: upfrontCashUsd(plan),
    requestsPerMinute: busiestMinute(plan, context),
    places: options.length,
    owned: options.flatMap(({ fleet }) =>
      fleet !== null && fleet.offer.owned > 0 ? fleet.accelerator.accelerator : [],
    ),
  };
  return planGates
    .map(({ id, check }) => ({ task: 'all', gate: id, verdict: check(totals, context.workload) }))
    .filter(({ verdict }) => !isPlain(verdict));
}

export const feasible = ({ plan, verdicts }: Looked): boolean =>
  plan !== null && verdicts.every(({ verdict }) => mayRun(verdict));

export const failedGates = ({ verdicts }: Pick<Looked, 'verdicts'>): FailedGate[] =>
  verdicts
    .filter(({ verdict }) => !mayRun(verdict))
    .map(({ task, gate, verdict }) => {
      const { need, have, reason, figures } = verdict.why();
      return { gate, task, need, have, reason, figures: roundedTree(figures) };
    });

export const conditions = ({ verdicts }: Pick<Looked, 'verdicts'>): string[] => [
  ...new Set(verdicts.flatMap(({ verdict }) => verdict.why().todos)),
];

export const costParts = (lines: readonly CostLine[], volume: number): CostPart[] =>
  merged(lines).map((line) => costPart(line, volume));

const costPart = ({ part, label, curve, upfront }: CostLine, volume: number): CostPart => ({
  part,
  label,
  monthly: rounded(at(curve, volume)),
  upfront: rounded(upfront),
});

const explained = (lines: readonly CostLine[], volume: number, prose: Prose, tables: Tables): ExplainedCostPart[] =>
  merged(lines).map((line) => ({
    ...costPart(line, volume),
    formula: line.working.text,
    sources: [...new Set(line.sources().map((origin) => sourceWords(origin, prose, tables)))],
  }));

export const sourceWords = (origin: Origin, prose: Prose, { ownPricing }: Tables): string => {
  const { source, date } = prose(origin);
  const row = ownPricing?.changed.has(rowKey(origin)) ? '' : `${origin.table} row ${origin.row + 1}: `;
  return `${row}${source}${date === '' ? '' : ` (${date})`}`;
};

/** Lines of one part together, in order; a part of 0 stays, as its working says why. */
function merged(lines: readonly CostLine[]): CostLine[] {
  const parts = new Map<string, CostLine>();
  for (const line of lines) {
    const known = parts.get(line.part);
    if (known === undefined) parts.set(line.part, { ...line });
    else {
      const { curve } = known;
      known.curve = {
        fixed: curve.fixed + line.curve.fixed,
        perUnit: curve.perUnit + line.curve.perUnit,
        terms: [...curve.terms, ...line.curve.terms],
      };
      known.upfront += line.upfront;
      const { sources } = known;
      known.sources = () => [...sources(), ...line.sources()];
    }
  }
  return [...parts.values()];
}

const ofService: ReadonlySet<string> = new Set(gates.filter(({ level }) => level === 'service').map(({ id }) => id));

/** What is said of a plan in a line, and the figures in it. */
export type Remark = Pick<Reason, 'text' | 'figures'>;

/** The first rule that excludes a plan, else its cost against the one advised; `alone`: what is said without either. */
export function verdictWords(
  plan: Plan | null,
  [first]: readonly FailedGate[],
  advised: Plan | null,
  alone: string,
  context: Context,
): Remark {
  if (first !== undefined) return { text: `no: ${first.gate}, ${first.reason}`, figures: first.figures };
  return plan === null || advised === null ? { text: alone, figures: {} } : costBeside(plan, advised, context);
}

/** In the plan, else the first rule that excludes it, else why it has no price, else its cost against the plan. */
function verdictOn(looked: Looked, advised: Plan | null, inPlan: boolean, context: Context): Remark {
  if (inPlan) return { text: 'in the plan', figures: {} };
  const { plan, unpriced } = looked;
  // Where nothing runs nothing is measured: why it does not run says more.
  const failed = failedGates(looked).filter(({ gate }) => plan !== null || !ofService.has(gate));
  return verdictWords(plan, failed, advised, plan === null ? `no price: ${unpriced}` : 'passes alone', context);
}

/**
 * An option for the JSON: costs and people of all work on it alone, but replicas of its part in the advised plan, as
 * those are what to rent.
 */
export function optionReport(looked: Looked, context: Context, prose: Prose, advised: Plan | null): OptionReport {
  const inPlan = advised?.deployments.find((one) => one.option.id === looked.option.id) ?? null;
  const anywhere = advised?.deployments.flatMap(optionsOf).some(({ id }) => id === looked.option.id) ?? false;
  const verdict = verdictOn(looked, advised, anywhere, context);
  const { option, plan, services } = looked;
  const { workload, tables } = context;
  const index = capabilityOf(option);
  const deployment = inPlan ?? plan?.deployments[0];
  const seen = [...services.values()];
  const slowest = lowest(seen.map((one) => one?.tokensPerSecond ?? null));
  // Workers that come and go are no fleet, although they run on machines.
  const isCounted = option.fleet !== null || option.provisioned !== null;
  const machines = isCounted && deployment !== undefined ? machinesOf(deployment, workload.requestsPerDay) : 0;
  const replicas = machines * unitsOfStep(option) || null;
  const lines = plan === null ? [] : [...plan.deployments.flatMap((one) => one.lines), ...plan.shared];
  return {
    id: option.id,
    kind: option.kind,
    provider: option.provider,
    model: option.model,
    mode: option.mode,
    quantization: option.quantization,
    hardware: option.hardware,
    instance: option.instance,
    region: option.region,
    purchase: option.purchase,
    names: proseNames(option, tables),
    feasible: feasible(looked),
    verdict: verdict.text,
    figures: roundedTree(verdict.figures),
    failedGates: failedGates(looked),
    conditions: conditions(looked),
    unpriced: looked.unpriced,
    monthlyCost: plan === null ? null : rounded(plan.monthlyUsd),
    upfrontCost: plan === null ? null : rounded(plan.upfrontUsd),
    costParts: explained(lines, workload.requestsPerDay, prose, tables),
    capability: roundedOrNull(index?.have ?? null),
    judgedCapability: roundedOrNull(index?.gateAt ?? null),
    capabilityNote: index === null ? null : noteOf(option, prose),
    ttftP95Ms: roundedOrNull(highest(seen.map((one) => one?.ttftP95Ms ?? null))),
    tokensPerSecond: roundedOrNull(slowest),
    replicas,
    copiesPerReplica:
      replicas === null || option.fleet === null ? null : option.fleet.gpusPerUnit / option.fleet.gpusPerReplica,
    utilization:
      replicas === null || deployment === undefined ? null : roundedOrNull(busyShare(deployment, context, services)),
    devices: onDevices(looked, deployment, workload),
    fte: plan === null ? null : rounded(plan.fte),
    lockIn: rating('lockIn', option.kind, tables),
    burden: rating('opsBurden', option.kind, tables),
  };
}

const noteOf = ({ capability }: Option, prose: Prose): string | null =>
  (capability && prose({ table: 'capability', row: capability.row }).note) || null;

/**
 * Devices an option runs on, and the smallest share of them that serves one of its tasks in the advised plan, or else
 * one of all tasks.
 */
function onDevices(
  { option, services }: Looked,
  deployment: Deployment | undefined,
  workload: Workload,
): OptionReport['devices'] {
  const devices = devicesOf(option, workload);
  if (option.onDevices === null || devices === null) return null;
  const its = new Set(deployment?.taskParts.map(({ task }) => task));
  const able = [...services].flatMap(([{ task }, seen]) =>
    its.size === 0 || its.has(task) ? [seen?.shareAble ?? 0] : [],
  );
  return { count: devices.count, owner: devices.owner, shareAble: rounded(Math.min(...able)) };
}

/** The option of an id, looked up whole; null where the tables have no such option. */
export function findOption(id: string, context: Context): Option | null {
  const filter: LookUpFilter = {
    serves: (option) => context.workload.taskParts.map((taskPart) => isModelFor(option, taskPart, context)),
    admitsService: (option, taskPart, service) => lateBits(option, taskPart, context, service()) === 0,
    timed: isTimedBy,
  };
  for (const placement of placements) {
    const found = placement.lookUp(id, context, filter);
    if (found !== null) return found;
  }
  return null;
}

/** Whether rules on models let one serve a task part. */
const isModelFor = (option: Option, taskPart: TaskPart, context: Context): boolean =>
  gates.every(
    (gate) =>
      gate.level !== 'model' ||
      !(gate.asks?.(taskPart, context) ?? true) ||
      mayRun(gate.check(option, taskPart, context, null)),
  );

const thinking = '+thinking';

/**
 * The option of an id, also by the provider's other names for its model. A model that always thinks has no other mode:
 * its plain id means that one.
 */
export function optionById(id: string, context: Context): Option | null {
  for (const one of namesOf(id, context)) {
    const found = findOption(one, context);
    if (found !== null) return found;
  }
  return null;
}

/** Ids that an id may mean, the likeliest first. */
function* namesOf(id: string, { tables }: Context): Generator<string> {
  yield id;
  const [kind = '', provider = '', ...rest] = id.split('/');
  const asked = rest.join('/');
  const mode = asked.endsWith(thinking) ? thinking : '';
  const row = findApiRow(tables, provider, mode === '' ? asked : asked.slice(0, -mode.length));
  if (row !== null) yield `${kind}/${provider}/${row.modelId}${mode}`;
  if (id.includes(thinking)) return;
  if (row !== null) yield `${kind}/${provider}/${row.modelId}${thinking}`;
  else if (id.includes('@')) yield id.replace('@', `${thinking}@`);
}

/** A path as written, entries of a list counted from 1; for a value in a list the path of the list. */
const placeWords = (path: string): string => {
  const [list, entry, field] = /^(.*?)\.(\d+)\.(.*)$/.exec(path)?.slice(1) ?? [];
  return field === undefined
    ? `\`${path.replace(/\.\d+$/, '')}\``
    : `\`${field}\` of entry ${Number(entry) + 1} of \`${list}\``;
};

/** What a scenario may say that does not enter the decision: said, never silently dropped. */
export function notConsidered(
  { scenario: { needs, existing }, ignored }: Pick<ReadScenario, 'scenario' | 'ignored'>,
  { taskParts }: Workload,
  tables: Tables,
): Warning[] {
  const fields: [string, boolean][] = [
    ['finding documents (needs.rag without their size)', needs?.rag === true],
    ...taskParts.filter(isTimed).flatMap(({ task, divisible }): [string, boolean][] => [
      [
        `a cascade for ${task}, whose latency target would have to hold over both answers,`,
        divisible?.easy?.told === 'after' && divisible.easy.share < 1,
      ],
      [
        `redaction for ${task}, whose latency target would have to hold over it and the answer,`,
        divisible?.sensitive?.redaction !== undefined && divisible.sensitive.share > 0,
      ],
    ]),
    ...(existing ?? []).map(({ accelerator }): [string, boolean] => [
      `existing: ${accelerator}, which has no price and no machine to stand in,`,
      !tables.accelerators.some(
        (row) => row.accelerator === accelerator && purchasable(row) && buildsOf(row).length > 0,
      ),
    ]),
  ];
  return [
    ...ignored.map(({ path, message }) => `${placeWords(path)}: ${message}`),
    ...fields.filter(([, given]) => given).map(([field]) => `${field} does not enter the decision`),
  ].map((message) => ({ code: 'not-considered', message }));
}

/** Why no place of a plan serves a task or a part: which of the required parts are missing. */
export function leftOut(taskPart: TaskPart, named: ReadonlyMap<string, string>, context: Context): string {
  const name = taskPartName(taskPart);
  const says = (why: string): string => `the plan leaves out ${name}: ${why}`;
  const cuts = waysToCut(taskPart, context).slice(1);
  const complete = cuts.filter((way) => way.every((part) => named.has(taskPartName(part))));
  const onDevices = complete.flat().find(({ deviceGroup }) => deviceGroup !== undefined);
  if (onDevices !== undefined) {
    const part = taskPartName(onDevices);
    const id = named.get(part) ?? '';
    const groups = [...new Set(complete.flat().flatMap(({ deviceGroup }) => deviceGroup ?? []))];
    const group = optionById(id, context)?.deviceGroup?.name;
    const has = group === undefined ? 'names no group of devices' : `is of the devices ${group}`;
    return says(`${part}=${id} ${has}; the plan takes one of ${groups.join(', ')}`);
  }
  const ways = [
    ...cuts.map((way) => way.map(taskPartName)),
    ...Object.values(partNames).map((parts) => parts.map((part) => `${name}.${part}`)),
  ];
  const [closest] = ways
    .map((parts) => ({
      there: parts.filter((part) => named.has(part)),
      missing: parts.filter((part) => !named.has(part)),
    }))
    .filter(({ there }) => there.length > 0)
    .sort((a, b) => a.missing.length - b.missing.length);
  if (closest !== undefined) return says(`it has ${closest.there.join(', ')} and no ${closest.missing.join(', ')}`);
  const others = [...named.keys()].filter((part) => part.startsWith(`${name}.`));
  return others.length === 0 ? `the plan leaves out ${name}` : says(`it is not cut into ${others.join(', ')} here`);
}

/** All verdicts on a plan that are no plain pass: on its parts, then as a whole. */
export const verdictsOf = (plan: Plan, context: Context): TaskVerdict[] => [
  ...review(plan, context).verdicts,
  ...planVerdicts(plan, context),
];

/** Whether a plan breaks no rule, of its parts or as a whole. */
export const mayStand = (plan: Plan, context: Context): boolean =>
  verdictsOf(plan, context).every(({ verdict }) => mayRun(verdict));
