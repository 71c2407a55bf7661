import { describe, expect, test } from 'vitest';
import { advisedIn } from '../../src/decide/core-choice.js';
import { choose } from '../../src/decide/several-choice.js';
import { caseOf } from '../support/scenario.js';

/** One option for everything is that option, in whatever parts a search met it: bills of both may differ in a last digit. */

describe.each([231_000, 285_000, 600_000])('%d requests a day, of which most are easy', (volume) => {
  test('where one place is best for easy and hard requests, it is advised for the task as a whole', async () => {
    const context = await caseOf({
      workload: { volume, growth: '6% per month', horizon: '18 months', turns: 2 },
      tasks: [
        { name: 'a', type: 'faq-chat', share: '80%', easy: { share: '70%', told: 'before' } },
        { name: 'c', type: 'extraction', share: '20%' },
      ],
      team: { devops: 2, free: 0.3, yearlyCost: '60k' },
    });
    const { cheapest, advised } = choose(context);
    for (const plan of [cheapest, advised, advisedIn(context)]) {
      const [one, ...others] = plan?.deployments ?? [];
      expect([plan?.id, others]).toEqual([one?.option.id, []]);
    }
  });
});
