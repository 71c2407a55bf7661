import type { MemoryFit } from '../capacity/memory.js';
import { inStages } from '../capacity/queue/latency.js';
import {
  type Engine,
  engineOf,
  errorOn,
  memoryFit,
  predictReplica,
  queueOf,
  type RequestShape,
  replicaOn,
  replicaTpotS,
  type Weights,
} from '../capacity/replica.js';
import { schemeSupport } from '../capacity/scheme.js';
import { type CostLine, fixedLine, isUnpriced, type Unpriced } from '../cost/curve.js';
import { deviceCosts } from '../cost/device-costs.js';
import { unitsNeeded } from '../cost/fleet.js';
import type { Component } from '../cost/fleet-bill.js';
import { nobody, type Staff } from '../cost/people.js';
import { largest, smallest, type Traced } from '../formula/traced.js';
import type { AcceleratorRow } from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';
import { recent } from '../units/memo.js';
import { msPerSecond } from '../units/month.js';
import { shareTolerance } from '../workload/conversation.js';
import { distinctOf, highestOf } from '../workload/load.js';
import type { Devices, Target, TaskPart, Workload } from '../workload/workload.js';
import { onceForTables } from './fleet-numbers.js';
import { type OwnModel, ownModelNamed, requestShapeOf } from './machine-table.js';
import { type DeviceGroup, type Option, optionId } from './option.js';
import type { Context, MachineMemory, Placement, TaskService, TracedService } from './placement.js';
import { deviceService } from './service-trace.js';

/** The device groups for a model, smallest first: classes with at least so much memory, unless that is every device. */
export function deviceGroups({ devices }: Pick<Workload, 'devices'>, { acceleratorOf }: Tables): DeviceGroup[] {
  if (devices === null) return [];
  const memoryOf = (name: string) => acceleratorOf.get(name)?.memoryGib ?? 0;
  const sizes = [...new Set(devices.classes.map(({ accelerator }) => memoryOf(accelerator)))].sort((a, b) => b - a);
  return sizes.flatMap((size) => {
    const classes = devices.classes.filter(({ accelerator }) => memoryOf(accelerator) >= size);
    const share = classes.reduce((sum, one) => sum + one.share, 0);
    if (share === 0 || share >= 1 - shareTolerance) return [];
    return [
      {
        name: `${Math.round(size)}gb-up`,
        share,
        owner: devices.owner,
        count: devices.count * share,
        classes: classes.map((one) => ({ ...one, share: one.share / share })),
      },
    ];
  });
}

/** The devices an option runs on: its group, else all. */
export const devicesOf = ({ deviceGroup }: Pick<Option, 'deviceGroup'>, { devices }: Workload): Devices | null =>
  deviceGroup ?? devices;

/** What one user sees on an otherwise idle device; latencies are computed on demand. */
type SeenAlone = {
  ttftP95Ms: number | null;
  tokensPerSecond: number;
  totalP95Ms: number | null;
  /** Seconds to read the mean prompt. */
  prefillS: number;
};

/**
 * A class of devices with what a task part sees on it; null: the model does not run or fit there. `keepsUp`: a device
 * does its part of the requests, spread evenly over all devices, in the busiest hour.
 */
export type ClassFit = {
  accelerator: string;
  share: number;
  seen: SeenAlone | null;
  keepsUp: boolean;
  /** Memory of weights and the longest request's cache, of an app's share; null: no layers in the tables. */
  memory(): MemoryFit | null;
};

/** The share of a device's memory for weights and cache, by kind of device. */
const memoryShare: Readonly<Record<AcceleratorRow['kind'], string>> = {
  phone: 'edgeMemorySharePhone',
  soc: 'edgeMemoryShareComputer',
  cpu: 'edgeMemoryShareComputer',
  consumer: 'edgeMemoryShareCard',
  workstation: 'edgeMemoryShareCard',
  datacenter: 'edgeMemoryShareCard',
};

