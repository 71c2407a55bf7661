/** Forms in which `check` and `compare` answer. */
export const checkFormats = ['table', 'json', 'jsonl', 'csv', 'markdown', 'github', 'junit', 'sarif'] as const;
export type CheckFormat = (typeof checkFormats)[number];
