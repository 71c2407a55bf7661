/** Kinds of place, in the order in which they are listed. */
export const kinds = [
  'cloud-api',
  'open-model-api',
  'managed-hosting',
  'serverless-gpu',
  'self-hosted-cloud',
  'on-prem',
  'edge',
] as const;
export type Kind = (typeof kinds)[number];

export type Confidence = 'high' | 'medium' | 'low';
