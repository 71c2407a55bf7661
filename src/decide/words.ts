import type { Option } from '../placements/option.js';
import { placementOf } from '../placements/registry.js';
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
    .map(({ option, slices, second }) => {
      const served = slices.map(({ task, part }) => (part === 'all' ? task : `${task}.${part}`)).join(', ');
      const on = `${optionWords(option)}${second === undefined ? '' : `, ${secondWords[second.role]} ${optionWords(second.option)}`}`;
      return deployments.length === 1 ? on : `${served} on ${on}`;
    })
    .join('; ');

const thousands = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/** A whole number with thousands separators. */
export const countWords = (count: number): string => thousands(String(Math.round(count)));

/** A figure as it is, a whole one with thousands separators. */
export const figureWords = (value: number): string => (Number.isInteger(value) ? countWords(value) : String(value));

/** A figure with so many places and thousands separators. */
export function placesWords(value: number, places: number): string {
  const [whole = '', part] = value.toFixed(places).split('.');
  return part === undefined ? thousands(whole) : `${thousands(whole)}.${part}`;
}

/** `$1,234`; cents below ten dollars, below a cent two digits that say something; or so many places. The same in every locale. */
export function usdWords(usd: number, places: number | null = null): string {
  const size = Math.abs(usd);
  const text = `$${placesWords(size, places ?? (size >= 10 ? 0 : placesOf(size)))}`;
  return usd < 0 && /[1-9]/.test(text) ? `-${text}` : text;
}

const cent = 0.01;
const mostPlaces = 20;

/** Two, for cents; below a cent those of two digits that say something. */
function placesOf(size: number): number {
  if (size === 0 || size >= cent) return 2;
  const [digits = '', exponent] = size.toExponential(1).split('e');
  return Math.min(mostPlaces, (digits.endsWith('.0') ? 0 : 1) - Number(exponent));
}

/** `1 week`, `2.5 weeks`, or with so many places at the most. */
export const weeksWords = (weeks: number, places = 1): string =>
  `${Number(weeks.toFixed(places))} week${weeks === 1 ? '' : 's'}`;

/** `4.9 %`, or with so many places at the most. */
export const percentWords = (percent: number, places: number | null = null): string =>
  `${Number(percent.toFixed(places ?? 1))} %`;
