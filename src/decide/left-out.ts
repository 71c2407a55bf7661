import type { Context } from '../places/placement.js';
import type { TaskPart } from '../workload/workload.js';
import { optionById } from './find-option.js';
import { partNames, taskPartName } from './plan.js';
import { waysToCut } from './splits/cuts.js';

/** Why a task, or a part of one, is served by nothing that a plan names: which of the parts it takes are not there. */
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
