/** The published JSON Schemas, each `schema/<name>.json`. */
export const schemaNames = ['scenario', 'result', 'price-book', 'snapshot'] as const;
