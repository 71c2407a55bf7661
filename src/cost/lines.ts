import type { Formula } from '../formula/formula.js';
import { eachOnce, product, quotient, sourcesOf, stated, sumOf, type Traced } from '../formula/traced.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { add, type CostCurve, type CostLine, fixedCost, onVolumeAxis, requestsPerMonthPerDaily } from './curve.js';
import { requestsPerMonthOf } from './task-trace.js';

/** A line of a bill; `from`: the figures whose rows it rests on. */
export const costLine = (working: Formula, curve: CostCurve, from: () => readonly Traced[]): CostLine => ({
  part: working.id,
  label: working.label,
  curve,
  upfront: 0,
  working,
  sources: () => eachOnce(from().flatMap(sourcesOf)),
});

/** A cost that is the same at every volume. */
export const fixedLine = (working: Formula, traced: Traced): CostLine => ({
  ...costLine(working, fixedCost(traced.value), () => [traced]),
  trace: () => traced,
});

/** What is paid once, spread over the months of the horizon. */
export function onceLine(working: Formula, once: Traced, { months }: Pick<Workload, 'months'>): CostLine {
  const horizon = stated('months of the horizon', months, 'months', 'workload.horizon');
  const spread = quotient(working.label, 'USD/month', once, horizon);
  return { ...fixedLine(working, spread), upfront: once.value, once: true, traceUpfront: () => once };
}

/** What a request of a task part costs. */
export type PerRequest = { taskPart: TaskPart; usd: number; amount: () => Traced };

/** What is paid per request, task parts added up. */
export const requestsLine = (working: Formula, parts: readonly PerRequest[], workload: Workload): CostLine => ({
  ...costLine(working, add(parts.map((part) => requestsCurve(part, workload))), () =>
    parts.map(({ amount }) => amount()),
  ),
  trace: (volume) =>
    sumOf(
      working.label,
      working.unit,
      parts.map(({ taskPart, amount }) =>
        product(
          `${working.label} of ${taskPart.task}`,
          working.unit,
          requestsPerMonthOf(taskPart, volume, workload),
          amount(),
        ),
      ),
    ),
});

const requestsCurve = ({ taskPart, usd }: PerRequest, workload: Workload): CostCurve =>
  onVolumeAxis(
    { fixed: 0, perUnit: usd * requestsPerMonthPerDaily(taskPart, workload), terms: [] },
    taskPart,
    workload,
  );
