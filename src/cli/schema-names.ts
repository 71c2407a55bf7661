/** The published JSON Schemas, each `schema/<name>.json`. */
export const schemaNames = ['scenario', 'result', 'comparison', 'check', 'price-book', 'snapshot'] as const;
