/**
 * The content of a report without its layout: views make documents; renderers set width, line breaks, alignment, color
 * and markup.
 */

/** For the eye; without color it makes no difference. */
export type Tone = 'plain' | 'title' | 'good' | 'bad' | 'faint';

/** The title of a document or part, and a text on its right, or (`near`) right behind it. */
export type Title = { is: 'title'; left: string; right: string; near: boolean; tone: Tone };

/** A paragraph that is broken into lines. */
export type Text = {
  is: 'text';
  /** Stands out in the columns before the text. */
  label: string;
  text: string;
  tone: Tone;
  /** Columns before the first line, and how many more before the others. */
  indent: number;
  hang: number;
};

/** A line that is never broken. */
export type Line = { is: 'line'; label: string; text: string; tone: Tone };

/** Names and values side by side; `before` is a short figure ahead of each name. */
export type Facts = { is: 'facts'; rows: readonly { name: string; value: string; before?: string }[] };

export type Column = {
  title: string;
  /** The title in full, where a page has room. */
  name?: string;
  /** Digits are set right, figures under figures. */
  number?: true;
  /** Least width in columns, also if empty; other empty columns are left out. */
  least?: number;
  /** One blank before it, not two. */
  near?: true;
  /** Left out where there is no room: the highest number first, equal ones at once. */
  optional?: number;
};

export type Row = { cells: readonly string[]; tone?: Tone; below?: Document };

export type Table = {
  is: 'table';
  /** Without titles there is no head. */
  columns: readonly Column[];
  rows: readonly Row[];
  /** The last column is broken into lines. */
  wraps: boolean;
  indent: number;
  /** A first cell wider than this has lines of its own; null: none has. */
  widestName: number | null;
};

/** The name of a section, in capitals, and a text behind it, wrapped. */
export type Section = { is: 'section'; name: string; text: string; tone: Tone };

type Gap = { is: 'gap' };

export type Block = Title | Section | Text | Line | Facts | Table | Gap;
export type Document = Block[];

/** The column where the text behind a label begins. */
export const labelWidth = 6;

export const gap: Gap = { is: 'gap' };
export const title = (left: string, right = ''): Title => ({ is: 'title', left, right, near: false, tone: 'title' });
/** A name with what became of it. */
export const outcome = (left: string, right: string, tone: Tone): Title => ({
  is: 'title',
  left,
  right,
  near: true,
  tone,
});
export const line = (text: string, tone: Tone = 'plain', label = ''): Line => ({ is: 'line', label, text, tone });
export const facts = (rows: Facts['rows']): Facts => ({ is: 'facts', rows });

type TextOptions = Partial<Omit<Text, 'is' | 'label' | 'text'>>;

/** A paragraph with a label. */
export const paragraph = (label: string, text: string, options: TextOptions = {}): Text => ({
  is: 'text',
  label,
  text,
  tone: 'plain',
  indent: labelWidth,
  hang: 0,
  ...options,
});

/** Begins a section, with what there is to say of it on the same line. */
export const section = (name: string, text = '', tone: Tone = 'plain'): Section => ({
  is: 'section',
  name,
  text,
  tone,
});

/** Several paragraphs under one label, which the first has. */
export const paragraphs = (label: string, texts: readonly string[], options: TextOptions = {}): Text[] =>
  texts.map((text, index) => paragraph(index === 0 ? label : '', text, options));

/** A paragraph without a label, so many columns in. */
export const indented = (text: string, indent: number, options: TextOptions = {}): Text =>
  paragraph('', text, { indent, hang: 2, ...options });

export const table = (
  columns: readonly Column[],
  rows: readonly (Row | readonly string[])[],
  options: Partial<Omit<Table, 'is' | 'columns' | 'rows'>> = {},
): Table => ({
  is: 'table',
  columns,
  rows: rows.map((row) => ('cells' in row ? row : { cells: row })),
  wraps: false,
  indent: 0,
  widestName: null,
  ...options,
});

export const textColumns = (...titles: string[]): Column[] => titles.map((name) => ({ title: name }));
export const numberColumns = (...titles: string[]): Column[] => titles.map((name) => ({ title: name, number: true }));
export const narrow = (columns: readonly Column[]): Column[] => columns.map((column) => ({ ...column, near: true }));

/** Parts with an empty line between those that have something to say. */
export const separated = (parts: readonly Document[]): Document =>
  parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : [gap, ...part]));

/** What `assess` can add below its one screen. */
export const details = ['scorecard', 'why', 'sure', 'inputs', 'options', 'playbook', 'full'] as const;
export type Detail = (typeof details)[number];

/** How much is shown. */
export type Scope = {
  /** A first screen: each text in short, and of lists so many at the most. */
  isBrief: boolean;
  most: number;
  /** Also what changes nothing. */
  isAll: boolean;
};

export const onScreen = (most: number): Scope => ({ isBrief: true, most, isAll: false });
/** A page has room, and folds sections itself. */
export const onPage: Scope = { isBrief: false, most: 5, isAll: false };
export const inFull: Scope = { isBrief: false, most: Number.POSITIVE_INFINITY, isAll: true };

/** How to show a decision; the caller finds out about the terminal. */
export type View = {
  color: boolean;
  /** Columns; no line is longer. Below `minWidth` the report stays at `minWidth`. */
  width: number;
  /** What to add below the one-screen report. */
  detail: Detail | null;
};

/** Narrower than this, tables and indents leave no room for words. */
export const minWidth = 40;
