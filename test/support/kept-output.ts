import { createHash } from 'node:crypto';
import type { Decision } from '../../src/decide/decision.js';
import { brief } from './compact-json.js';
import { digest } from './digest.js';

/** What a golden keeps of an output: less than all of what is long. */
export type Keep = (output: string) => string;

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** A hash changes with any row of any table, and the version with any release. */
export const lasting = (text: string): string =>
  text.replaceAll(/\b[0-9a-f]{64}\b/g, '…').replaceAll(/deploy-advisor \d+\.\d+\.\d+/g, 'deploy-advisor …');

/** The first lines, and a digest of those that follow; of a single one that line. */
export const firstLines =
  (count: number): Keep =>
  (output) => {
    const lines = lasting(output).split('\n');
    const rest = lines.slice(count);
    if (rest.length <= 2) return lines.join('\n');
    return `${lines.slice(0, count).join('\n')}\n… ${rest.length - 1} more lines, digest ${digestOf(rest.join('\n'))}\n`;
  };

/** Each line on its own: JSON lines. */
export const eachLine =
  (keep: Keep): Keep =>
  (output) =>
    output
      .trimEnd()
      .split('\n')
      .map((line) => keep(line))
      .join('');

/** What a tool for agents says, and a digest of all that it gives. */
export const spoken: Keep = (output) => {
  const { result } = JSON.parse(output) as { result: { content?: { text: string }[]; instructions?: string } };
  const texts = [result.instructions, ...(result.content ?? []).map(({ text }) => text)].filter((text) => text);
  return `${texts.join('\n').trimEnd()}\n… digest of all of it ${digestOf(lasting(brief(result)))}\n`;
};

/** Of a result as JSON: the first lines of what `digest` tells of it, and a digest of all that it gives. */
export const planAndCosts: Keep = (output) => {
  const { tool, ...result } = JSON.parse(output) as Decision;
  return `${firstLines(36)(digest({ tool, ...result }))}… digest of the JSON ${digestOf(lasting(brief(result)))}\n`;
};
