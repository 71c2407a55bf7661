import { Chalk } from 'chalk';
import CliTable from 'cli-table3';
import {
  type Block,
  type Column,
  type Document,
  type Facts,
  paragraph,
  type Row,
  type Section,
  type Table,
  type Text,
  type Title,
  type Tone,
} from './document.js';
import { columns, padded, paddedLeft, plainText, wrap } from './printable.js';

/** How a text is shown; the caller finds out about the terminal. */
type TextView = { color: boolean; width: number };

/** One printed line: a label that stands out, then the rest. */
type Printed = { label: string; text: string; tone: Tone };

/** The document as text, each line with a line break. Color only adds escape codes. */
export function renderText(document: Document, { color, width }: TextView): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const paint: Record<Tone, (text: string) => string> = {
    plain: (words) => words,
    title: chalk.dim,
    good: chalk.green,
    bad: chalk.red,
    faint: chalk.dim,
  };
  return document
    .flatMap((block) => linesOf(block, width))
    .map(({ label, text: words, tone }) => `${`${chalk.bold(label)}${paint[tone](words)}`.trimEnd()}\n`)
    .join('');
}

function linesOf(block: Block, width: number): Printed[] {
  switch (block.is) {
    case 'title':
      return titleLines(block, width);
    case 'text':
      return textLines(block, width);
    case 'section':
      return sectionLines(block, width);
    case 'line':
      return [block];
    case 'facts':
      return factLines(block, width);
    case 'table':
      return tableLines(block, width);
    case 'gap':
      return [unlabeled('')];
  }
}

const unlabeled = (words: string, tone: Tone = 'plain'): Printed => ({ label: '', text: words, tone });

/** Both on one line, or each on lines of its own where they do not fit. */
function titleLines({ left, right, near, tone }: Title, width: number): Printed[] {
  const between = width - columns(left) - columns(right);
  const indent = near ? 2 : 0;
  if (between >= 2 && right !== '') return [{ label: left, text: ' '.repeat(indent || between) + right, tone }];
  return [
    ...wrap(left, width).map((label): Printed => ({ label, text: '', tone })),
    ...wrap(right, width - indent).map((words) => unlabeled(' '.repeat(indent) + words, tone)),
  ];
}

const sectionLines = ({ name, text, tone }: Section, width: number): Printed[] =>
  text === ''
    ? [{ label: name, text: '', tone }]
    : textLines(paragraph(name, text, { indent: name.length + 2, tone }), width);

function textLines({ label, text: words, tone, ...at }: Text, width: number): Printed[] {
  const half = Math.floor(width / 2);
  const indent = Math.min(at.indent, half);
  const hang = Math.min(at.hang, Math.floor((width - indent) / 2));
  const [first = '', ...rest] = hung(words, width - indent, hang);
  const before = ' '.repeat(indent);
  const isBeside = label === '' || columns(label.trimEnd()) < indent;
  return [
    ...(isBeside ? [] : [{ label, text: '', tone }]),
    isBeside && label !== '' ? { label: padded(label, indent), text: first, tone } : unlabeled(before + first, tone),
    ...rest.map((part) => unlabeled(before + part, tone)),
  ];
}

/** A wrapped text whose second and further lines are indented by `hang` columns. */
function hung(words: string, room: number, hang: number): string[] {
  const start = wrap(words, room)[0] ?? '';
  return [start, ...wrap(words.trim().slice(start.length), room - hang).map((part) => ' '.repeat(hang) + part)];
}

function factLines({ rows }: Facts, width: number): Printed[] {
  const widest = Math.min(Math.floor(width / 2), Math.max(0, ...rows.map(({ name }) => columns(name))));
  const first = Math.max(0, ...rows.map(({ before }) => (before === undefined ? 0 : columns(before) + 2)));
  const start = ' '.repeat(1 + first);
  return rows.flatMap(({ name, value, before }) =>
    hung(`${padded(name, widest)}  ${value}`, width - start.length, 2).map((part, at) =>
      unlabeled(`${at === 0 && before !== undefined ? ` ${paddedLeft(before, first - 2)}  ` : start}${part}`),
    ),
  );
}

/** A column of the terminal: its width, and the blanks before it. */
type Placed = Column & { at: number; width: number; before: number; marked: boolean };

/** With less room than this a text goes below its row. */
const leastRoom = 20;

