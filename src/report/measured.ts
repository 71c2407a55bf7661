import type { MeasuredPoint } from '../capacity/measured-point.js';
import { figure } from './figures.js';
import { grid } from './grid.js';
import { plainText } from './plain-text.js';

const number = (title: string) => ({ title, number: true as const });

/** Published measurements, named by what the sheet is not about; nothing where there are none. */
export function measuredBlock(
  measurements: readonly MeasuredPoint[],
  by: 'family' | 'accelerator',
  detail: boolean,
): string[] {
  if (measurements.length === 0) return [];
  const columns = [
    { title: by === 'family' ? 'model' : 'accelerator' },
    number('cards'),
    { title: 'scheme' },
    { title: 'engine' },
    number('in'),
    number('out'),
    number('at once'),
    number('out/s'),
    number('TTFT ms'),
    number('TPOT ms'),
    { title: 'date' },
  ];
  const rows = measurements.map((each) => [
    each[by],
    String(each.acceleratorCount),
    each.quantization,
    each.engine,
    String(each.promptTokens),
    String(each.outputTokens),
    figure(each.concurrency),
    figure(each.outputTokensPerS),
    figure(each.ttftMsP50),
    figure(each.tpotMsP50),
    each.date,
  ]);
  const sources = [...new Set(measurements.map(({ source }) => source))].map((source) => `  ${plainText(source)}\n`);
  const legend = 'in, out = tokens of a request; out/s = output tokens a second of all together; medians\n';
  return [`Measured, as published\n${grid(columns, rows)}${legend}${detail ? `sources\n${sources.join('')}` : ''}`];
}
