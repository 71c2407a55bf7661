import type { TaskRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { dataBeside } from './resolve-divisible.js';
import { needsOf } from './resolve-needs.js';
import type { Scenario, ScenarioTask } from './schema.js';
import type { TaskPart } from './workload.js';

/**
 * The requests of developers and tests beside those of a task: the same tokens and capability under data rules of their
 * own. Nobody waits for them, so that latency and availability are asked of production alone; nor must they do without a
 * network, or with weights that are tuned already. As many of them are easy as of the task's.
 */
export function inDevelopment(
  taskPart: TaskPart,
  { data: _, latency: __, availability: ___, ...task }: ScenarioTask,
  preset: TaskRow,
  scenario: Scenario,
  tables: Tables,
): TaskPart {
  const { share, data } = scenario.development as NonNullable<Scenario['development']>;
  const { divisible: { easy } = {}, ...whole } = taskPart;
  const needs = needsOf(task, preset, { ...scenario, data: dataBeside(scenario.data, data), needs: undefined }, tables);
  return {
    ...whole,
    id: `${taskPart.task}.dev`,
    part: 'dev',
    share: taskPart.share * share.likely,
    requestsPerDay: taskPart.requestsPerDay * share.likely,
    ...(easy && { divisible: { easy } }),
    needs: { ...needs, ttftP95Ms: null, tokensPerSecond: null, totalP95Ms: null },
  };
}
