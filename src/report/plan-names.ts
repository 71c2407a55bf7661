import type { Decision, OptionReport } from '../decide/decision.js';
import { kindNames } from '../tables/kinds.js';
import { ownSource } from '../tables/price-book/sources.js';
import type { Kind } from '../tables/rows.js';
import { type Document, paragraph } from './document.js';

/** An option in prose: `model, provider`. Its id is for `--detail` and JSON. */
const optionName = ({ names: { model, provider } }: OptionReport): string => `${model}, ${provider}`;

/** Deployment types of a plan. */
export const kindsText = (kinds: readonly Kind[]): string =>
  kinds.length === 0 ? 'nothing fits' : kinds.map((kind) => kindNames[kind]).join(' + ');

/** The same with its deployment type. */
export const placeName = (option: OptionReport): string => `${optionName(option)} (${kindNames[option.kind]})`;

export function findOption({ options }: Decision, id: string): OptionReport | undefined {
  return options.find((option) => option.id === id);
}

/** A plan in prose; one that the report lists nothing of is called by its label. */
export function planNameOr(decision: Decision, plan: string, label: string | null): string {
  const name = planName(decision, plan);
  return name === plan ? (label ?? plan) : name;
}

/**
 * A plan in prose: who serves which tasks, the one with most tasks last, without naming them. Ids are looked up whole,
 * as model names hold every separator; the id stands if a part, after its `task=`, is not an option of the report.
 */
export function planName(decision: Decision, plan: string): string {
  const single = findOption(decision, plan);
  if (single) return placeName(single);
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
      return `${rest ? 'the rest' : tasks.map((name) => partOf(name, decision)).join(', ')} on ${optionName(option)}`;
    })
    .join('; ');
}

/** The part of a task by its name in a plan's id: `claims.rest` is `claims (rest)`. */
function partOf(name: string, { recommendation: { assignments } }: Decision): string {
  const task = assignments.find((one) => name.startsWith(`${one.task}.`))?.task;
  return task === undefined || assignments.some((one) => one.task === name)
    ? name
    : `${task} (${name.slice(task.length + 1)})`;
}

/** Stands behind a figure that a price book changed. */
export type Mark = '†' | '';

const hashes = /, sha256 [0-9a-f]{64}/g;

/** The mark of figures with these sources. */
export const markOfSources = (sources: readonly string[]): Mark =>
  sources.some((source) => source.startsWith(ownSource)) ? '†' : '';

/** The mark of what an option costs. */
export const markOfOption = ({ costParts }: OptionReport): Mark =>
  markOfSources(costParts.flatMap(({ sources }) => sources));

/** The mark of plans' costs, by id; plans outside the report do not count. */
export const markOfPlans = (decision: Decision, ...plans: readonly (string | null)[]): Mark =>
  plans.some((plan) => optionsOf(decision, plan).some((option) => markOfOption(option) === '†')) ? '†' : '';

/** The mark of the recommended plan's cost parts that `takes` selects, by id. */
export const markOfParts = (decision: Decision, takes: (part: string) => boolean): Mark =>
  markOfSources(
    optionsOf(decision, decision.recommendation.plan)
      .flatMap(({ costParts }) => costParts)
      .filter(({ part }) => takes(part))
      .flatMap(({ sources }) => sources),
  );

/** What the mark means, where anything bears it. */
export function legend(decision: Decision): Document {
  const { priceBook } = decision.tables;
  const marked = decision.options.some((option) => markOfOption(option) === '†');
  return priceBook === null || !marked ? [] : [paragraph('†', `from ${priceBook.replaceAll(hashes, '')}`)];
}

/** Options of a plan: that of its id, or those of its parts `task=<option>`. */
function optionsOf(decision: Decision, plan: string | null): OptionReport[] {
  if (plan === null || decision.tables.priceBook === null) return [];
  const single = findOption(decision, plan);
  if (single) return [single];
  return plan.split(';').flatMap((part) => findOption(decision, part.slice(part.indexOf('=') + 1)) ?? []);
}

/** A text with a capital at its beginning. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The same with a full stop. */
export const sentence = (text: string): string => `${capital(text)}.`;
