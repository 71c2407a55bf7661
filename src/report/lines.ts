import { Chalk } from 'chalk';
import { columns, padded, wrap } from './wrap.js';

/** What a line is, for the eye; without color it makes no difference. */
export type Tone = 'plain' | 'title' | 'good' | 'bad' | 'faint';

/** One printed line: a short tag that stands out, then the rest. */
export type Line = { tag: string; text: string; tone: Tone };

/** The column where the text after a tag begins. */
export const tagWidth = 6;

export const emptyLine: Line = { tag: '', text: '', tone: 'plain' };

/**
 * A tagged paragraph: the tag, then the text wrapped with a hanging indent under itself.
 * `hang` adds to the indent of the second and later lines.
 */
export function paragraph(tag: string, text: string, width: number, tone: Tone = 'plain', hang = 0): Line[] {
  const room = width - tagWidth;
  const start = wrap(text, room)[0] ?? '';
  const rest = text.trim().slice(start.length);
  const indent = ' '.repeat(tagWidth + hang);
  return [
    { tag: padded(tag, tagWidth), text: start, tone },
    ...wrap(rest, room - hang).map((line) => ({ tag: '', text: indent + line, tone })),
  ];
}

/** Several paragraphs under one tag, the tag on the first only. */
export function paragraphs(tag: string, texts: readonly string[], width: number, hang = 0): Line[] {
  return texts.flatMap((text, index) => paragraph(index === 0 ? tag : '', text, width, 'plain', hang));
}

/** Wrapped lines at an indent, the second and later ones `hang` further in. */
export function indented(text: string, indent: number, width: number, hang = 2, tone: Tone = 'plain'): Line[] {
  const start = wrap(text, width - indent)[0] ?? '';
  const rest = text.trim().slice(start.length);
  return [
    { tag: '', text: ' '.repeat(indent) + start, tone },
    ...wrap(rest, width - indent - hang).map((line) => ({ tag: '', text: ' '.repeat(indent + hang) + line, tone })),
  ];
}

/** A line with one text at the left edge and one at the right, or two lines where both do not fit. */
export function spread(left: string, right: string, width: number): Line[] {
  const gap = width - columns(left) - columns(right);
  if (gap >= 2) return [{ tag: left, text: ' '.repeat(gap) + right, tone: 'title' }];
  const titles = wrap(left, width).map((line): Line => ({ tag: line, text: '', tone: 'title' }));
  const notes = wrap(right, width).map((line): Line => ({ tag: '', text: line, tone: 'title' }));
  return [...titles, ...notes];
}

/** The lines as text, each ended by a line break. Color is decided by the caller, never by looking at the terminal. */
export function printed(lines: readonly Line[], color: boolean): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const paint: Record<Tone, (text: string) => string> = {
    plain: (text) => text,
    title: chalk.dim,
    good: chalk.green,
    bad: chalk.red,
    faint: chalk.dim,
  };
  return lines
    .map(({ tag, text, tone }) => `${chalk.bold(tag)}${paint[tone](text)}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}
