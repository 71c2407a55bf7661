import { nativeScheme, schemesOfModel } from '../../capacity/model-schemes.js';
import { isUnpriced } from '../../cost/curve.js';
import type { LeverChange } from '../../decide/decision.js';
import { findOption } from '../../decide/find-option.js';
import { type Deployment, type Plan, planOf } from '../../decide/plan.js';
import { difference } from '../../decide/round.js';
import type { Purchase } from '../../places/fleet-units.js';
import { type Option, optionId } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import type { QuantizationRow } from '../../tables/rows.js';
import { mayStand } from './decide-again.js';
import type { PlanLever, Pulled, Refused, Setting } from './lever.js';

/** Another form of one deployment, best first, and the form it would have had without the lever. */
type Forms = {
  of: string;
  from: string;
  others: readonly { id: string; to: string }[];
  /** Set where the lever is in already: the id to go back to. */
  before: string | null;
};

/** The same model on the same machine in the next narrower scheme that is still good enough. */
export const quantization: PlanLever = {
  id: 'quantization',
  pull: (_, setting) =>
    inOtherForms(setting, 'quantization', schemesOf, {
      none: 'nothing in the plan runs on own machines: the provider chooses the format',
      best: 'no narrower format of the model is good enough, or runs on the machine',
    }),
};

/** The same machines under a commitment of a year or of three. */
export const reserved: PlanLever = {
  id: 'reserved',
  pull: (_, setting) =>
    inOtherForms(setting, 'purchase', purchasesOf, {
      none: 'nothing in the plan is rented by the hour',
      best: 'the tables have no reserved price of the machine',
    }),
};

function schemesOf({ option }: Deployment, { tables }: Context): Forms | null {
  const { fleet } = option;
  if (fleet === null) return null;
  const schemes = schemesOfModel(tables.quantization, fleet.model, 'weights').filter((row) => row.batchedServing);
  const bits = (row: QuantizationRow) => row.bitsPerWeight ?? Number.POSITIVE_INFINITY;
  const now = fleet.scheme;
  const released = nativeScheme(schemes, fleet.model);
  const idIn = ({ scheme }: QuantizationRow) => optionId({ ...option, quantization: scheme });
  return {
    of: option.model,
    from: now.scheme,
    others: schemes
      .filter((row) => bits(row) < bits(now))
      .sort((a, b) => bits(b) - bits(a))
      .map((row) => ({ id: idIn(row), to: row.scheme })),
    before: released !== null && bits(released) > bits(now) ? idIn(released) : null,
  };
}

const terms: readonly Purchase[] = ['reserved-1y', 'reserved-3y'];

function purchasesOf({ option }: Deployment): Forms | null {
  const { purchase } = option;
  if (option.fleet === null || purchase === null || purchase === 'bought' || purchase === 'owned') return null;
  const idAs = (form: Purchase) => optionId({ ...option, purchase: form });
  const committed = terms.includes(purchase);
  return {
    of: option.instance ?? option.model,
    from: purchase,
    others: terms.filter((term) => term !== purchase).map((term) => ({ id: idAs(term), to: term })),
    before: committed ? idAs('on-demand') : null,
  };
}

/** Every deployment in the cheapest of its other forms that breaks no rule; what is in already is compared with before. */
function inOtherForms(
  setting: Setting,
  key: string,
  formsOf: (deployment: Deployment, context: Context) => Forms | null,
  refusals: { none: string; best: string },
): Pulled | Refused {
  const { plan, context } = setting;
  const changes: LeverChange[] = [];
  const tasks: string[] = [];
  let better = plan;
  let seen = false;
  /** Undefined: nothing is in already; null: the plan could not run, or has no price, as it was before. */
  let before: Plan | null | undefined;
  for (const [i, deployment] of plan.deployments.entries()) {
    const forms = formsOf(deployment, context);
    if (forms === null) continue;
    seen = true;
    if (forms.before !== null) {
      const option = findOption(forms.before, context);
      before = option === null ? null : replaced(before ?? plan, i, option, context);
    }
    let best: { plan: Plan; to: string } | null = null;
    for (const { id, to } of forms.others) {
      const option = findOption(id, context);
      const other = option === null ? null : replaced(better, i, option, context);
      if (other === null || !mayStand(other, context)) continue;
      if (best === null || other.monthlyUsd < best.plan.monthlyUsd) best = { plan: other, to };
    }
    if (best === null) continue;
    better = best.plan;
    changes.push({ path: `${key} of ${forms.of}`, from: forms.from, to: best.to, unit: '' });
    tasks.push(...deployment.taskParts.map(({ task }) => task));
  }
  const saved = before === undefined ? {} : { savesNowUsd: before && difference(before.monthlyUsd, plan.monthlyUsd) };
  if (changes.length === 0) return { not: seen ? refusals.best : refusals.none, ...saved };
  return { plan: better, changes, tasks: [...new Set(tasks)], ...saved };
}

function replaced(plan: Plan, at: number, option: Option, context: Context): Plan | null {
  const parts = plan.deployments.map((deployment, i) => (i === at ? { ...deployment, option } : deployment));
  const other = planOf(parts, context);
  return isUnpriced(other) ? null : other;
}
