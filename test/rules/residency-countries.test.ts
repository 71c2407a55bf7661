import { describe, expect, test } from 'vitest';
import { readScenario } from '../../src/workload/read.js';
import { shipped } from '../support/load.js';
import { decide, type Written } from '../support/scenario.js';

const inside = (residency: string[], more: object = {}): Written => ({
  workload: { volume: '3000 requests/day' },
  tasks: [{ type: 'rag-answering' }],
  data: { sensitivity: 'pii', residency, agreements: ['dpa'], ...more },
});

describe('a single country of the EEA', () => {
  test('is kept on machines of one’s own there, and nowhere that is not known to be there', async () => {
    const { recommendation, scorecard } = await decide(inside(['de']));
    expect(recommendation.kinds).toEqual(['on-prem']);
    const api = scorecard.find(({ kind }) => kind === 'cloud-api');
    expect(api?.feasible).toBe(false);
    // Its countries lie in the EEA, so that GDPR asks for nothing more.
    const regulated = await decide(inside(['de'], { sensitivity: 'regulated', regimes: ['gdpr'], declared: ['dpia'] }));
    expect(regulated.recommendation.kinds).toEqual(['on-prem']);
  });

  test('machines that are rented there will do', async () => {
    const rented = await decide({ ...inside(['nl']), preferences: { only: ['self-hosted-cloud'] } });
    expect(rented.recommendation.assignments.map(({ option }) => option)).toEqual([
      expect.stringMatching(/\/(europe-west4|westeurope)\//),
    ]);
  });
});

test('that nobody is known to be there is said before anything is weighed', async () => {
  const { tables } = await shipped();
  const told = (residency: string[]) =>
    readScenario(JSON.stringify({ version: 1, name: 'x', ...inside(residency) }), {
      file: 'x.yaml',
      tables,
    }).problems.map(({ code, severity }) => `${severity} ${code}`);
  expect(told(['de'])).toContain('warning empty-region');
  for (const somewhere of [['nl'], ['eea'], ['de', 'us'], ['atlantis']])
    expect(told(somewhere)).not.toContain('warning empty-region');
});
