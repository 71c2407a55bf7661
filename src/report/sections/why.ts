import type { Decision } from '../../decide/decision.js';
import { type Line, paragraph, paragraphs } from '../lines.js';
import { decimal } from '../number-text.js';
import { planName } from '../option-name.js';
import { columns, padded } from '../wrap.js';

/** The reasons, numbered. */
export function why({ recommendation }: Decision, width: number): Line[] {
  return numbered('WHY', recommendation.reasons, width);
}

/** A numbered list under a tag. */
export function numbered(tag: string, texts: readonly string[], width: number): Line[] {
  const digits = String(texts.length).length;
  return paragraphs(
    tag,
    texts.map((text, index) => `${String(index + 1).padEnd(digits)} ${text}`),
    width,
    digits + 1,
  );
}

/** Where the advice changes: the value from which another plan is best, and that plan. */
export function flips(decision: Decision, width: number): Line[] {
  const rows = decision.recommendation.flips.map(({ parameter, from, to, unit, becomes }) => ({
    when: [name(parameter), value(from, to), unit].filter((word) => word !== '').join(' '),
    becomes: planName(decision, becomes),
  }));
  const widest = Math.min(30, Math.max(0, ...rows.map(({ when }) => columns(when))));
  return rows.flatMap(({ when, becomes }, index) =>
    paragraph(index === 0 ? 'FLIPS' : '', `${padded(when, widest)} -> ${becomes}`, width, 'plain', 2),
  );
}

/** The path without the section it stands in, which readers do not need. */
function name(parameter: string): string {
  return parameter.replace(/^(workload|tasks|data|needs)\./, '');
}

function value(from: number | string, to: number | string): string {
  if (typeof to !== 'number' || typeof from !== 'number') return `${to}`;
  return `${to < from ? '<=' : '>='} ${decimal(to)}`;
}
