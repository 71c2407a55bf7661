import type { Uncertain } from './range.js';
import { countReader } from './read-number.js';
import { readShare } from './read-share.js';
import { accept, type Reader, type Reading, refuse } from './reading.js';

const readTokens = countReader('tokens');

const read = (value: unknown): Reading<Uncertain | { share: Uncertain }> => {
  const share = readShare(value);
  if (share.ok && mentionsPercent(value)) return accept({ share: share.value });
  if (mentionsPercent(value)) return share;
  const tokens = readTokens(value);
  if (!tokens.ok) return refuse(`${tokens.message}, or a share as 60%`);
  const { likely } = tokens.value;
  return likely > 0 && likely < 1 ? refuse(`${likely} tokens is less than one: for a share write 60%`) : tokens;
};

/** Reads a part of the input: tokens (`2000`, `2k tokens`), or a share of it, which needs its percent sign (`60%`). */
export const readTokensOrShare: Reader<Uncertain | { share: Uncertain }> = Object.assign(read, {
  written: { unit: 'tokens?|%|percent', least: 0, zeroOrFromOne: true },
});

function mentionsPercent(value: unknown): boolean {
  if (typeof value === 'string') return /%|percent/.test(value);
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((part) => typeof part === 'string' && mentionsPercent(part))
  );
}
