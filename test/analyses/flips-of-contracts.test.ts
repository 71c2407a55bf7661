import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { table } from '../../src/report/assess.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';
import { asOf, decide, readWritten, tool, type Written } from '../support/scenario.js';

const bank = (agreements: object, regimes = ['gdpr', 'dora']) =>
  ({
    workload: { volume: '30k requests/day' },
    tasks: [{ name: 'letters', type: 'summarization' }],
    data: { sensitivity: 'regulated', regimes, residency: ['eea'], agreements },
  }) satisfies Written;

async function assessed(written: Written) {
  const { tables: all, prose } = await shipped();
  const tables = fewRows(all);
  return assess(readWritten(written, tables), tables, {
    asOf,
    prose,
    tool,
    draws: 'none',
  });
}

test('a contract that the rules ask for and nobody is said to sign: what it would cost with it, before anything else', async () => {
  const without = await assessed(bank({ canSign: ['dpa', 'scc'] }));
  const flip = without.recommendation.flips.find(({ parameter }) => parameter === 'data.agreements');
  expect(flip).toMatchObject({
    from: '{signed: [], canSign: [dpa, scc]}',
    to: '{signed: [], canSign: [dpa, scc, dora]}',
    means: 'an ICT contract with DORA clauses can be signed',
  });
  const tables = fewRows((await shipped()).tables);
  const { recommendation } = await decide(bank({ canSign: ['dpa', 'scc', 'dora'] }), { tables, point: true });
  expect(flip).toMatchObject({ becomes: recommendation.plan, monthlyCost: recommendation.monthlyCost });
  expect(flip?.extraCost).toBeLessThan(-1000);
  const text = table(without, { color: false, width: 200, detail: null });
  expect(text).toMatch(
    /Decide +If an ICT contract with DORA clauses can be signed \(data\.agreements\), .* does it for \$/,
  );
});

test('one that no rule asks for is not asked for, and one that may be signed is no condition', async () => {
  for (const written of [bank({ canSign: ['dpa', 'scc'] }, ['gdpr']), bank({ canSign: ['dpa', 'scc', 'dora'] })]) {
    const { recommendation } = await assessed(written);
    expect(recommendation.flips.filter(({ parameter, to }) => parameter === 'data.agreements' && to !== '[]')).toEqual(
      [],
    );
  }
});
