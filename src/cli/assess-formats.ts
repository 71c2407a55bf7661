export const assessFormats = ['table', 'json', 'jsonl'] as const;
export type AssessFormat = (typeof assessFormats)[number];
