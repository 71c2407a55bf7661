import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { at } from '../../src/cost/curve.js';
import { verdictsOn } from '../../src/decide/review.js';
import { monthlyRequests } from '../../src/export/places.js';
import { requestShapeOf } from '../../src/places/machine-table.js';
import { mayRun } from '../../src/rules/rule.js';
import { readNames } from '../../src/tables/importers/format.js';
import { allWritten, filesFor, type Written, writtenAs } from '../support/exported.js';
import { cliHere } from '../support/recording-io.js';

type Parameters = { model: string; api_base?: string; rpm?: number } & Partial<
  Record<'input_cost_per_token' | 'output_cost_per_token', number>
>;
type Configuration = {
  model_list: { model_name: string; litellm_params: Parameters; model_info: { id: string } }[];
  litellm_settings: { fallbacks?: Record<string, string[]>[] };
};
const validate = new Ajv2020().compile<Configuration>(
  JSON.parse(readFileSync('test/fixtures/schemas/litellm-config.json', 'utf8')),
);

/** As the proxy reads it. @throws Error where it would ignore or refuse something */
function read(text: string): Configuration {
  const value: unknown = parse(text, { version: '1.1' });
  if (!validate(value)) throw new Error(JSON.stringify(validate.errors));
  return value;
}

let all: Written[] = [];
beforeAll(async () => {
  all = await allWritten();
}, 300_000);

test('of every committed scenario the configuration is what the proxy reads, in the YAML of its reader', () => {
  const files = filesFor(all, 'litellm');
  expect(files.length).toBeGreaterThan(25);
  for (const { text, written } of files) {
    expect(() => read(text), written.name).not.toThrow();
    // Readers of YAML 1.1 take 2e-7 for a text.
    expect(text, written.name).not.toMatch(/: -?\d+e-\d+$/m);
    expect(text, written.name).not.toMatch(/: (?:yes|no|on|off|y|n)$/m);
  }
});

test('a configuration that was broken is not', () => {
  const text = filesFor(all, 'litellm')[0]?.text ?? '';
  for (const [from, to] of [
    ['model_name:', 'modelname:'],
    ['litellm_params:', 'params:'],
    ['num_retries: 2', 'num_retries: two'],
    ['mode: chat', 'mode: embed'],
    ['master_key: os.environ/LITELLM_MASTER_KEY', 'master_key: sk-1234'],
  ] as const) {
    expect(text).toContain(from);
    expect(() => read(text.replace(from, to)), to).toThrow();
  }
});

test('read back, providers, models and list prices are those of the plan', async () => {
  const names = readNames('names.csv', readFileSync('pricing/import/names.csv', 'utf8')).names;
  const ours = new Map(
    names.flatMap(({ format, kind, theirs, ours: name }) =>
      format === 'litellm' && kind === 'provider' ? [[theirs, name] as const] : [],
    ),
  );
  let apis = 0;
  for (const { text, written } of filesFor(all, 'litellm')) {
    const { model_list } = read(text);
    const back = model_list.flatMap(({ litellm_params: { model, ...params } }) => {
      const [prefix = '', rest] = [model.slice(0, model.indexOf('/')), model.slice(model.indexOf('/') + 1)];
      const place = written.places.find(({ option }) => option.api !== null && option.model === rest);
      const api = place?.option.api;
      if (api == null) return [];
      apis++;
      const provider =
        prefix === 'openai' && params.api_base !== undefined ? api.provider : (ours.get(prefix) ?? prefix);
      expect({ provider, input: params.input_cost_per_token, output: params.output_cost_per_token }).toEqual({
        provider: api.provider,
        input: expect.closeTo(api.inputUsdPerMTok / 1e6, 15),
        output: expect.closeTo(api.outputUsdPerMTok / 1e6, 15),
      });
      return [place?.option.id];
    });
    const planned = written.places.filter(({ option }) => option.api !== null).map(({ option }) => option.id);
    expect(new Set(back), written.name).toEqual(new Set(planned));
  }
  expect(apis).toBeGreaterThan(20);
});

test('tokens of a month at the prices of own machines come to what these cost', () => {
  let machines = 0;
  for (const { text, written } of filesFor(all, 'litellm')) {
    const { context } = written;
    const volume = context.workload.requestsPerDay;
    for (const place of written.places.filter(({ server }) => server !== null)) {
      const entry = read(text).model_list.find(({ litellm_params: { model } }) => model.endsWith(`/${place.name}`));
      const { input_cost_per_token: input = 0, output_cost_per_token: output = 0 } = entry?.litellm_params ?? {};
      const served = 1 - (place.deployment.second?.share(volume) ?? 0);
      const paid = place.taskParts.reduce((usd, taskPart) => {
        const { inputTokens, outputTokens } = requestShapeOf(place.option, taskPart, context);
        return usd + monthlyRequests(taskPart, context) * served * (inputTokens * input + outputTokens * output);
      }, 0);
      const costs = place.lines.reduce((usd, { curve }) => usd + at(curve, volume), 0);
      expect(paid / costs, `${written.name} ${place.name}`).toBeCloseTo(1, 9);
      machines++;
    }
  }
  expect(machines).toBeGreaterThan(8);
});

