/** What a plan may be called by what its places are there for. */
export const shapes = [
  'single',
  'tiered-routing',
  'cascade',
  'overflow',
  'sensitivity-split',
  'edge-fallback',
  'failover',
  'rag-fine-tuned',
  'dev-prod-split',
  'mixed',
] as const;

export type Shape = (typeof shapes)[number];
