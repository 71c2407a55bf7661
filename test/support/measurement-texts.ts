import { readdirSync, readFileSync } from 'node:fs';

/** A hand-made file as its tool would write it. */
export function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/measurements/${name}`, import.meta.url), 'utf8');
}

export const fixtureNames = readdirSync(new URL('../fixtures/measurements/', import.meta.url));

/** All that a load generator does not say. */
export const given = { model: 'model-a', accelerator: 'card-a' };