/** The engine of a user's device: one request at a time, within the share of memory for weights and cache. */
function deviceEngine(kind: AcceleratorRow['kind'], { workload, tables }: Context): Engine {
  // Every device serves one person, so it has the usual engine for that.
  const usual = engineOf(workload, tables, 'phone');
  return {
    ...usual,
    row: { ...usual.row, memoryFraction: workload.assume(memoryShare[kind]) },
    activationFactor: 0,
    runtimeGbPerGpu: 0,
    maxSequences: 1,
  };
}

/** Whether a device slows down when it has run for a while: a phone has no fan. */
const throttles = ({ kind }: AcceleratorRow): boolean => kind === 'phone';

/** Part of the speed that is left then. */
const sustained = (row: AcceleratorRow, { workload }: Context): number =>
  throttles(row) ? workload.assume('onDeviceSustainedFractionAfterThrottle') : 1;

/** A phone without the integer rate of the table, which is that of a unit next to the GPU. */
const reachedOf = (row: AcceleratorRow): AcceleratorRow => (row.kind === 'phone' ? { ...row, int8Tops: null } : row);

/** Percentiles by device, model and tokens, cached across scenarios. */
const knownP95S = onceForTables(() => recent<number | null>(mostKnown));
const mostKnown = 16_384;

/**
 * What a request sees alone on a device, as on a machine without network. The first token is from a cool chip; later
 * tokens, and so the whole answer, from a warm one. Null: the scheme does not run, or weights and cache do not fit.
 */
export function aloneOn(
  weights: Weights,
  accelerator: AcceleratorRow,
  shape: RequestShape,
  visibleTokens: number,
  context: Context,
): SeenAlone | null {
  const { workload, tables } = context;
  const engine = deviceEngine(accelerator.kind, context);
  const support = schemeSupport(weights.scheme.runsOn, accelerator.architecture, tables.architectures);
  const replica = replicaOn(weights, reachedOf(accelerator), 1, support, engine);
  const anySpeed = { tpotS: Number.POSITIVE_INFINITY, strict: false };
  const serving = replica && predictReplica(replica, shape, anySpeed, engine);
  if (replica === null || serving === null) return null;
  const tokensPerSecond = sustained(accelerator, context) / replicaTpotS(replica, shape, serving, 0, engine);
  const { model, scheme } = weights;
  const machine = [model.row, scheme.row, accelerator.row, errorOn(engine, model, accelerator)];
  /** 95th percentiles in seconds over lengths of prompts and answers, on an idle device; null: none. */
  const p95S = (of: 'first token' | 'request'): number | null =>
    knownP95S(context)([of, ...machine, ...Object.values(shape)].join(), () => {
      const spread = { input: workload.assume('inputLengthSpread'), output: workload.assume('outputLengthSpread') };
      const idle = inStages(queueOf(replica, shape, spread, engine), 0);
      return idle && (of === 'request' ? idle.targeted().requestP95S : idle.firstTokenP95S());
    });
  // Reasoning is written before the first token that is seen.
  const thinkingS = (shape.outputTokens - visibleTokens) / tokensPerSecond;
  return {
    get ttftP95Ms() {
      const firstS = p95S('first token');
      return firstS && (replica.firstTokenS + firstS + thinkingS) * msPerSecond;
    },
    tokensPerSecond,
    get totalP95Ms() {
      const wholeS = p95S('request');
      return wholeS && (replica.firstTokenS + wholeS / sustained(accelerator, context)) * msPerSecond;
    },
    prefillS: serving.prefillS,
  };
}

/** Nothing is reserved there beyond the share of an app. */
function memoryOn(weights: Weights, row: AcceleratorRow, { contextTokens }: RequestShape, context: Context) {
  const engine = deviceEngine(row.kind, context);
  const errorShare = context.workload.assume('memoryError');
  return memoryFit(weights, row, 1, contextTokens, engine, { least: engine, most: engine, errorShare });
}

