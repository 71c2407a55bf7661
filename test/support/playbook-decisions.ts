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
