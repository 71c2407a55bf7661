import { isUnpriced } from '../cost/line.js';
import type { Case } from '../places/placement.js';
import { placementOf, placements } from '../places/registry.js';
import type { Slice } from '../workload/demand.js';
import { optionById } from './find-option.js';
import { leftOut } from './left-out.js';
import type { Part } from './part.js';
import { type Plan, partNames, planOf, sliceName } from './plan.js';
import type { SecondPlace } from './second-place.js';
import { waysToCut } from './slicings/cuts.js';

/**
 * The plan of an id: an option's id is everything on that option; else `task=<option>;task.part=<option>` for all tasks. A
 * text says why there is none.
 */
export function findPlan(id: string, of: Case): Plan | string {
  const { slices } = of.demand;
  const whole = optionById(id, of);
  if (whole !== null) return priced([{ option: whole, slices }], of);
  if (!id.includes('=')) return missing(id, of);
  const named = new Map<string, string>();
  for (const part of id.split(';')) {
    const [name, option] = [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)];
    if (named.has(name)) return `"${name}" stands twice in the plan`;
    named.set(name, option);
  }
  const written = new Map(named);
  const parts = new Map<string, Part>();
  for (const slice of slices.flatMap((whole) => wayNamed(whole, named, of))) {
    const taken = takeSlice(sliceName(slice), named);
    if (taken === null) return leftOut(slice, written, of);
    const { first, second, role } = taken;
    const [option, other] = [optionById(first, of), second === null ? null : optionById(second, of)];
    if (option === null) return missing(first, of);
    if (second !== null && other === null) return missing(second, of);
    if (other !== null && role !== null && !placementOf(other.kind).perToken)
      return notPerToken(`${sliceName(slice)}.${partNames[role][1]}=${second}`);
    const key = `${first};${second};${role}`;
    const known = parts.get(key);
    if (known !== undefined) known.slices.push(slice);
    else parts.set(key, { option, slices: [slice], ...(other && role && { second: { role, option: other } }) });
  }
  const [unknown] = named.keys();
  if (unknown !== undefined) return `"${unknown}" is no task of the scenario`;
  return priced([...parts.values()], of);
}

type Taken = { first: string; second: string | null; role: SecondPlace['role'] | null };

/** The option, or the two, that a plan names for a task; taken off the list. */
function takeSlice(name: string, named: Map<string, string>): Taken | null {
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
export const missing = (id: string, { tables }: Pick<Case, 'tables'>): string =>
  `${id} is not in the tables of ${tables.snapshot.date}`;

/** The way to cut a task up whose parts a plan names all, on devices of the group they are for; as a whole where none is. */
function wayNamed(whole: Slice, named: ReadonlyMap<string, string>, of: Case): Slice[] {
  const isNamed = (slice: Slice): boolean => {
    const name = sliceName(slice);
    if (!named.has(name) && !Object.values(partNames).some(([first]) => named.has(`${name}.${first}`))) return false;
    const option = slice.deviceGroup === undefined ? null : optionById(named.get(name) ?? '', of);
    return option === null || option.deviceGroup?.name === slice.deviceGroup;
  };
  return waysToCut(whole, of).find((way) => way.every(isNamed)) ?? [whole];
}

function priced(parts: Part[], of: Case): Plan | string {
  const plan = planOf(parts, of);
  return isUnpriced(plan) ? `${parts.map(({ option }) => option.id).join('; ')} has no price: ${plan.unpriced}` : plan;
}