function tableLines(block: Table, width: number): Printed[] {
  const rows = block.rows.map((row) => ({ ...row, cells: row.cells.map(plainText) }));
  const isLong = ({ cells: [name = ''] }: Row): boolean =>
    block.widestName !== null && columns(name) > Math.min(block.widestName, Math.floor(width / 2));
  const named = rows.map((row) => (isLong(row) ? { ...row, cells: ['', ...row.cells.slice(1)] } : row));
  const isPair = block.wraps && block.columns.length === 2;
  const all = placed(block, named);
  const fixed = block.wraps ? all.slice(0, -1) : all;
  const shown = withRoom(fixed, width - block.indent);
  const titles = block.columns.map((column) => column.title);
  const marked = (cells: readonly string[]): string[] =>
    cells.map((cell, at) => (shown.find((one) => one.at === at)?.marked && !isMarked(cell) ? `${cell} ` : cell));
  const set = setInColumns(shown, [titles, ...named.map(({ cells }) => marked(cells))]);
  const [first = '', ...body] = set.map((line) => ' '.repeat(block.indent) + line);
  const last = block.wraps ? all.at(-1) : undefined;
  const room = width - block.indent - widthOf(shown) - (last?.before ?? 0);
  const below = last !== undefined && last.least === undefined && room < leastRoom;
  const head = `${first}${last === undefined || below ? '' : ' '.repeat(last.before) + last.title}`;
  return [
    ...(titles.every((name) => name === '') ? [] : [unlabeled(head, 'faint')]),
    ...named.flatMap(({ cells, tone = 'plain', below: notes = [] }, index) => {
      const words = last === undefined ? '' : (cells[last.at] ?? '');
      if (isPair && isLong(rows[index] as Row))
        return [
          ...wrapped(rows[index]?.cells[0] ?? '', block.indent, width),
          ...wrapped(words, block.indent + pairIndent, width),
        ];
      const [beside = '', ...rest] = below ? [] : wrap(words, Math.max(leastRoom, room));
      const behind = last === undefined || below ? '' : ' '.repeat(last.before) + beside;
      const long =
        rows[index] !== undefined && isLong(rows[index])
          ? wrapped(rows[index].cells[0] ?? '', block.indent, width)
          : [];
      return [
        ...long,
        unlabeled(`${body[index] ?? ''}${behind}`, tone),
        ...rest.map((part) => unlabeled(' '.repeat(width - room) + part, tone)),
        ...(below ? wrap(words, width - 3).map((part) => unlabeled(`   ${part}`, tone)) : []),
        ...notes.flatMap((note) => linesOf(note, width)),
      ];
    }),
  ];
}

/** Indent in columns of a text below a name too long for one line. */
const pairIndent = 4;

const wrapped = (words: string, indent: number, width: number): Printed[] =>
  hung(words, width - indent, 2).map((part) => unlabeled(' '.repeat(indent) + part));

const widthOf = (all: readonly Placed[]): number => all.reduce((sum, { before, width }) => sum + before + width, 0);

/** Columns without those that may be left out and have no room. */
function withRoom(all: readonly Placed[], room: number): readonly Placed[] {
  const least = Math.max(...all.map(({ optional }) => optional ?? 0));
  if (least === 0 || widthOf(all) <= room) return all;
  return withRoom(
    all.filter(({ optional }) => optional !== least),
    room,
  );
}

/** A figure may have a mark behind it, which stands out of its column. */
const isMarked = (cell: string): boolean => /[*†]$/.test(cell);

/** The columns that have something in them. */
function placed({ columns: given }: Table, rows: readonly Row[]): Placed[] {
  const used = given.flatMap((column, at) =>
    column.least !== undefined || rows.some(({ cells }) => cells[at]) ? [{ ...column, at }] : [],
  );
  return used.map((column, index) => {
    const cells = rows.map(({ cells: own }) => own[column.at] ?? '');
    const marked = column.number === true && cells.some(isMarked);
    const widest = Math.max(
      column.least ?? 0,
      columns(column.title),
      ...cells.map((cell) => columns(cell) + (marked && !isMarked(cell) ? 1 : 0)),
    );
    return { ...column, width: widest, before: index === 0 ? 0 : column.near ? 1 : 2, marked };
  });
}

const nothing = '';
const noBorders = {
  ...{ top: nothing, 'top-mid': nothing, 'top-left': nothing, 'top-right': nothing },
  ...{ bottom: nothing, 'bottom-mid': nothing, 'bottom-left': nothing, 'bottom-right': nothing },
  ...{ left: nothing, 'left-mid': nothing, mid: nothing, 'mid-mid': nothing, right: nothing, 'right-mid': nothing },
  middle: nothing,
};

/** Rows as lines, every column in its width, numbers to the right. */
function setInColumns(shown: readonly Placed[], rows: readonly (readonly string[])[]): string[] {
  if (shown.length === 0) return rows.map(() => '');
  const table = new CliTable({
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths: shown.map(({ before, width }) => before + width),
    colAligns: shown.map(({ number }) => (number ? 'right' : 'left')),
  });
  table.push(...rows.map((cells) => shown.map(({ at, before }) => ' '.repeat(before) + (cells[at] ?? ''))));
  return table.toString().split('\n');
}
