import type { Kind } from '../tables/rows.js';

/** Placement kinds as a reader would say them. */
export const kindNames: Record<Kind, string> = {
  'cloud-api': 'cloud API',
  'open-model-api': 'hosted open model',
  'managed-hosting': 'managed hosting',
  'serverless-gpu': 'serverless GPUs',
  'self-hosted-cloud': 'rented GPUs',
  'on-prem': 'own hardware',
  edge: 'edge',
};