test('machines with an overflow take what they hold at the load they are sized for, and the rest goes on', async () => {
  const overflows = all.filter(({ plan }) => plan.shape === 'overflow');
  expect(overflows.length).toBeGreaterThan(0);
  for (const { places, context, files, name } of overflows) {
    const [place] = places;
    const [taskPart] = place?.taskParts ?? [];
    if (place?.server == null || taskPart === undefined) throw new Error(`${name} has no machines`);
    const { option, server } = place;
    const { inputTokens, cachedTokens, outputTokens, contextTokens } = requestShapeOf(option, taskPart, context);
    const line = [
      `capacity --model ${option.model} --accelerator ${option.hardware} --count ${server.cardsPerCopy}`,
      `--quantization ${option.quantization} --input ${Math.round(inputTokens)} --output ${Math.round(outputTokens)}`,
      `--context ${Math.ceil(contextTokens)} --prefix-hit ${cachedTokens / inputTokens} -f json`,
    ].join(' ');
    const { out } = await cliHere(line);
    const most = JSON.parse(out).saturation.requestsPerS * 0.7 * server.copiesPerMachine * server.machines * 60;
    const { rpm = 0 } = read(files.get('litellm')?.[0]?.text ?? '').model_list[0]?.litellm_params ?? {};
    // `capacity` tells of one machine step by step, the plan in closed form; targets on latency and speed may lower it.
    expect(rpm / most, name).toBeLessThan(1.2);
    expect(rpm / most, name).toBeGreaterThan(0.3);
  }
});

test('every model of the plan can be asked for, and chains are those of the plan: none leaves the rules of its task', () => {
  let chains = 0;
  for (const { text, written } of filesFor(all, 'litellm')) {
    const { model_list, litellm_settings } = read(text);
    const names = model_list.map(({ model_name }) => model_name);
    expect(new Set(names).size, written.name).toBe(names.length);
    expect(new Set(model_list.map(({ model_info }) => model_info.id)).size).toBe(names.length);
    const links = (litellm_settings.fallbacks ?? []).flatMap((chain) => Object.entries(chain));
    for (const [from, to] of links) for (const name of [from, ...to]) expect(names).toContain(name);
    const seconds = written.plan.deployments.filter(({ second }) => second !== undefined);
    expect(links.length, written.name).toBe(seconds.reduce((sum, { taskParts }) => sum + taskParts.length, 0));
    // A place that a rule turns down for a task, that of the data boundary among them, is in no chain of it.
    for (const { option, second, taskParts } of seconds) {
      for (const taskPart of taskParts) {
        for (const place of [option, second?.option ?? option]) {
          // Neither of a pair is up often enough alone.
          const refused = verdictsOn(place, taskPart, written.context, null).filter(
            ({ gate, verdict }) => gate !== 'availability' && !mayRun(verdict),
          );
          expect(
            refused.map(({ gate }) => gate),
            `${written.name} ${place.id}`,
          ).toEqual([]);
        }
        chains++;
      }
    }
  }
  expect(chains).toBeGreaterThanOrEqual(2);
});

test('what is split by its data has no way from one side to the other', async () => {
  const split = all.filter(({ plan }) => plan.shape === 'sensitivity-split');
  expect(split.length).toBeGreaterThan(3);
  for (const written of split) {
    const text = written.files.get('litellm')?.[0]?.text ?? '';
    expect(read(text).litellm_settings.fallbacks, written.name).toBeUndefined();
  }
});

test('names with quotes, colons, line breaks and words of YAML come back as names', async () => {
  const written = await writtenAs('five-guides', undefined, []);
  const [summaries, copy] = written?.context.workload.taskParts ?? [];
  if (written === null || summaries === undefined || copy === undefined) throw new Error('five-guides has two tasks');
  const { exportPlan } = await import('../../src/export/export-plan.js');
  const names = ['no', 'a\'b": {x}\u0000\u202e\n# y', '../../etc/passwd', '日本', 'copy', '`id` $(id)'];
  for (const name of names) {
    const workload = { ...written.context.workload, name: `evil\n- injected: true # ${name}` };
    summaries.task = name;
    const context = { ...written.context, workload };
    for (const deployment of written.plan.deployments)
      for (const taskPart of deployment.taskParts) if (taskPart.id === summaries.id) taskPart.task = name;
    const [file] = exportPlan('litellm', { ...written.exported, context }) ?? [];
    const back = read(file?.text ?? '');
    expect(back.model_list.length, name).toBe(2);
    expect(new Set(back.model_list.map(({ model_name }) => model_name)).size).toBe(2);
    expect(file?.text).not.toMatch(/^- injected/m);
  }
});
