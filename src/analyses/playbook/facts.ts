import type { FactType, ListName, listFacts, planFacts } from '../../tables/playbook-words.js';

/** Null: not known, or there is none. */
export type Fact = boolean | number | string | null;
type ValueOf<Type extends FactType> = Type extends 'flag' ? boolean : (Type extends 'number' ? number : string) | null;
type Filled<Types extends Record<string, FactType>> = { [Name in keyof Types]: ValueOf<Types[Name]> };

/** Facts of a row of the playbook and of its day, filled in by itself. */
type OfRow = 'fromShare' | 'toShare' | 'stepVolume' | 'lastBill' | 'lastBillMonth';
export type PlanFacts = Filled<Omit<typeof planFacts, OfRow>>;
export type ListItem<List extends ListName> = Filled<(typeof listFacts)[List]>;
export type Lists = { [List in ListName]: ListItem<List>[] };

/** Whether a fact holds: it is known, and no 0, empty text or false. */
const isSo = (fact: Fact): boolean => fact !== null && fact !== 0 && fact !== '' && fact !== false;

/** Whether an expression of facts holds: `moves & !crossNow | fresh`; an empty one does. */
export function holds(expression: string, fact: (name: string) => Fact): boolean {
  if (expression === '') return true;
  const one = (text: string): boolean => (text.startsWith('!') ? !isSo(fact(text.slice(1).trim())) : isSo(fact(text)));
  return expression.split('|').some((part) => part.split('&').every((each) => one(each.trim())));
}
