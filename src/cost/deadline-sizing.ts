import { given, parameter, product, sum, type Traced } from '../formula/traced.js';
import type { Tables } from '../tables/tables.js';
import type { TaskPart, Workload } from '../workload/workload.js';

/** Two parameters: as somebody waits for the answer, and as nobody does. */
type Pair = { atOnce: string; later: string };

const inHour: Pair = { atOnce: 'inHourFactor', later: 'inHourFactorBatch' };
const load: Pair = { atOnce: 'highestLoad', later: 'highestLoadBatch' };

/** From 0 (somebody waits for the task) to 1 (nobody does), linear in its deadline. */
function patienceOf({ waits }: Pick<TaskPart, 'waits'>, { assume }: Workload): number {
  if (waits === null) return 0;
  const { deadlineHours } = waits;
  const [from, to] = [assume('waitedForUpTo'), assume('unwaitedFrom')];
  return deadlineHours >= to ? 1 : Math.max(0, (deadlineHours - from) / (to - from));
}

/** Whether nobody waits for the answer: whatever serves it may stop for a while. */
export const isUnwaited = (taskPart: Pick<TaskPart, 'waits'>, workload: Workload): boolean =>
  patienceOf(taskPart, workload) === 1;

const between = ({ atOnce, later }: Pair, taskPart: Pick<TaskPart, 'waits'>, workload: Workload): number => {
  const patience = patienceOf(taskPart, workload);
  if (patience === 0) return workload.assume(atOnce);
  return (1 - patience) * workload.assume(atOnce) + patience * workload.assume(later);
};

/** Busiest minutes over their hour, as far as they have to be served at once. */
export const inHourFactorOf = (taskPart: Pick<TaskPart, 'waits'>, workload: Workload): number =>
  between(inHour, taskPart, workload);

/** Share of saturation that machines are sized for. */
export const highestLoadOf = (taskPart: Pick<TaskPart, 'waits'>, workload: Workload): number =>
  between(load, taskPart, workload);

type Of = { workload: Workload; tables: Tables };

export const tracedInHourFactor = (taskPart: TaskPart, context: Of): Traced =>
  traced('busiest minutes over their hour', 'ratio', inHour, taskPart, context);

export const tracedHighestLoad = (taskPart: TaskPart, context: Of): Traced =>
  traced('highest load', 'fraction of saturation', load, taskPart, context);

function traced(label: string, unit: string, { atOnce, later }: Pair, taskPart: TaskPart, context: Of): Traced {
  const patience = patienceOf(taskPart, context.workload);
  if (patience === 0) return parameter(label, atOnce, context);
  if (patience === 1) return parameter(`${label}, nobody waits`, later, context);
  const part = (share: number, name: string, which: string): Traced =>
    product(
      `${label}, ${which}`,
      unit,
      given(`share by the deadline, ${which}`, share, 'fraction'),
      parameter(label, name, context),
    );
  return sum(label, unit, part(1 - patience, atOnce, 'somebody waits'), part(patience, later, 'nobody waits'));
}

/** Whether a task needs a spare machine: somebody waits, or it has a target on availability. */
export const asksForSpare = (taskPart: Pick<TaskPart, 'waits' | 'needs'>, workload: Workload): boolean =>
  !isUnwaited(taskPart, workload) || taskPart.needs.availability !== null;

/** Units on top of those at work: a least number, and a share of them. */
export type Spares = { spare: number; spareShare: number };

/** Spares of a fleet: the share is that of the work that needs them. */
export function sparesFor(
  { spare, spareShare }: Spares,
  work: readonly { taskPart: TaskPart; need: number }[],
  workload: Workload,
): Spares {
  let [asked, all] = [0, 0];
  for (const { taskPart, need } of work) {
    all += need;
    if (asksForSpare(taskPart, workload)) asked += need;
  }
  if (asked === all) return { spare, spareShare };
  return asked === 0 ? { spare: 0, spareShare: 0 } : { spare, spareShare: (spareShare * asked) / all };
}
