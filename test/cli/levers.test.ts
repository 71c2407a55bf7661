import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { fewDecisions } from '../support/few-rows.js';
import { cliHere } from '../support/recording-io.js';

const args = ['assess', 'scenarios/deal-review.yaml', '--pricing', '2026-08-21', '--as-of', '2026-11-20'];
const schema: unknown = JSON.parse(readFileSync(new URL('../../schema/result.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ strict: true }).compile(schema as object);

test('the JSON of it is valid, and has no levers unless asked, nor for a point', async () => {
  const few = Object.entries(fewDecisions).flatMap(([name, value]) => ['--set', `assumptions.${name}=${value}`]);
  const json = async (...more: string[]) =>
    JSON.parse((await cliHere([...args, ...few, '--format', 'json', ...more])).out);
  const decision = await json('--levers');
  expect(validate(decision), JSON.stringify(validate.errors)).toBe(true);
  expect(decision.levers.at(-1)).toMatchObject({ id: 'all-api-levers', comparison: { todayCost: null } });
  expect(Object.keys(decision.levers[0]).slice(0, 3)).toEqual(['id', 'label', 'applies']);
  const point = await json('--levers', '--point');
  expect(point.levers).toEqual([]);
  // An empty list would say that none saves anything.
  expect(point.warnings.map(({ code }: { code: string }) => code)).toContain('levers-left-out');
  expect((await json('--point')).warnings.map(({ code }: { code: string }) => code)).not.toContain('levers-left-out');
});
