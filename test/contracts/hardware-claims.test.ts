import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type asked, type plain, type Shown, short, time } from '../../src/report/capacity.js';
import { cliHere } from '../support/recording-io.js';

const doc = readFileSync('docs/hardware-claims.md', 'utf8');
const snapshot = /tables of (\d{4}-\d\d-\d\d)/.exec(doc)?.[1] ?? '';
/** Rows of a table of the page, cell by cell, by their first cell. */
const rows = new Map(
  [...doc.matchAll(/^\| ([A-C]\d+|[a-z]{3}-\d{4}) \| (.+) \|$/gm)].map(([, id = '', cells = '']) => [
    id,
    cells.split(' | '),
  ]),
);
const commands = [...doc.matchAll(/^deploy-advisor (capacity .+?) +# ([A-C]\d+)$/gm)].map(([, line = '', id = '']) => ({
  id,
  args: line.split(' '),
}));

type Answer = ReturnType<typeof plain> & Pick<Shown, 'prices'> & { question: ReturnType<typeof asked> };
type Band = Answer['bands']['ttft'];

const dated = ['--pricing', snapshot, '--format'];

const ranged = (value: number, band: Band, show = short): string =>
  band === null ? '-' : `${show(value)} (${show(value * band.low)} to ${show(value * band.high)})`;

function cellsOf({ question, accelerator, count, scheme, engine, ...answer }: Answer): string[] {
  const { memory, fits, alone, saturation, held, fleet, bands } = answer;
  const [weights, request, usable] = [memory.weightBytes, memory.sequenceBytes, memory.usableBytes].map((bytes) =>
    short(bytes / 1e9),
  );
  const start = [
    `${question.model} ${scheme}, ${count}x ${accelerator}, ${engine}`,
    `${weights} + ${request} in ${usable}`,
  ];
  if (!fits || fleet === null) return [...start, 'does not fit', '-', '-', '-', '-', '-'];
  return [
    ...start,
    short(memory.sequences),
    ranged(alone.ttftS, bands.ttft, time),
    ranged(alone.tokensPerS, bands.single),
    ranged(saturation.outputTokensPerS, bands.throughput),
    short(held.requestsPerS),
    `${fleet.serving} + ${fleet.installed - fleet.serving}`,
  ];
}

test('every row has its command, and every command its row', () => {
  expect(commands.length).toBeGreaterThan(20);
  expect(commands.map(({ id }) => id)).toEqual([...rows.keys()].filter((id) => /^[A-C]/.test(id)));
});

test.each(commands)('$id is what the command answers', async ({ id, args }) => {
  const answer: Answer = JSON.parse((await cliHere([...args, ...dated, 'json'])).out);
  expect(answer.prices.snapshot).toBe(snapshot);
  expect(answer.warnings).toEqual([]);
  expect(rows.get(id)).toEqual(cellsOf(answer));
});

test('measured rows are the published ones, and what is predicted of them', async () => {
  const published = 'pricing/measurements/published.csv';
  expect(doc).toContain(`deploy-advisor capacity --from ${published}`);
  const { out } = await cliHere(['capacity', '--from', published, ...dated, 'csv']);
  const [head = '', ...lines] = out.split('\n');
  const titles = head.split(',');
  const measured = [...rows].filter(([id]) => /^[a-z]/.test(id));
  expect(measured.length).toBeGreaterThan(4);
  for (const [id, cells] of measured) {
    const values = (lines.find((line) => line.startsWith(`${id},`)) ?? '').split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
    const of = (title: string): string => values[titles.indexOf(title)] ?? '';
    const figure = (title: string): string => short(Number(of(title)));
    expect(cells).toEqual([
      `${of('model_family')} ${of('quantization')}, ${of('accelerator_count')}x ${of('accelerator')}, ${of('engine')}`,
      figure('output_tokens_per_s'),
      `${figure('predicted_output_tokens_per_s')} (${figure('predicted_low')} to ${figure('predicted_high')})`,
    ]);
  }
});

const claims = (doc.split('## Why they differ')[1]?.split('\n## ')[0] ?? '')
  .split('\n- ')
  .slice(1)
  .map((text) => text.replace(/\s+/g, ' '))
  .map((text) => ({
    title: /\*\*(.+?)\*\*/.exec(text)?.[1] ?? '',
    text: text.replace(/^.*?\*Claim: .+?\*(?!\*)/, ''),
  }));
/** Where in a row the figures of a unit stand. */
const columns: { [unit: string]: number[] } = {
  GB: [1],
  'in flight': [2],
  ms: [3],
  s: [3],
  'tokens/s': [4, 5],
  'requests/s': [6],
  replicas: [7],
};
const units = Object.keys(columns).join('|');

test.each(claims)('figures on "$title" are cells of the row in the next brackets', ({ text }) => {
  const bold = [...text.matchAll(new RegExp(`\\*\\*([\\d.,]+(?: \\+ \\d+)?) (${units})\\*\\*`, 'g'))];
  expect(bold.length).toBeGreaterThan(2);
  for (const { 0: all, 1: figure, 2: unit = '', index } of bold) {
    const named = /\(([A-C]\d+(?:, [A-C]\d+)*)/.exec(text.slice(index))?.[1]?.split(', ') ?? [''];
    for (const id of named) {
      const cells = (columns[unit] ?? []).map((at) => rows.get(id)?.[at] ?? '');
      const figures = cells.flatMap((cell) => (unit === 'replicas' ? [cell] : cell.split(/ \+ | in | \(/)));
      expect(
        figures.map((each) => (unit === 'ms' || unit === 's' ? each.replace(` ${unit}`, '') : each)),
        `${all} ${id}`,
      ).toContain(figure);
    }
  }
  const plain = bold.reduce((rest, [all]) => rest.replace(all, ''), text);
  expect(plain, 'a predicted figure is bold').not.toMatch(new RegExp(`\\d (${units})\\b`));
  expect(plain).not.toContain('**');
});
