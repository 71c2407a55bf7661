import { assess } from '../../src/analyses/assess.js';
import type { Decision } from '../../src/decide/decision.js';
import { asOf, readCommitted } from './committed.js';
import { shipped } from './load.js';

/** Committed scenarios of different shapes, some changed as by `--set`. */
export const shapes: Record<string, { scenario: string; set?: string[] }> = {
  'api-only': { scenario: 'nightly-calls' },
  'api-to-rented': {
    scenario: 'million-requests',
    set: ['preferences.only=[self-hosted-cloud]', 'team.free=0.2 FTE', 'workload.growth=5% per month'],
  },
  stays: {
    scenario: 'million-requests',
    set: ['today={option: open-model-api/together/google/gemma-3n-E4B-it, bill: 30}'],
  },
  'on-prem': { scenario: 'factory-sites' },
  hybrid: { scenario: 'regulated-hybrid' },
  infeasible: { scenario: 'device-case-files' },
};

const decided = new Map<string, Decision>();

/** The whole decision on a committed scenario, made once per test file. */
export async function decideCommitted(scenario: string, set: readonly string[] = []): Promise<Decision> {
  const key = [scenario, ...set].join(' ');
  const known = decided.get(key);
  if (known !== undefined) return known;
  const { tables, prose } = await shipped();
  const tool = { name: 'deploy-advisor', version: '0.0.0' };
  const decision = assess(await readCommitted(scenario, set), tables, {
    asOf,
    prose,
    tool,
    draws: 'none',
  });
  decided.set(key, decision);
  return decision;
}
