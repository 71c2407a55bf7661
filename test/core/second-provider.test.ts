import { expect, test } from 'vitest';
import { choiceByCore } from '../../src/decide/core-choice.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith } from '../support/scenario.js';

/** Machines of Azure, and three APIs: its own is the cheapest, but goes down with them. */
test('behind machines stands the API of another provider, however cheap that of their own is', async () => {
  const tables = await shippedTables();
  const of = (provider: string) => {
    const row = tables.api.find((one) => one.provider === provider && one.family === 'gpt-4.1-mini');
    if (row === undefined) throw new Error(`no ${provider}`);
    return row;
  };
  const apis = ['openai', 'azure'].map(of);
  const rental = tables.rental.filter(({ provider }) => provider === 'azure');
  const few = (dearer: number) =>
    tablesWith(tables, {
      api: apis.map((row) => ({
        ...row,
        outputUsdPerMTok: row.outputUsdPerMTok * (row.provider === 'openai' ? dearer : 1),
      })),
      rental,
      hosting: [],
    });
  for (const dearer of [0.5, 3]) {
    const context = await caseOf(
      {
        workload: { volume: '50k requests/day' },
        tasks: [{ type: 'faq-chat', tokens: { input: 1000, output: 300 }, availability: '99.95%' }],
      },
      few(dearer),
    );
    const plan = choiceByCore(context).withOthers('self-hosted-cloud');
    const places = plan?.deployments.map(({ option, second }) => [option.provider, second?.option.provider]);
    expect(places).toEqual([['azure', 'openai']]);
  }
});
