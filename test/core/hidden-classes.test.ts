import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import { admit } from '../../src/core/admitted.js';
import { prepared } from '../../src/core/decide.js';
import { copied, price } from '../../src/core/price.js';
import { refitted, shapeOf } from '../../src/core/shape.js';
import { supplyOf } from '../../src/core/supply.js';
import { bestPlans } from '../../src/decide/task-plans.js';
import { committedCase } from '../support/committed.js';

setFlagsFromString('--allow-natives-syntax');
const isOfOneClass = new Function('one', 'other', 'return %HaveSameMap(one, other)') as (...of: unknown[]) => boolean;
const isDictionary = new Function('one', 'return !%HasFastProperties(one)') as (one: unknown) => boolean;

/** What a decision makes anew, by name. */
async function madeFor(name: string): Promise<Record<string, object>> {
  const context = await committedCase(name);
  const admitted = admit(supplyOf(context), context);
  const start = prepared(shapeOf(admitted, context));
  const best = bestPlans(start, context.workload, { limits: null, mayOverflow: true, taskUsd: 0 });
  const { shape, rows } = best.prepared;
  const { fits, bills, requests, quality, load, order } = shape;
  return { best, admitted, shape, rows, fits, bills, requests, quality, load, order };
}

test('what is made for every decision keeps its hidden class, so that compiled code that reads it stands', async () => {
  // V8 remembers classes of a place in the code once that has run some times.
  for (let i = 0; i < 40; i++) for (const name of ['support-chatbot', 'legal-rag']) await madeFor(name);
  const [one, other] = [await madeFor('support-chatbot'), await madeFor('legal-rag')];
  const changed = Object.keys(one).filter((of) => !isOfOneClass(one[of], other[of]));
  expect(changed).toEqual([]);
  expect(Object.keys(one).filter((of) => isDictionary(one[of]))).toEqual([]);
});

test('what is copied has the hidden class of what it was copied from, however often', async () => {
  const context = await committedCase('legal-rag');
  const first = shapeOf(admit(supplyOf(context), context), context);
  const priced = price(prepared(first).rows, first, context.workload);
  let [shape, prices] = [first, priced];
  for (let i = 0; i < 40; i++) {
    [shape, prices] = [refitted(shape, new Set(), {}), copied(prices)];
    expect(isOfOneClass(shape, first)).toBe(true);
    expect(isOfOneClass(prices, priced)).toBe(true);
  }
});
