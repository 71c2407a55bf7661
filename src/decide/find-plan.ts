import { isUnpriced } from '../cost/curve.js';
import type { Context } from '../places/placement.js';
import { placementOf, placements } from '../places/registry.js';
import type { TaskPart } from '../workload/workload.js';
import { optionById } from './find-option.js';
import { leftOut } from './left-out.js';
import type { Part } from './part.js';
import { type Plan, partNames, planOf, taskPartName } from './plan.js';
import type { SecondPlace } from './second-place.js';
import { waysToCut } from './splits/cuts.js';

/**
 * The plan of an id: an option's id is everything on that option; else `task=<option>;task.part=<option>` for all tasks. A
 * text says why there is none.
 */
export function findPlan(id: string, context: Context): Plan | string {
  const { taskParts } = context.workload;
  const whole = optionById(id, context);
  if (whole !== null) return priced([{ option: whole, taskParts }], context);
  if (!id.includes('=')) return missing(id, context);
  const named = new Map<string, string>();
  for (const part of id.split(';')) {
    const [name, option] = [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)];
    if (named.has(name)) return `"${name}" stands twice in the plan`;
    named.set(name, option);
  }
  const written = new Map(named);
  const parts = new Map<string, Part>();
  for (const taskPart of taskParts.flatMap((whole) => wayNamed(whole, named, context))) {
    const taken = takeTaskPart(taskPartName(taskPart), named);
    if (taken === null) return leftOut(taskPart, written, context);
    const { first, second, role } = taken;
    const [option, other] = [optionById(first, context), second === null ? null : optionById(second, context)];
    if (option === null) return missing(first, context);
    if (second !== null && other === null) return missing(second, context);
    if (other !== null && role !== null && !placementOf(other.kind).perToken)
      return notPerToken(`${taskPartName(taskPart)}.${partNames[role][1]}=${second}`);
    const key = `${first};${second};${role}`;
    const known = parts.get(key);
    if (known !== undefined) known.taskParts.push(taskPart);
    else parts.set(key, { option, taskParts: [taskPart], ...(other && role && { second: { role, option: other } }) });
  }
  const [unknown] = named.keys();
  if (unknown !== undefined) return `"${unknown}" is no task of the scenario`;
  return priced([...parts.values()], context);
}

type Taken = { first: string; second: string | null; role: SecondPlace['role'] | null };

/** The option, or the two, that a plan names for a task; taken off the list. */
function takeTaskPart(name: string, named: Map<string, string>): Taken | null {
  const take = (key: string): string | null => {
    const option = named.get(key) ?? null;
    named.delete(key);
    return option;
  };
  const whole = take(name);
  if (whole !== null) return { first: whole, second: null, role: null };
  for (const [role, [one, other]] of Object.entries(partNames) as [SecondPlace['role'], readonly [string, string]][]) {
    const [first, second] = [take(`${name}.${one}`), take(`${name}.${other}`)];
    if (first !== null && second !== null) return { first, second, role };
  }
  return null;
}

/** A second place is billed for what it serves, and machines are paid for while they wait. */
function notPerToken(part: string): string {
  const perToken = placements.flatMap(({ kind, perToken }) => (perToken ? [kind] : []));
  return `${part} is not billed per token, as a second place has to be: name an option of ${perToken.join(' or ')}`;
}

/** Says that an option is not there. */
export const missing = (id: string, { tables }: Pick<Context, 'tables'>): string =>
  `${id} is not in the tables of ${tables.snapshot.date}`;

/** The way to cut a task up whose parts a plan names all, on devices of the group they are for; as a whole where none is. */
function wayNamed(whole: TaskPart, named: ReadonlyMap<string, string>, context: Context): TaskPart[] {
  const isNamed = (taskPart: TaskPart): boolean => {
    const name = taskPartName(taskPart);
    if (!named.has(name) && !Object.values(partNames).some(([first]) => named.has(`${name}.${first}`))) return false;
    const option = taskPart.deviceGroup === undefined ? null : optionById(named.get(name) ?? '', context);
    return option === null || option.deviceGroup?.name === taskPart.deviceGroup;
  };
  return waysToCut(whole, context).find((way) => way.every(isNamed)) ?? [whole];
}

function priced(parts: Part[], context: Context): Plan | string {
  const plan = planOf(parts, context);
  return isUnpriced(plan) ? `${parts.map(({ option }) => option.id).join('; ')} has no price: ${plan.unpriced}` : plan;
}
