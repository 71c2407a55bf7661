import { type CostLine, isUnpriced, type Unpriced } from '../cost/curve.js';
import { deviceCosts } from '../cost/device-costs.js';
import type { Component } from '../cost/fleet-bill.js';
import { fixedLine } from '../cost/lines.js';
import { nobody, type Staff } from '../cost/people.js';
import { largest, smallest, type Traced } from '../formula/traced.js';
import type { TaskPart } from '../workload/workload.js';
import { classFits, deviceEngine, deviceGroups, devicesOf, rateOf, shareAble, throttles } from './device-fit.js';
import { type DeviceGroup, type Option, optionId } from './option.js';
import { type OwnModel, ownModelNamed, requestShapeOf } from './own-weights.js';
import type { Context, MachineMemory, Placement, TaskService, TracedService } from './placement.js';
import { deviceService } from './service-trace.js';

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
