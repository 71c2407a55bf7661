import { isUnpriced } from '../cost/curve.js';
import { deviceCosts } from '../cost/device-costs.js';
import { sumUsd } from '../cost/fleet-bill.js';
import { edge, optionOnDevices } from '../places/device.js';
import { classFits, deviceGroups, rateOf, runs } from '../places/device-fit.js';
import type { Option } from '../places/option.js';
import { requestShapeOf } from '../places/own-weights.js';
import type { Context, TaskService } from '../places/placement.js';
import { devices as deviceRule } from '../rules/place.js';
import { mayRun } from '../rules/rule.js';
import { highestOf } from '../workload/load.js';
import { onlyPart, workloadAt } from '../workload/workload.js';
import type { Admitted } from './admitted.js';
import { ownModelAt } from './catalog.js';
import { lateBits } from './latency.js';
import type { TaskLoad } from './load.js';
import { holdsContext, writtenBy } from './requests.js';
import { bitOf } from './verdicts.js';

/** A model on devices: USD a month, for no more requests than they do in a day. */
export type DeviceFit = { item: number; usd: number; mostPerDay: number; firstTokenMs: number; option: Option };

/** So small a part of the volume that no device is too busy. */
const next = 1e-9;

/** Models on devices that serve more or are better than every lighter one. */
export function deviceFits(
  admitted: Admitted,
  load: TaskLoad,
  isBetter: (one: number, other: number) => boolean,
  context: Context,
): DeviceFit[] {
  const { catalog, offers, verdicts } = admitted;
  const { items, schemes } = catalog;
  const { workload, tables } = context;
  const taskPart = onlyPart(workload);
  const group = deviceGroups(workload, tables).find(({ name }) => name === taskPart.deviceGroup) ?? null;
  const devices = group ?? workload.devices;
  // The rule on devices is checked for every model below.
  const turnedDownBy = (verdicts.places[offers.devicePlace] as number) & (group === null ? ~0 : ~bitOf(deviceRule.id));
  if (devices === null || turnedDownBy !== 0) return [];
  const classes = devices.classes.flatMap(({ accelerator, share }) => {
    const row = tables.acceleratorOf.get(accelerator);
    return row === undefined ? [] : [{ row, share }];
  });
  const idle = { ...context, workload: workloadAt(workload, workload.requestsPerDay * next) };
  const quiet = onlyPart(idle.workload);
  const holds = holdsContext(catalog, writtenBy(catalog, taskPart, context), taskPart, context);
  const found: DeviceFit[] = [];
  const lightest = Array.from(admitted.items)
    .filter((item) => schemes[items.scheme[item] as number]?.batchedServing === false)
    .sort((a, b) => (items.weightBytes[a] as number) - (items.weightBytes[b] as number) || a - b);
  for (const item of lightest) {
    if (holds[items.family[item] as number] === 0) continue;
    const model = ownModelAt(catalog, item);
    const option = optionOnDevices(model, group);
    if (admitted.ignore !== deviceRule.id && !mayRun(deviceRule.check(option, quiet, idle, null))) continue;
    const fits = classFits(option, quiet, idle).filter(runs);
    const shape = requestShapeOf(option, taskPart, context);
    const slowest = fits.reduce(
      (least, { seen }) => (seen === null ? least : Math.min(least, rateOf(seen, shape))),
      Number.POSITIVE_INFINITY,
    );
    const mostPerDay =
      (devices.count * slowest) / (load.unitsPerRate * highestOf(taskPart.hours) * workload.peakGrowth);
    if (found.some((one) => one.mostPerDay >= mostPerDay && !isBetter(item, one.item))) continue;
    const seen = edge.service(option, quiet, idle) as TaskService;
    if (lateBits(option, quiet, idle, seen) !== 0) continue;
    const costs = deviceCosts({ ...devices, classes }, items.diskGb[item] as number, workload, tables);
    if (isUnpriced(costs)) continue;
    found.push({ item, usd: sumUsd(costs), mostPerDay, firstTokenMs: seen.ttftP95Ms ?? Number.NaN, option });
  }
  return found;
}
