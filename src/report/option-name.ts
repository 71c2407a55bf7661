import type { Decision, OptionReport } from '../decide/decision.js';
import { kindNames } from './kind-names.js';

/** An option in prose: `provider / model`, with the mode when it thinks. Its id is for `--detail` and JSON. */
export function optionName({ provider, model, mode }: OptionReport): string {
  return `${provider} / ${model}${mode === 'thinking' ? ' (thinking)' : ''}`;
}

export function findOption({ options }: Decision, id: string): OptionReport | undefined {
  return options.find((option) => option.id === id);
}

/** A plan in prose; one that the report lists nothing of is called by its label. */
export function planNameOr(decision: Decision, plan: string, label: string | null): string {
  const name = planName(decision, plan);
  return name === plan ? (label ?? plan) : name;
}

/**
 * A plan in prose: who serves which tasks, the one with most tasks last and without naming them. Ids are looked up whole,
 * never taken apart: model names hold every separator. So a plan of several parts is spelled out only if each part, after
 * its `task=`, is an option of the report; otherwise the id stands.
 */
export function planName(decision: Decision, plan: string): string {
  const single = findOption(decision, plan);
  if (single) return `${kindNames[single.kind]} ${optionName(single)}`;
  const tasksOf = new Map<OptionReport, string[]>();
  for (const part of plan.split(';')) {
    const equals = part.indexOf('=');
    const option = findOption(decision, part.slice(equals + 1));
    if (equals <= 0 || !option) return plan;
    tasksOf.set(option, [...(tasksOf.get(option) ?? []), part.slice(0, equals)]);
  }
  const groups = [...tasksOf].sort((a, b) => a[1].length - b[1].length);
  return groups
    .map(([option, tasks], index) => {
      const rest = index === groups.length - 1 && index > 0 && tasks.length > 1;
      return `${rest ? 'the rest' : tasks.join(', ')} on ${optionName(option)}`;
    })
    .join('; ');
}
