import type { Decision, OptionReport } from '../decide/decision.js';
import { ownSource } from '../tables/price-book/apply-price-book.js';
import { type Line, paragraph } from './lines.js';
import { findOption } from './option-name.js';

/** Stands behind a figure that a price book changed. */
export type Mark = '*' | '';

const hashes = /, sha256 [0-9a-f]{64}/g;

/** The mark of figures with these sources. */
export const markOfSources = (sources: readonly string[]): Mark =>
  sources.some((source) => source.startsWith(ownSource)) ? '*' : '';

/** The mark of what an option costs. */
export const markOfOption = ({ costParts }: OptionReport): Mark =>
  markOfSources(costParts.flatMap(({ sources }) => sources));

/** The mark of what plans cost, by their ids; those of plans that are not in the report count for nothing. */
export const markOfPlans = (decision: Decision, ...plans: readonly (string | null)[]): Mark =>
  plans.some((plan) => optionsOf(decision, plan).some((option) => markOfOption(option) === '*')) ? '*' : '';

/** The mark of the parts of the recommended plan's cost that `takes` takes, by the id of the part. */
export const markOfParts = (decision: Decision, takes: (part: string) => boolean): Mark =>
  markOfSources(
    optionsOf(decision, decision.recommendation.plan)
      .flatMap(({ costParts }) => costParts)
      .filter(({ part }) => takes(part))
      .flatMap(({ sources }) => sources),
  );

/** What the mark means, where anything bears it. */
export function legend(decision: Decision, width: number): Line[] {
  const { priceBook } = decision.tables;
  const marked = decision.options.some((option) => markOfOption(option) === '*');
  return priceBook === null || !marked ? [] : paragraph('*', `from ${priceBook.replaceAll(hashes, '')}`, width);
}

/** Options of a plan: that of its id, or those of its parts `task=<option>`. */
function optionsOf(decision: Decision, plan: string | null): OptionReport[] {
  if (plan === null || decision.tables.priceBook === null) return [];
  const single = findOption(decision, plan);
  if (single) return [single];
  return plan.split(';').flatMap((part) => findOption(decision, part.slice(part.indexOf('=') + 1)) ?? []);
}
