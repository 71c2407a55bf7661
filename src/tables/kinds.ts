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

/** Deployment types as a reader would say them. */
export const kindNames: Record<Kind, string> = {
  'cloud-api': 'closed API',
  'open-model-api': 'hosted open model',
  'managed-hosting': 'managed endpoint',
  'serverless-gpu': 'serverless GPU',
  'self-hosted-cloud': 'rented GPU',
  'on-prem': 'own hardware',
  edge: 'on-device',
};

export type Confidence = 'high' | 'medium' | 'low';
