import { type Shape, boundaries, isDevelopment } from '../workload/workload.js';

import type { Part } from './part.js';

/**
 * The shape of a plan: what its places are there for. More than one reason makes it mixed, and so does a place that has
 * no part in the reason.
 */
export function shapeOf(parts: readonly Part[]): Shape {
  const reasons = new Set<Shape>([
    ...parts.flatMap(({ second }) => second?.role ?? []),
    ...parts.flatMap(({ taskParts }) => taskParts.flatMap(({ cut }) => cut?.shape ?? [])),
    ...(developedElsewhere(parts) ? (['dev-prod-split'] as const) : []),
  ]);
  const [reason] = reasons;
  if (reason === undefined) {
    if (parts.length === 1) return 'single';
    return splitByData(parts) ? 'sensitivity-split' : 'tiered-routing';
  }
  if (reasons.size > 1 || parts.some((part) => !servesA(reason, part))) return 'mixed';
  return devicesFirst(parts) ? 'edge-fallback' : reason;
}

/** Whether a place has a part in what a shape is for. */
const servesA = (shape: Shape, { second, taskParts }: Part): boolean =>
  shape === 'dev-prod-split' || second !== undefined || taskParts.some(({ cut }) => cut !== undefined);

/** Whether requests of developers go where none of their task's users do. */
const developedElsewhere = (parts: readonly Part[]): boolean =>
  parts.some(({ taskParts }) =>
    taskParts.some(
      (taskPart) =>
        isDevelopment(taskPart) && !taskParts.some((other) => other.task === taskPart.task && !isDevelopment(other)),
    ),
  );

/** Whether data rules alone tell who goes where: no two places may hold data of the same boundary. */
function splitByData(parts: readonly Part[]): boolean {
  const held = parts.map(({ taskParts }) => new Set(taskParts.map(({ needs }) => boundaries.indexOf(needs.boundary))));
  return held.every((mine, i) =>
    held.every((others, j) => i === j || ![...mine].some((boundary) => others.has(boundary))),
  );
}

/** Whether a part that could be anywhere runs on devices, and the others elsewhere. */
const devicesFirst = (parts: readonly Part[]): boolean =>
  parts.some(({ option, taskParts }) => option.onDevices !== null && taskParts.some(({ cut }) => cut !== undefined)) &&
  parts.some(({ option }) => option.onDevices === null);