/** Every class of an option's devices, with what a task part would see on it. */
export function classFits({ onDevices, ...option }: Option, taskPart: TaskPart, context: Context): ClassFit[] {
  if (onDevices === null) return [];
  const { workload, tables } = context;
  const shape = requestShapeOf(option, taskPart, context);
  const { count, classes } = devicesOf(option, workload) ?? { count: 0, classes: [] };
  const busiest = highestOf(distinctOf(taskPart.hours).multiple) * workload.peakGrowth;
  return classes.flatMap(({ accelerator, share }) => {
    const row = tables.acceleratorOf.get(accelerator);
    if (row === undefined) return [];
    const seen = aloneOn(onDevices, row, shape, taskPart.tokens.output, context);
    const keepsUp = seen !== null && unitsNeeded(taskPart, rateOf(seen, shape), workload) * busiest <= count;
    const memory = () => memoryOn(onDevices, row, shape, context);
    return [{ accelerator, share, seen, keepsUp, memory }];
  });
}

/** Requests a second of one device, one after the other. */
export const rateOf = ({ prefillS, tokensPerSecond }: SeenAlone, { outputTokens }: RequestShape): number =>
  1 / (prefillS + outputTokens / tokensPerSecond);

/** Whether devices of a class run the model, fast enough for their part of the requests. */
export const runs = ({ seen, keepsUp }: ClassFit): boolean => seen !== null && keepsUp;

/** Share of the devices that serve a task part within the targets the user wrote. */
export function shareAble(fits: readonly ClassFit[], { needs }: TaskPart): number {
  const keeps = (target: Target | null, holds: (value: number) => boolean): boolean =>
    target?.by !== 'user' || holds(target.value);
  const atMost = (have: number | null) => (value: number) => have !== null && have <= value;
  return fits.reduce((sum, { share, seen, keepsUp }) => {
    const able =
      seen !== null &&
      keepsUp &&
      keeps(needs.tokensPerSecond, (value) => seen.tokensPerSecond >= value) &&
      keeps(needs.ttftP95Ms, (value) => atMost(seen.ttftP95Ms)(value)) &&
      keeps(needs.totalP95Ms, (value) => atMost(seen.totalP95Ms)(value));
    return able ? sum + share : sum;
  }, 0);
}

const kind = 'edge';
const bytesPerGb = 1e9;
const noDevices = 'the scenario has no devices';

/** Open weights on the users' own devices, or on devices that staff carry. */
export const edge: Placement = {
  kind,
  title: 'Open model on devices',
  perToken: false,
  absent: noDevices,
  lookUp,
  service,
  memory,
  traceService,
  price,
  staff: staffOf,
};

export function optionOnDevices({ option, weights }: OwnModel, deviceGroup: DeviceGroup | null): Option {
  const placed: Option = {
    ...option,
    kind,
    provider: 'devices',
    instance: deviceGroup?.name ?? null,
    reach: 'device',
    onDevices: weights,
    ...(deviceGroup && { deviceGroup }),
  };
  return { ...placed, id: optionId(placed) };
}

function lookUp(id: string, context: Context): Option | null {
  if (!id.startsWith(`${kind}/`)) return null;
  const model = ownModelNamed(id, context);
  // Schemes for one user at a time are what the engines of devices load.
  if (model === null || model.weights.scheme.batchedServing) return null;
  const groups = [null, ...deviceGroups(context.workload, context.tables)];
  return groups.map((group) => optionOnDevices(model, group)).find((option) => option.id === id) ?? null;
}

function service(option: Option, taskPart: TaskPart, context: Context): TaskService | Unpriced {
  return context.workload.devices === null ? { unpriced: noDevices } : seenOn(option, taskPart, context);
}

