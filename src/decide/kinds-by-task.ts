import type { Kind } from '../tables/rows.js';
import { optionsOf, type PlanPart } from './plan.js';

/** A plan, as far as what it is on. */
type Served = { deployments: readonly PlanPart[] };

/** The kinds of place of every task of a plan, its parts together. */
export const kindsOfEach = (plan: Served): Map<string, Set<Kind>> => grouped(servedBy(plan));

/** The same as text to compare: the advice changes when those of one task do. */
export const kindsByTask = (plan: Served): string => textOf(servedBy(plan));

const servedBy = ({ deployments }: Served): { task: string; kinds: Kind[] }[] =>
  deployments.flatMap((deployment) =>
    deployment.taskParts.map(({ task }) => ({ task, kinds: optionsOf(deployment).map(({ kind }) => kind) })),
  );

function grouped(served: readonly { task: string; kinds: readonly Kind[] }[]): Map<string, Set<Kind>> {
  const byTask = new Map<string, Set<Kind>>();
  for (const { task, kinds } of served) byTask.set(task, new Set([...(byTask.get(task) ?? []), ...kinds]));
  return byTask;
}

const textOf = (served: readonly { task: string; kinds: readonly Kind[] }[]): string =>
  [...grouped(served)]
    .map(([task, kinds]) => `${task}=${[...kinds].sort().join('+')}`)
    .sort()
    .join();
