import { expect, test } from 'vitest';
import { asOf } from '../support/committed.js';
import { fewDecisions } from '../support/few-rows.js';
import { cliHere } from '../support/recording-io.js';

const few = Object.entries(fewDecisions).flatMap(([name, value]) => ['--set', `assumptions.${name}=${value}`]);
const asked = ['assess', 'scenarios/nightly-calls.yaml', '--as-of', asOf, ...few];

test('--detail playbook prints what to do first and the checklist below the report, and no other detail', async () => {
  const { code, out, err } = await cliHere([...asked, '--detail', 'playbook']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const text = out.slice(out.indexOf('WHAT TO DO FIRST'));
  await expect(text).toMatchFileSnapshot('../golden/playbook-nightly-calls.txt');
  expect(out).not.toMatch(/^(SCORECARD|SIMULATIONS|INPUTS|OPTIONS)$/m);
  // The first step is the next one of the report.
  const [, first] = /^ 1 {2}(.+)$/m.exec(text) ?? [];
  expect(out).toContain(`NEXT  ${first}`);
});
