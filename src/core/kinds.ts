import type { Kind } from '../tables/rows.js';

/** Deployment types by their number in columns. */
export const kindOf = [
  'cloud-api',
  'open-model-api',
  'managed-hosting',
  'serverless-gpu',
  'self-hosted-cloud',
  'on-prem',
  'edge',
] as const satisfies readonly Kind[];
export const kindCount = kindOf.length;

export const numberOf = (kind: Kind): number => kindOf.indexOf(kind);
