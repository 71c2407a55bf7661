import { placesIn, problemAt } from '../../scenario/source.js';
import type { Problem } from '../../units/problem.js';
import { type Decided, decidedSchema } from './decided.js';

/** Whether a text is the JSON of results, not a scenario: scenarios have no `schemaVersion`. */
export const looksLikeResult = (text: string): boolean =>
  /^\s*\{\s*"schemaVersion"/.test(text) || /^\s*\{(?:(?!\n\S).)*"recommendation"\s*:/s.test(text);

/**
 * Reads what `assess` printed as JSON or JSON Lines, or what `check` did: every decision in it. All mistakes come at once.
 *
 * @param file its name, for messages
 */
export function readResults(text: string, file: string): { decided: Decided[]; problems: Problem[] } {
  const whole = parsed(text);
  if (whole.ok) {
    const { decisions, where } = decisionsIn(whole.value);
    return checked(decisions, (index) => `${where}${index}`, file, text);
  }
  const lines = text
    .split('\n')
    .map((line, index) => ({ line, index }))
    .filter(({ line }) => line.trim() !== '');
  const values = lines.map(({ line }) => parsed(line));
  if (lines.length < 2 || !values[0]?.ok) return { decided: [], problems: [notJson(whole.message, text, file)] };
  const torn = values.findIndex(({ ok }) => !ok);
  if (torn >= 0)
    return {
      decided: [],
      problems: [notJson('this line is not JSON', lines[torn]?.line ?? '', file, lines[torn]?.index)],
    };
  const decisions = values.map((value) => (value.ok ? value.value : null));
  return checked(decisions, (index) => `line ${(lines[index]?.index ?? 0) + 1}`, file, text);
}

type Parsed = { ok: true; value: unknown } | { ok: false; message: string };

function parsed(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
}

/** The decisions of a document: itself, or those of a check. */
function decisionsIn(value: unknown): { decisions: unknown[]; where: string } {
  const results = (value as { results?: unknown } | null)?.results;
  if (!Array.isArray(results)) return { decisions: [value], where: '' };
  const decisions = results.map((one) => (one as { decision?: unknown } | null)?.decision ?? null);
  return { decisions: decisions.filter((one) => one !== null), where: 'results.' };
}

function checked(
  values: readonly unknown[],
  where: (index: number) => string,
  file: string,
  text: string,
): { decided: Decided[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const decided = values.flatMap((value, index): Decided[] => {
    if (isErrors(value)) return [];
    const read = decidedSchema.safeParse(value);
    if (read.success) return [read.data as Decided];
    const at = values.length === 1 ? '' : `${where(index)}: `;
    for (const { path, message } of read.error.issues.slice(0, 5))
      problems.push(
        problemAt(file, placesIn(file, text)(0), {
          code: 'not-a-result',
          path: path.join('.'),
          message: `${at}no result of assess: \`${path.join('.') || 'the document'}\` ${message}`,
          suggestion: 'write it with assess --format json, or check --format json',
        }),
      );
    return [];
  });
  return { decided, problems };
}

/** A line that says why there is no result. */
const isErrors = (value: unknown): boolean => Array.isArray((value as { errors?: unknown } | null)?.errors);

function notJson(message: string, text: string, file: string, line?: number): Problem {
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? 0);
  const place = placesIn(file, text)(Math.min(position, text.length));
  const about = { code: 'not-json', message: `not JSON: ${message.split('\n')[0]?.slice(0, 120)}` };
  return problemAt(file, line === undefined ? place : { ...place, line: line + 1 }, about);
}
