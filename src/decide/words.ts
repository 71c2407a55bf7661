import type { Option } from '../placements/option.js';
import { placementOf } from '../placements/registry.js';
import type { Plan } from './plan.js';

/** An option in a few words: provider and model, hardware where it is ours. */
export function optionWords({ provider, model, mode, quantization, instance, purchase }: Option): string {
  const named = `${model}${mode === 'thinking' ? ' (thinking)' : ''}`;
  if (instance === null) return `${provider} / ${named}`;
  return `${named}${quantization === null ? '' : ` ${quantization}`} on ${provider} ${instance}${purchase === null || purchase === 'on-demand' ? '' : `, ${purchase}`}`;
}

/** A plan in a few words: its kinds and options, each once. */
export const planWords = ({ deployments }: Plan): string =>
  deployments
    .flatMap(({ option, second }) => [
      `${placementOf(option.kind).title}: ${optionWords(option)}`,
      ...(second === undefined
        ? []
        : [`${secondWords[second.role]} ${placementOf(second.option.kind).title}: ${optionWords(second.option)}`]),
    ])
    .join('; ');

const secondWords = { overflow: 'above its capacity', failover: 'while it is down' };

/** Who serves what in a few words: `faq.easy on a / b; faq.hard on c / d`; one option for everything is itself. */
export const servedWords = ({ deployments }: Plan): string =>
  deployments
    .map(({ option, slices, second }) => {
      const served = slices.map(({ task, part }) => (part === 'all' ? task : `${task}.${part}`)).join(', ');
      const on = `${optionWords(option)}${second === undefined ? '' : `, ${secondWords[second.role]} ${optionWords(second.option)}`}`;
      return deployments.length === 1 ? on : `${served} on ${on}`;
    })
    .join('; ');

/** A whole number with thousands separators. */
export const countWords = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');

/** `$1,234`; cents below ten dollars. The same in every locale. */
export function usdWords(usd: number): string {
  const sign = usd < 0 ? '-' : '';
  const size = Math.abs(usd);
  if (size < 10) return `${sign}$${size.toFixed(2)}`;
  return `${sign}$${Math.round(size)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')}`;
}
