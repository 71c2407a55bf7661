import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/cli-process.js';
import { cliHere } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

/** Pages and charts at the command line; what stands in them is in `report/html.test.ts`. */
const folder = newFolder();
const scenario = path.join(root, 'scenarios/clinic-notes.yaml');
const two = ['--between', 'cloud-api', 'self-hosted-cloud', '--as-of', '2026-11-20', '-q'];

test('a page is small without its engine, and holds the scenario only with it', async () => {
  const written = async (...more: string[]): Promise<string> => {
    const file = path.join(folder, 'page.html');
    const { code, err } = await cliHere(['assess', scenario, '--point', '-f', 'html', '-q', '-o', file, ...more]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return readFileSync(file, 'utf8');
  };
  const [whole, small] = [await written(), await written('--no-engine')];
  expect(whole.length).toBeGreaterThan(400_000);
  expect(small.length).toBeLessThan(150_000);
  expect(small).not.toContain('id="what-if"');
});

test('cost by volume as a chart alone, and as a page', async () => {
  const svg = await cliHere(['breakeven', scenario, ...two, '-f', 'svg']);
  expect(svg.out).toMatch(
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" class="wide" viewBox="0 0 800 \d+" role="img"/,
  );
  expect(svg.out.match(/<path class="curve /g)?.length).toBeGreaterThan(1);
  const page = await cliHere(['breakeven', scenario, ...two, '-f', 'html']);
  expect(page.out).toMatch(/^<!doctype html>/);
  expect(page.out).toContain('<h2 id="part-1-h">Plans</h2>');
  expect(page.out.match(/<svg /g)).toHaveLength(2);
});

test('a comparison as a page has a section for each step that flips', async () => {
  const line = `compare ${scenario} --pricing 2025-09-30 --pricing 2026-08-21 --point -f html -q`;
  const { out, code } = await cliHere(line);
  expect(code).toBe(0);
  expect(out).toContain('<h1>Clinic notes</h1>');
  expect(out).toContain('2025-09-30 -&gt; 2026-08-21</h2>');
  const refused = await cliHere(['compare', scenario, '--pricing', '1999-01-01', '-f', 'html', '-q']);
  expect(refused.code).toBe(2);
  expect(refused.out).toBe('');
});
