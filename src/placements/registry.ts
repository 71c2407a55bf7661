import type { Kind } from '../tables/rows.js';
import { cloudApi } from './cloud-api.js';
import { managedHosting } from './managed-hosting.js';
import { onPrem } from './on-prem.js';
import { openModelApi } from './open-model-api.js';
import type { Placement } from './placement.js';
import { selfHostedCloud } from './self-hosted-cloud.js';

/** Every kind of place the decision knows, in the order in which they are shown. */
export const placements: readonly Placement[] = [cloudApi, openModelApi, managedHosting, selfHostedCloud, onPrem];

export const placementOf = (kind: Kind): Placement => {
  const found = placements.find((placement) => placement.kind === kind);
  if (found === undefined) throw new Error(`no placement ${kind} is registered`);
  return found;
};
