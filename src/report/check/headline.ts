import type { CheckReport } from '../../analyses/check/report.js';
import { isQuiet } from '../compare/words.js';
import { counted } from '../number-text.js';

/** `3 scenarios checked: 1 failed, 1 changed`, of a comparison `2 steps compared: …`, of neither `nothing was checked: …`. */
export function headline({ results, refused }: CheckReport): string {
  const mistakes = results.flatMap(({ problems }) => problems.filter(({ severity }) => severity === 'error'));
  if (refused) return `nothing was checked: ${counted(mistakes.length, 'mistake')}`;
  const count = (status: string): number => results.filter((one) => one.status === status).length;
  const changed = results.filter(({ change }) => change !== null && !isQuiet(change)).length;
  const parts = [
    ...told(count('failed'), 'failed'),
    ...told(count('infeasible'), 'nothing fits'),
    ...told(count('error'), 'cannot be read'),
    ...told(changed, 'changed'),
  ];
  const ofSteps = results.some(({ title, file }) => title !== file);
  const what = ofSteps
    ? `${counted(results.length, 'step')} compared`
    : `${counted(results.length, 'scenario')} checked`;
  return `${what}: ${parts.length === 0 ? 'all as they should be' : parts.join(', ')}`;
}

const told = (count: number, words: string): string[] => (count === 0 ? [] : [`${count} ${words}`]);
