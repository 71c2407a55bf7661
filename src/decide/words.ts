import type { Option } from '../places/option.js';
import { placementOf } from '../places/registry.js';
import type { Plan } from './plan.js';

/** What an option is called by: of one that was kept in a result as well. */
export type NamedOption = Pick<Option, 'kind' | 'provider' | 'model' | 'quantization' | 'instance'> & {
  mode: string;
  purchase: string | null;
};

/** An option in a few words: provider and model, hardware where it is ours. */
export function optionWords({
  provider,
  model,
  mode,
  quantization,
  instance,
  purchase,
}: Omit<NamedOption, 'kind'>): string {
  const named = `${model}${mode === 'thinking' ? ' (thinking)' : ''}`;
  if (instance === null) return `${provider} / ${named}`;
  return `${named}${quantization === null ? '' : ` ${quantization}`} on ${provider} ${instance}${purchase === null || purchase === 'on-demand' ? '' : `, ${purchase}`}`;
}

/** An option with its kind of place. */
export const placeWords = (option: NamedOption): string => `${placementOf(option.kind).title}: ${optionWords(option)}`;

/** A plan in a few words: its kinds and options, each once. */
export const planWords = ({ deployments }: Plan): string =>
  deployments
    .flatMap(({ option, second }) => [
      placeWords(option),
      ...(second === undefined ? [] : [`${secondWords[second.role]} ${placeWords(second.option)}`]),
    ])
    .join('; ');

const secondWords = { overflow: 'above its capacity', failover: 'while it is down' };

/** Who serves what in a few words: `faq.easy on a / b; faq.hard on c / d`; one option for everything is itself. */
export const servedWords = ({ deployments }: Plan): string =>
  deployments
    .map(({ option, taskParts, second }) => {
      const served = taskParts.map(({ task, part }) => (part === 'all' ? task : `${task}.${part}`)).join(', ');
      const on = `${optionWords(option)}${second === undefined ? '' : `, ${secondWords[second.role]} ${optionWords(second.option)}`}`;
      return deployments.length === 1 ? on : `${served} on ${on}`;
    })
    .join('; ');
