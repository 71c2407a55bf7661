import type { Kind } from '../tables/rows.js';
import { cloudApi, openModelApi } from './api.js';
import { edge } from './device.js';
import { managedHosting } from './managed-hosting.js';
import { onPrem } from './own-hardware.js';
import type { Placement } from './placement.js';
import { selfHostedCloud } from './rented.js';
import { serverlessGpu } from './serverless-gpu.js';

/** Every kind of place the decision knows, in the order in which they are shown. */
export const placements: readonly Placement[] = [
  cloudApi,
  openModelApi,
  managedHosting,
  serverlessGpu,
  selfHostedCloud,
  onPrem,
  edge,
];

export const placementOf = (kind: Kind): Placement => {
  const found = placements.find((placement) => placement.kind === kind);
  if (found === undefined) throw new Error(`no placement ${kind} is registered`);
  return found;
};
