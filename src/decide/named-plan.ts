import { isUnpriced } from '../cost/curve.js';
import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import type { Kind } from '../tables/rows.js';
import type { Choice } from './choose.js';
import { optionById } from './find-option.js';
import { findPlan } from './find-plan.js';
import { kindMissing } from './kind-missing.js';
import { optionsOf, type Plan, planOf } from './plan.js';
import { planWords } from './words.js';

/** A plan, or why there is none by that name and which there are. */
export type NamedPlan = { plan: Plan; problem: null } | { plan: null; problem: string; candidates: readonly string[] };

/** The plan of an id: one option for everything, or `task=<option>;task.part=<option>` for every task; null: not an id. */
export function planById(id: string, context: Context): NamedPlan | null {
  const names = context.workload.taskParts.map(({ task }) => task);
  const isPlan = names.some((name) => id.startsWith(`${name}=`) || id.startsWith(`${name}.`));
  if (!isPlan && optionById(id, context) === null) return null;
  const found = findPlan(id, context);
  return typeof found === 'string' ? missing(found) : { plan: found, problem: null };
}

const missing = (problem: string, candidates: readonly string[] = []): NamedPlan => ({
  plan: null,
  problem,
  candidates,
});

/** What people call a kind, beside its title. */
const alsoCalled: Readonly<Record<Kind, string>> = {
  'cloud-api': 'cloud api',
  'open-model-api': 'hosted open model',
  'managed-hosting': 'managed hosting dedicated endpoint',
  'serverless-gpu': 'serverless gpus',
  'self-hosted-cloud': 'own gpus rented gpus self-hosted',
  'on-prem': 'own hardware on-premises servers',
  edge: 'devices edge',
};

/** The one plan of an assessment that a few words mean: a kind, for the best of it, or words that only one plan has. */
export function planByWords(words: string, choice: Choice, listed: readonly Option[], context: Context): NamedPlan {
  const kind = choice.kinds.find((best) => best.kind === words.trim().toLowerCase());
  if (kind !== undefined) {
    return kind.plan === null ? missing(kindMissing(kind)) : { plan: kind.plan, problem: null };
  }
  const plans = new Map<string, Plan>();
  for (const plan of [choice.advised, choice.cheapest, choice.runnerUp, ...choice.kinds.map((best) => best.plan)])
    if (plan !== null && !plans.has(plan.id)) plans.set(plan.id, plan);
  for (const option of listed) {
    if (plans.has(option.id)) continue;
    const plan = planOf([{ option, taskParts: context.workload.taskParts }], context);
    if (!isUnpriced(plan)) plans.set(option.id, plan);
  }
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  const met = [...plans.values()].filter((plan) => asked.every((word) => textOf(plan).includes(word)));
  const [only] = met;
  if (only !== undefined && met.length === 1) return { plan: only, problem: null };
  return met.length === 0
    ? missing(`no option or plan is called "${words}"`, [...plans.keys()])
    : missing(
        `"${words}" may be any of ${met.length} plans`,
        met.map(({ id }) => id),
      );
}

/** Everything a plan may be called by. */
const textOf = (plan: Plan): string =>
  [
    plan.id,
    planWords(plan),
    ...plan.deployments.flatMap(optionsOf).map(({ kind }) => `${placementOf(kind).title} ${alsoCalled[kind]}`),
  ]
    .join(' ')
    .toLowerCase();
