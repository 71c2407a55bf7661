import { expect, test } from 'vitest';
import { ladderFor } from '../../src/analyses/break-even/answer.js';
import { flipsOf } from '../../src/analyses/flips/flips.js';
import { kindsByTask } from '../../src/decide/choice.js';
import { choose } from '../../src/decide/several-choice.js';
import { resolve } from '../../src/workload/resolve.js';
import { shipped } from '../support/load.js';
import { asOf, readWritten, tablesWith, type Written } from '../support/scenario.js';

/** Three hundred devices of two classes; every API in time is cheaper, and the cheaper the later it answers. */
const written = {
  workload: { volume: '300k', horizon: '24 months', growth: '2% per month' },
  tasks: [{ name: 'a', type: 'text-autocomplete', latency: { ttftP95: '700ms' } }],
  devices: { count: 300, classes: { 'apple-m4-32gb': '70%', 'rtx-3070-8gb': '30%' } },
  preferences: { only: ['edge', 'cloud-api'] },
} satisfies Written;

test('a target turns the advice where the first API keeps it, though the one known to be cheaper does later', async () => {
  const { tables: all, prose } = await shipped();
  const sellers = ['openai', 'anthropic', 'google', 'alibaba'];
  // With a faster model for devices a stricter target would turn the advice sooner.
  const models = all.models.filter(({ row, family }) => row % 3 === 1 && family !== 'gemma-3n-e2b');
  const devices = Object.keys(written.devices.classes);
  const tables = tablesWith(all, {
    models,
    modelOf: new Map(models.map((model) => [model.family, model])),
    api: all.api.filter(({ provider }) => sellers.includes(provider)),
    accelerators: all.accelerators.filter(({ accelerator }) => devices.includes(accelerator)),
    rental: [],
    hosting: [],
  });
  const read = readWritten(written, tables);
  const context = { tables, workload: resolve(read, tables, asOf) };
  const choice = choose(context);
  expect(choice.advised?.deployments.map(({ option }) => option.kind)).toEqual(['edge']);
  // A stricter target turns it to another model on the devices sooner: all changes are asked for.
  const { flips } = flipsOf({ context, read, list: tables, prose }, choice, { all: true, rungs: ladderFor(context) });
  const flip = flips.find(({ parameter, direction }) => parameter === 'tasks.a.latency.ttftP95' && direction === 'up');
  expect(flip?.becomesKinds).toEqual(['cloud-api']);
  const chosenAt = (ms: number) => {
    const read = readWritten(written, tables, [`tasks.a.latency.ttftP95=${ms} ms`]);
    return choose({ tables, workload: resolve(read, tables, asOf) }).advised;
  };
  const advisedAt = (ms: number): string => {
    const advised = chosenAt(ms);
    return advised === null ? 'nothing' : kindsByTask(advised);
  };
  const to = Number(flip?.to);
  expect(advisedAt(to)).toBe(advisedAt(4000));
  expect(advisedAt(to * 0.99)).toBe(advisedAt(700));
  expect(advisedAt(to)).not.toBe(advisedAt(700));
  expect(chosenAt(to)?.id).toBe(flip?.becomes);
  expect(chosenAt(4000)?.monthlyUsd).toBeLessThan(flip?.monthlyCost ?? 0);
}, 240_000);
