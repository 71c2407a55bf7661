import type { Kind } from '../tables/rows.js';
import type { TaskPart } from '../workload/workload.js';
import type { choiceRules } from './decision.js';
import type { Plan } from './plan.js';
import type { SeveralCase } from './several-case.js';
import type { Counted } from './task-counts.js';

/** A rule of choice that moved the plan, and from which plan to which. */
export type Move = { rule: (typeof choiceRules)[number]; from: Plan; to: Plan };

/** What a rule would cost that the plan does not keep: tasks, and the cheapest plan that keeps it; null: none does. */
export type Unkept = { rule: 'quality'; tasks: string[]; plan: Plan | null };

export type Advice = {
  /** The cheapest that the hard rules leave. */
  cheapest: Plan | null;
  advised: Plan | null;
  /** In the order of the rules; the first one starts from the cheapest. */
  moves: Move[];
  unkept: Unkept[];
  /** Whether the plan is the one of least adjusted cost. */
  isAdjusted: boolean;
};

/** A plan, and what alone keeps it out: a rule about whole plans by its id, or how many places may be run. */
export type KeptOut = { plan: Plan } & ({ gate: string } | { limit: number });

export type KindBest = {
  kind: Kind;
  plan: Plan | null;
  feasible: boolean;
  considered: Counted;
  /** What nothing of it may serve, where it cannot do everything alone. */
  unserved: TaskPart[];
};

/** A plan on provisioned throughput, the same API by tokens (null: it may not serve), and whether the peak fills the smallest purchase. */
export type ProvisionedPlans = { plan: Plan; tokens: Plan | null; fills: boolean };

export type Advised = {
  /** The rules of choice: the cheapest plan, the one advised, and what led from one to the other. */
  advice: Advice;
  cheapest: Plan | null;
  advised: Plan | null;
};

/** The advice, and what it is compared with: that is looked for when it is first asked for. */
export type Choice = Advised & {
  /** What it was chosen from; null: the case has one task. */
  several: SeveralCase | null;
  runnerUp: Plan | null;
  /** The cheapest plan met of which another kind of place answers most requests than of the one advised. */
  otherMain: Plan | null;
  kinds: KindBest[];
  /** Where no plan of other kinds was met: the cheapest that one rule alone keeps out, as far as moving one task tells. */
  keptOut: KeptOut | null;
  /**
   * The cheapest plan met of every way to spread the tasks over kinds of place, with the cheapest in which a kind serves a task at all,
   * cheapest first; looked for when asked.
   */
  ofKinds(most: number): Plan[];
  /** The cheapest plan in which a kind serves some of the work, looked for when asked; null: it may serve none. */
  withOthers(kind: Kind): Plan | null;
  considered: Counted;
  /**
   * Of one task the cheapest plan on provisioned throughput, and the same API by tokens; looked for when asked. Null: none is sold of
   * what may serve it.
   */
  provisioned(): ProvisionedPlans | null;
  /** The cheapest plan on machines that are owned and that the plan advised leaves idle; null: there is none. */
  onIdle(): Plan | null;
};
