import { isUnpriced } from '../cost/curve.js';
import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { placementOf, placements } from '../places/registry.js';
import { kinds } from '../tables/column.js';
import type { Kind } from '../tables/columns.js';
import { mistakeIn } from '../workload/lint-contradictions.js';
import type { TaskPart } from '../workload/workload.js';
import { type Choice, kindMissing } from './choice.js';
import { waysToCut } from './cuts.js';
import type { SecondPlace } from './fallback.js';
import { nearMisses } from './near-misses.js';
import { leftOut, optionById } from './option-report.js';
import { optionsOf, type Plan, type PlanPart, partNames, planOf, planWords, taskPartName } from './plan.js';
import { choose } from './several-choice.js';

/**
 * The plan of an id: an option's id puts everything there; else `task=<option>;task.part=<option>` for all tasks. A
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
    if (named.has(name)) return `"${name}" is defined twice in the plan`;
    named.set(name, option);
  }
  const written = new Map(named);
  const parts = new Map<string, PlanPart>();
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

/** A second place is billed for what it serves, and machines while they wait. */
function notPerToken(part: string): string {
  const perToken = placements.flatMap(({ kind, perToken }) => (perToken ? [kind] : []));
  return `${part} is not billed per token, as a second place has to be: name an option of ${perToken.join(' or ')}`;
}

/** Says that an option is not there. */
export const missing = (id: string, { tables }: Pick<Context, 'tables'>): string =>
  `${id} is not in the tables of ${tables.snapshot.date}`;

/** The split of a task whose parts a plan names all, on devices of their group; the whole task where none is. */
function wayNamed(whole: TaskPart, named: ReadonlyMap<string, string>, context: Context): TaskPart[] {
  const isNamed = (taskPart: TaskPart): boolean => {
    const name = taskPartName(taskPart);
    if (!named.has(name) && !Object.values(partNames).some(([first]) => named.has(`${name}.${first}`))) return false;
    const option = taskPart.deviceGroup === undefined ? null : optionById(named.get(name) ?? '', context);
    return option === null || option.deviceGroup?.name === taskPart.deviceGroup;
  };
  return waysToCut(whole, context).find((way) => way.every(isNamed)) ?? [whole];
}

function priced(parts: PlanPart[], context: Context): Plan | string {
  const plan = planOf(parts, context);
  return isUnpriced(plan) ? `${parts.map(({ option }) => option.id).join('; ')} has no price: ${plan.unpriced}` : plan;
}

/** Why there is no plan by a name, or none at all. */
export type NoPlan = { code: 'no-such-plan' | 'nothing-fits'; message: string; suggestion: string | null };

const noPlanBy = (message: string, candidates: readonly string[] = []): NoPlan => ({
  code: 'no-such-plan',
  message,
  suggestion: candidates.length === 0 ? null : `write one of ${candidates.join(', ')}`,
});

/** Other names of a deployment type, after its title. */
const alsoCalled: Readonly<Record<Kind, string>> = {
  'cloud-api': 'cloud api',
  'open-model-api': 'hosted open model',
  'managed-hosting': 'managed hosting dedicated endpoint',
  'serverless-gpu': 'serverless gpus',
  'self-hosted-cloud': 'own gpus rented gpus self-hosted',
  'on-prem': 'own hardware on-premises servers',
  edge: 'devices edge',
};

/** The plan that a few words mean: a deployment type, for the best of it, or words that match one plan alone. */
function planByWords(words: string, choice: Choice, listed: readonly Option[], context: Context): Plan | NoPlan {
  const kind = choice.kinds.find((best) => best.kind === words.trim().toLowerCase());
  if (kind !== undefined) return kind.plan ?? noPlanBy(kindMissing(kind));
  const plans = new Map<string, Plan>();
  for (const plan of [choice.advised, choice.cheapest, choice.runnerUp, ...choice.kinds.map((best) => best.plan)])
    if (plan !== null && !plans.has(plan.id)) plans.set(plan.id, plan);
  for (const option of listed) {
    if (plans.has(option.id)) continue;
    const plan = planOf([{ option, taskParts: context.workload.taskParts }], context);
    if (!isUnpriced(plan)) plans.set(option.id, plan);
  }
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  const met = [...plans.values()].filter((plan) => asked.every((word) => textOf(plan, context).includes(word)));
  const [only] = met;
  if (only === undefined) return noPlanBy(`unknown option or plan "${words}"`, [...plans.keys()]);
  const ids = met.map(({ id }) => id);
  return met.length === 1 ? only : noPlanBy(`"${words}" may be any of ${met.length} plans`, ids);
}

/** Everything a plan may be called by. */
const textOf = (plan: Plan, { tables }: Context): string =>
  [
    plan.id,
    planWords(plan, tables),
    ...plan.deployments.flatMap(optionsOf).map(({ kind }) => `${placementOf(kind).title} ${alsoCalled[kind]}`),
  ]
    .join(' ')
    .toLowerCase();

/** The plan that a user names by its id, an option's or a few words; null: the recommended one. */
export function planNamed(asked: string | null, context: Context): Plan | NoPlan {
  if (asked !== null && isId(asked, context)) {
    const found = findPlan(asked, context);
    return typeof found === 'string' ? noPlanBy(found) : found;
  }
  // What begins with a kind of place is meant as an id: which part is wrong needs no decision.
  const mistake =
    asked !== null && kinds.some((kind) => asked.startsWith(`${kind}/`)) ? mistakeIn(asked, context.tables) : null;
  if (mistake !== null) return { code: 'no-such-plan', message: mistake.message, suggestion: mistake.suggestion };
  const choice = choose(context);
  if (asked === null) {
    const best = choice.kinds.flatMap(({ plan }) => (plan === null ? [] : [plan.id]));
    return (
      choice.advised ?? {
        code: 'nothing-fits',
        message: 'no plan meets every rule, so none is recommended',
        suggestion: best.length === 0 ? null : `name one: ${best.join(', ')}`,
      }
    );
  }
  const misses = choice.advised === null ? nearMisses(context).map(({ looked }) => looked.option) : [];
  return planByWords(asked, choice, misses, context);
}

/** Whether a text is the id of an option, or begins as that of a plan by tasks. */
const isId = (text: string, context: Context): boolean =>
  context.workload.taskParts.some(({ task }) => text.startsWith(`${task}=`) || text.startsWith(`${task}.`)) ||
  optionById(text, context) !== null;

/** What is in use now, an option or a plan, priced as any other; null: not given. A text says why there is none. */
export const todaysPlan = (context: Context): Plan | string | null =>
  context.workload.today === null ? null : findPlan(context.workload.today.option, context);

/** The same, without the reason where it cannot be had. */
export function todaysPlanIfKnown(context: Context): Plan | null {
  const found = todaysPlan(context);
  return typeof found === 'string' ? null : found;
}
