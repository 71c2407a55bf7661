import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Decision } from '../../src/decide/decision.js';

/** Decisions of `test/fixtures/invented-decisions.yaml`, of which `test/contracts/result-schema.test.ts` checks the form. */
const text = readFileSync(new URL('../fixtures/invented-decisions.yaml', import.meta.url), 'utf8');
const decisions: Record<'hybrid' | 'onFleet' | 'infeasible', Decision> = parse(text, { merge: true });
export const { hybrid, onFleet, infeasible } = decisions;
