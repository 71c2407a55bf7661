/** Forms in which `check` answers. */
export const checkFormats = ['table', 'json', 'jsonl', 'markdown', 'github', 'junit', 'sarif'] as const;
export type CheckFormat = (typeof checkFormats)[number];
/** Those of `compare`: a page too. */
export const compareFormats = [...checkFormats, 'html'] as const;
export type CompareFormat = (typeof compareFormats)[number];
