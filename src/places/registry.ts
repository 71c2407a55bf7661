import { isUnpriced } from '../cost/curve.js';
import { toolLines } from '../cost/extras.js';
import type { Kind } from '../tables/columns.js';
import { edge } from './device.js';
import { managedHosting } from './managed-hosting.js';
import { sellerOf } from './option.js';
import { onPrem } from './own-hardware.js';
import type { Placement } from './placement.js';
import { selfHostedCloud } from './rented.js';
import { serverlessGpu } from './serverless-gpu.js';
import { cloudApi, openModelApi } from './token-api.js';

/** A place that bills calls of tools, too. */
const withTools = (placement: Placement): Placement => ({
  ...placement,
  price(option, taskParts, context) {
    const lines = placement.price(option, taskParts, context);
    return isUnpriced(lines) ? lines : [...lines, ...toolLines(taskParts, sellerOf(option), context)];
  },
});

/** Every kind of place the decision knows, in the order in which they are shown. */
export const placements: readonly Placement[] = [
  cloudApi,
  openModelApi,
  managedHosting,
  serverlessGpu,
  selfHostedCloud,
  onPrem,
  edge,
].map(withTools);

export const placementOf = (kind: Kind): Placement => {
  const found = placements.find((placement) => placement.kind === kind);
  if (found === undefined) throw new Error(`no placement ${kind} is registered`);
  return found;
};