/** What the slowest class of devices that runs the model sees; none where none does. */
function seenOn(option: Option, taskPart: TaskPart, context: Context): TaskService {
  const fits = classFits(option, taskPart, context);
  const seen = fits.flatMap((fit) => fit.seen ?? []);
  const worst = (values: () => (number | null)[], most: (...values: number[]) => number): number | null => {
    const known = values().filter((value) => value !== null);
    return known.length === 0 ? null : most(...known);
  };
  return {
    get ttftP95Ms() {
      return worst(() => seen.map(({ ttftP95Ms }) => ttftP95Ms), Math.max);
    },
    tokensPerSecond: worst(() => seen.map(({ tokensPerSecond }) => tokensPerSecond), Math.min),
    get totalP95Ms() {
      return worst(() => seen.map(({ totalP95Ms }) => totalP95Ms), Math.max);
    },
    unitRequestsPerS: null,
    limitedBy: null,
    get shareAble() {
      return shareAble(fits, taskPart);
    },
    busyS: seen.reduce((most, one) => Math.max(most, 1 / rateOf(one, requestShapeOf(option, taskPart, context))), 0),
  };
}

/** What every class of devices sees that runs the model, and the worst of it. */
function traceService(option: Option, taskPart: TaskPart, context: Context): TracedService {
  const classes = classFits(option, taskPart, context).flatMap(({ accelerator: name, seen }) => {
    const accelerator = context.tables.acceleratorOf.get(name);
    if (accelerator === undefined || seen === null) return [];
    const device = { accelerator, engine: deviceEngine(accelerator.kind, context), throttled: throttles(accelerator) };
    return [deviceService(option, taskPart, seen, device, context)];
  });
  const worst = (label: string, unit: string, most: typeof largest, figures: readonly (Traced | null)[]) => {
    const known = figures.filter((figure) => figure !== null);
    return known.length > 1 ? most(label, unit, ...known) : (known[0] ?? null);
  };
  return {
    ttftP95Ms: worst(
      `first token of ${taskPart.task} on the slowest devices, p95`,
      'ms',
      largest,
      classes.map(({ ttftP95Ms }) => ttftP95Ms),
    ),
    tokensPerSecond: worst(
      'speed of an answer on the slowest devices',
      'tokens/s',
      smallest,
      classes.map(({ tokensPerSecond }) => tokensPerSecond),
    ),
    unitRequestsPerS: null,
  };
}

function memory(option: Option, taskPart: TaskPart, context: Context): MachineMemory[] {
  return classFits(option, taskPart, context).flatMap((fit) => {
    const found = fit.memory();
    return found === null ? [] : [{ ...found, accelerator: fit.accelerator, gpus: 1 }];
  });
}

function componentsOf(option: Option, { workload, tables }: Context): Component[] | Unpriced {
  const { onDevices } = option;
  const devices = devicesOf(option, workload);
  if (devices === null) return { unpriced: noDevices };
  if (onDevices === null) return { unpriced: 'not a model on devices' };
  const classes = devices.classes.flatMap(({ accelerator, share }) => {
    const row = tables.acceleratorOf.get(accelerator);
    return row === undefined ? [] : [{ row, share }];
  });
  return deviceCosts({ ...devices, classes }, onDevices.bytes / bytesPerGb, workload, tables);
}

/** Costs of all the option's devices, whichever task they serve. */
function price(option: Option, _taskParts: readonly TaskPart[], context: Context): CostLine[] | Unpriced {
  const components = componentsOf(option, context);
  if (isUnpriced(components)) return components;
  return components.map(({ working, amount }) => fixedLine(working, amount));
}

/** Work for models on so many devices, once for any number of models. */
function staffOf(option: Option, { workload }: Context): Staff {
  const devices = devicesOf(option, workload);
  return devices?.owner === 'users'
    ? { ...nobody, shipped: true, setup: 'setupEffortShippedDevices' }
    : { ...nobody, devices: devices?.count ?? 0, setup: 'setupEffortEdge' };
}
