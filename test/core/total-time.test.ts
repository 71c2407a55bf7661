import { expect, test } from 'vitest';
import { numberOf } from '../../src/core/apis.js';
import { askedUnit } from '../../src/core/decide.js';
import { type Queue, queueKey } from '../../src/core/order.js';
import { refitted } from '../../src/core/shape.js';
import { taskCase } from '../../src/decide/task-case.js';
import { committedSubject } from '../support/committed.js';

/** Seconds of the whole answer that some models keep on a card, and others do not. */
const targets = [
  { name: 'reports-in-bursts', total: '24s' },
  { name: 'reports-in-bursts', total: '60s' },
  { name: 'support-chatbot', total: '40s' },
];

test.each(targets)('$name, $total: what a long answer alone leaves out, misses the target in its queue', async (of) => {
  const { context } = await committedSubject(of.name, [`tasks.0.latency={totalP95: ${of.total}}`]);
  const { shape } = taskCase(context).start;
  const { admitted, requests } = shape;
  const { kind, gpus } = admitted.offers.units;
  const unit = kind.findIndex(
    (one, at) =>
      one === numberOf('self-hosted-cloud') && gpus[at] === 1 && admitted.firstLive[at] !== admitted.firstLive[at + 1],
  );
  const { items, batched } = admitted.catalog;
  const queues = new Map<number, Queue>();
  for (const item of requests.items) {
    if (batched[items.scheme[item] as number] === 0) continue;
    const key = queueKey(admitted, unit, item);
    queues.set(key, askedUnit(shape, unit, item, 1).queues.get(key) as Queue);
  }
  const keeping = [...queues].filter(([, { perSecond }]) => perSecond > 0).map(([key]) => key);
  const missing = queues.size - keeping.length;
  expect(Math.min(keeping.length, missing), `${keeping.length} keep it, ${missing} miss it`).toBeGreaterThan(20);
  for (const key of keeping) {
    // With all others known to miss it, a model that keeps it is the one that is left.
    const others = new Map([...queues].map(([one, queue]) => [one, one === key ? queue : { ...queue, perSecond: 0 }]));
    others.delete(key);
    const { fits } = refitted(shape, new Set([unit]), { queues: others });
    expect([fits.count, fits.perSecond[0] ?? 0]).toEqual([1, expect.any(Number)]);
    expect(fits.perSecond[0]).toBeGreaterThanOrEqual((queues.get(key) as Queue).perSecond * (1 - 1e-9));
  }
});
