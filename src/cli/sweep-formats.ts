export const sweepFormats = ['table', 'json', 'jsonl', 'csv'] as const;
export type SweepFormat = (typeof sweepFormats)[number];
