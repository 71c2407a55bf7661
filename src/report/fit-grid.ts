import type { CardFit } from '../capacity/card-fit.js';
import { fitColumns, fitIn } from '../capacity/fit-columns.js';
import type { ModelSheet } from '../capacity/model-sheet.js';
import { figure, unknown } from './figures.js';
import { grid } from './grid.js';
import { fitText } from './models.js';
import { counted, grouped } from './number-text.js';
import { wrap } from './wrap.js';

const number = (title: string) => ({ title, number: true as const });
const width = 98;

/** What a model fits on: all accelerators by bits per weight, or one of them scheme by scheme. */
export function fitGrid({ fits, contextTokens, summary }: ModelSheet): string[] {
  const [only, ...others] = fits;
  if (only === undefined) return [];
  const with_ = `with a context of ${grouped(contextTokens)} tokens`;
  if (summary.model.layers === null) return [`Fits on, ${with_}\n  ${unknown}\n`];
  if (others.length === 0) return [oneAccelerator(only, with_)];
  const columns = fitColumns(fits);
  const fitting = fits.filter(
    (each) => each.oneUser !== null || columns.some((column) => fitIn(each, column)?.fits === true),
  );
  const rows = fitting.map((each) => [
    each.accelerator.accelerator,
    ...columns.map((column) => cell(fitIn(each, column))),
    each.oneUser === null ? '' : `${each.oneUser.scheme}`,
  ]);
  const titles = [
    { title: 'accelerator' },
    ...columns.map(({ bitsPerWeight }) => number(`${bitsPerWeight} bit`)),
    { title: 'one user, one card' },
  ];
  const named = columns.map(({ bitsPerWeight, schemes }) => `${bitsPerWeight} bit: ${schemes.join(', ')}`);
  const legend = [
    'fewest cards x sequences that memory holds on them; ~ runs slowly; - fits on no group; blank: does not run',
    ...named,
    ...(fitting.length === fits.length ? [] : [`fits on none of ${counted(fits.length - fitting.length, 'other')}`]),
  ];
  const below = legend.flatMap((line) => wrap(line, width)).map((line) => `  ${line}\n`);
  return [`Fits on, ${with_}\n${fitting.length === 0 ? '' : grid(titles, rows)}${below.join('')}`];
}

function cell(fit: CardFit | null): string {
  if (fit === null || fit.runs === 'none') return '';
  if (fit.cards === null || fit.sequences === null) return '-';
  return fitText(fit);
}

function oneAccelerator({ accelerator, schemes }: ModelSheet['fits'][number], with_: string): string {
  const titles = [
    { title: 'scheme' },
    { title: 'runs' },
    number('bits/weight'),
    number('cards'),
    number('sequences'),
    { title: '' },
  ];
  const rows = schemes.map((fit) => [
    fit.scheme,
    fit.runs,
    figure(fit.bitsPerWeight),
    fit.cards === null ? '-' : String(fit.cards),
    fit.sequences === null ? '-' : grouped(fit.sequences),
    fit.batchedServing ? '' : 'one user at a time',
  ]);
  return `Fits on ${accelerator.accelerator}, ${with_}\n${grid(titles, rows)}  fewest cards of one group, - fits on none\n`;
}
