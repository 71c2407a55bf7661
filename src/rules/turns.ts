import type { TaskPart } from '../workload/workload.js';
import type { Turn } from './rule.js';

/** What YAML reads as the text itself, without quotes. */
const plainText = /^[A-Za-z][\w.+/@-]*(:[\w.+/@-]+)?$/;

/** A list as `--set` takes it. */
export const listText = (items: Iterable<string>): string =>
  `[${[...items].map((item) => (plainText.test(item) ? item : JSON.stringify(item))).join(', ')}]`;

/** The path of a `data` field for a task: its own if set there. */
const dataPath = ({ task, needs }: TaskPart, field: string): string =>
  needs.written.data.has(field) ? `tasks.${task}.data.${field}` : `data.${field}`;

/** An availability that is promised or observed. */
export const availabilityTurn = ({ task, needs }: TaskPart, share: number): Turn => ({
  path: needs.written.availability ? `tasks.${task}.availability` : 'needs.availability',
  value: share,
});

/** A smaller required index. */
export const indexTurn = ({ task, needs }: TaskPart, index: number): Turn => {
  const path = `tasks.${task}.capability`;
  // Only one form of a capability may be written.
  return needs.written.capability === null || needs.written.capability === 'minIndex'
    ? { path: `${path}.minIndex`, value: index }
    : { path, value: `{minIndex: ${Math.floor(index * stepsPerPoint) / stepsPerPoint}}` };
};

/** Precision of a value to write: it may require a little less, never more. */
const stepsPerPoint = 100;

/** A need removed; null where the preset sets it. */
export function needTurn({ task, needs }: TaskPart, need: string): Turn | null {
  const { written } = needs;
  if (!written.needs.includes(need) || written.presetNeeds.includes(need)) return null;
  return { path: `tasks.${task}.needs`, value: listText(written.needs.filter((one) => one !== need)) };
}

/** A shorter prompt; null where none is short enough or holds its prefix, or earlier turns make it long. */
export function inputTurn({ task, tokens, needs: { written } }: TaskPart, most: number): Turn | null {
  if (most < Math.max(1, written.prefixTokens ?? 0) || tokens.longestInput !== tokens.input) return null;
  return { path: `tasks.${task}.tokens.${(tokens.most ?? 0) > tokens.input ? 'maxInput' : 'input'}`, value: most };
}

/** A shorter answer. */
export const outputTurn = ({ task }: TaskPart, most: number): Turn | null =>
  most < 1 ? null : { path: `tasks.${task}.tokens.output`, value: most };

/** A tuned model removed; null where both the task and the scenario require it. */
export function untunedTurn(taskPart: TaskPart): Turn | null {
  if (!taskPart.needs.written.fineTuningForAll) return needTurn(taskPart, 'fine-tuning');
  return taskPart.needs.written.needs.includes('fine-tuning') ? null : { path: 'needs.fineTuning', value: 'false' };
}

/** Agreements to sign or things to do, as tokens of a claim: in one field only. */
export function claimsTurn(taskPart: TaskPart, tokens: readonly string[] | null): Turn | null {
  if (tokens === null || tokens.length === 0) return null;
  const names = (subject: string) =>
    tokens.filter((token) => token.startsWith(`${subject}:`)).map((token) => token.slice(subject.length + 1));
  const { agreements, declared } = taskPart.needs;
  const [sign, declare] = [names('agreement'), names('org')];
  if (sign.length === tokens.length) {
    const signed = listText(agreements?.signed ?? []);
    const canSign = listText(new Set([...(agreements?.canSign ?? []), ...sign]));
    return { path: dataPath(taskPart, 'agreements'), value: `{signed: ${signed}, canSign: ${canSign}}` };
  }
  if (declare.length === tokens.length)
    return { path: dataPath(taskPart, 'declared'), value: listText(new Set([...declared, ...declare])) };
  return null;
}
