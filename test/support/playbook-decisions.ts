import type { Decision } from '../../src/decide/decision.js';
import { decideCommitted } from './committed-decisions.js';

/** Committed scenarios of different shapes, some changed as by `--set`; what flips machines takes a minute on all rows. */
export const shapes: Record<string, { scenario: string; set?: string[]; few?: string[] }> = {
  'api-only': { scenario: 'nightly-calls' },
  'api-to-rented': {
    scenario: 'million-requests',
    few: ['gpt-4', 'qwen3.5-4b', 'gemma-4-e2b', 'verda', 'runpod', 'rtx-a6000-48gb', 'rtx-5090-32gb'],
    set: ['preferences.only=[self-hosted-cloud]', 'team.free=0.2 FTE', 'workload.growth=5% per month'],
  },
  stays: {
    scenario: 'million-requests',
    set: ['today={option: open-model-api/deepinfra/deepseek-ai/DeepSeek-V4-Flash, bill: 150}'],
  },
  'on-prem': { scenario: 'factory-sites' },
  hybrid: { scenario: 'regulated-hybrid' },
  infeasible: { scenario: 'device-case-files' },
};

export function decideShape(name: string, more: readonly string[] = []): Promise<Decision> {
  const { scenario, set = [], few } = shapes[name] as (typeof shapes)[string];
  return decideCommitted(scenario, { flips: true, set: [...set, ...more], ...(few && { few }) });
}
