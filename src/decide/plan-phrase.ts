import { kindNames } from '../places/option.js';
import type { TaskPart } from '../workload/workload.js';
import { optionsOf, type Plan } from './plan.js';
import { optionWords } from './words.js';

const seconds = { overflow: 'with what exceeds it on', failover: 'and while it is down on' };

/** A plan within a sentence: `cloud API a / b`; of several places, who serves which tasks. */
export function planPhrase({ deployments }: Plan): string {
  const places = deployments.map((deployment) => {
    const [first, second] = optionsOf(deployment).map((option) => `${kindNames[option.kind]} ${optionWords(option)}`);
    return deployment.second === undefined ? `${first}` : `${first}, ${seconds[deployment.second.role]} ${second}`;
  });
  if (deployments.length === 1) return places.join();
  return deployments.map(({ taskParts }, i) => `${taskWords(taskParts)} on ${places[i]}`).join('; ');
}

const taskWords = (taskParts: readonly TaskPart[]): string =>
  taskParts.map(({ task, part }) => (part === 'all' ? task : `${task}.${part}`)).join(', ');
