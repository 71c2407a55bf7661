import { monthly } from '../formula/formula.js';
import { parameter, quotient, sourcesOf, stated } from '../formula/traced.js';
import type { Tables } from '../tables/tables.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { fixedCost } from './curve.js';
import type { CostLine } from './line.js';

const formula = monthly('other.tuning', 'Fine-tuning, once', 'USD for tuning a model to the task / months');

/** What tuning models to the tasks of these task parts costs, each once. */
export const tuningLines = (taskParts: readonly TaskPart[], workload: Workload, tables: Tables): CostLine[] =>
  taskParts.flatMap(({ task, tuningUsd }) => {
    if (tuningUsd === undefined) return [];
    const once =
      tuningUsd === workload.assume('distillationUsd')
        ? parameter(`tuning of ${task}`, 'distillationUsd', { workload, tables })
        : stated(`tuning of ${task}`, tuningUsd, 'USD', `tasks.${task}.tuned.cost`);
    const spread = quotient(
      formula.label,
      'USD/month',
      once,
      stated('months of the horizon', workload.months, 'months', 'workload.horizon'),
    );
    return {
      part: formula.id,
      label: formula.label,
      curve: fixedCost(spread.value),
      upfront: tuningUsd,
      once: true,
      working: formula,
      trace: () => spread,
      traceUpfront: () => once,
      sources: () => sourcesOf(spread),
    };
  });
