import { readFileSync } from 'node:fs';

/** A hand-made file as its tool would write it. */
export function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/measurements/${name}`, import.meta.url), 'utf8');
}

export const fixtureNames = [
  'table.csv',
  'vllm-closed-loop.json',
  'vllm-appended.jsonl',
  'guidellm-0.5.json',
  'guidellm-0.2.json',
  'llama-bench.json',
] as const;

/** All that a load generator does not say. */
export const given = { model: 'model-a', accelerator: 'card-a' };
