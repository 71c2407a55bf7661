import type { Decision, OptionReport } from '../decide/decision.js';
import { kindNames } from './kind-names.js';

/** An option in prose: `provider / model`, with the mode when it thinks. Its id is for `--detail` and JSON. */
export function optionName({ provider, model, mode }: OptionReport): string {
  return `${provider} / ${model}${mode === 'thinking' ? ' (thinking)' : ''}`;
}

export function findOption({ options }: Decision, id: string): OptionReport | undefined {
  return options.find((option) => option.id === id);
}

/**
 * A plan in prose. Ids are looked up whole, never taken apart: model names hold every separator. So a plan of several
 * parts is spelled out only if each part, after its `task=`, is an option of the report; otherwise the id stands.
 */
export function planName(decision: Decision, plan: string): string {
  const single = findOption(decision, plan);
  if (single) return `${kindNames[single.kind]} ${optionName(single)}`;
  const parts = plan.split(';').map((part) => {
    const equals = part.indexOf('=');
    const option = findOption(decision, part.slice(equals + 1));
    return equals > 0 && option ? `${part.slice(0, equals)} on ${optionName(option)}` : null;
  });
  return parts.every((part) => part !== null) ? parts.join(', ') : plan;
}
