import { type Guide, type GuideBook, type GuideInput, isValueOf } from '../../tables/guides/guide.js';
import type { Problem } from '../../units/problem.js';
import { numberReader } from '../../units/uncertain.js';
import { readShare } from '../../units/readers.js';
import { suggestion } from '../../units/suggest.js';
import { problemAt } from '../../workload/source.js';
import type { Value } from './evaluate.js';
import type { Answers } from './opinions.js';

/** The name under which `--answer` values are reported. */
const answerFile = '--answer';

/** Reads `GUIDE.input=value` texts; the last one for an input wins. All that is wrong is told at its place in the text. */
export function readAnswers(
  texts: readonly string[],
  { guides }: GuideBook,
): { answers: Answers; problems: Problem[] } {
  const answers = new Map<string, Map<string, Value>>();
  const problems: Problem[] = [];
  for (const text of texts) {
    const complain = (column: number, message: string, near: string | null): void => {
      const place = { file: answerFile, line: 1, column: column + 1, excerpt: text };
      problems.push(problemAt(answerFile, place, { code: 'bad-answer', message, suggestion: near }));
    };
    const [, id = '', name = '', written = ''] = /^\s*([^.=]*)\.?([^=]*)=(.*)$/s.exec(text) ?? [];
    const guide = guides.find((one) => one.id === id);
    if (guide === undefined) {
      complain(0, `there is no guide "${id}"`, suggestion(id, idsOf(guides), 'guides'));
      continue;
    }
    const input = guide.inputs.find((one) => one.name === name);
    if (input === undefined) {
      const names = guide.inputs.map((one) => one.name);
      complain(id.length + 1, `${id} has no input "${name}"`, suggestion(name, names, 'inputs'));
      continue;
    }
    const value = readValue(input, written.trim());
    if (value === null)
      complain(text.indexOf('=') + 1, `"${written}" is no value of ${id}.${name}`, formOf(input, written));
    else answers.set(id, (answers.get(id) ?? new Map<string, Value>()).set(name, value));
  }
  return { answers, problems };
}

const idsOf = (guides: readonly Guide[]): string[] => guides.map(({ id }) => id);

const flags: Record<string, boolean> = { true: true, yes: true, false: false, no: false };

function readValue(input: GuideInput, written: string): Value | null {
  if (input.is === 'flag') return flags[written.toLowerCase()] ?? null;
  if (input.is === 'word') return isValueOf(input, written) ? written : null;
  const read = written.endsWith('%') ? readShare(written) : numberReader(null, { least: 0 })(written);
  return read.ok && read.value.range === null ? read.value.likely : null;
}

function formOf({ is, values, unit }: GuideInput, written: string): string | null {
  if (is === 'flag') return 'write true or false';
  if (is === 'word') return suggestion(written.trim(), values, 'values');
  return `write a number${unit === null ? '' : ` of ${unit}`}`;
}
