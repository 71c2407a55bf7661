export const assessFormats = ['table', 'json', 'jsonl', 'csv', 'markdown'] as const;
export type AssessFormat = (typeof assessFormats)[number];
