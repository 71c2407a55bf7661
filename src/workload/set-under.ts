import type { Tables } from '../tables/tables.js';

/**
 * The name under which the user gives a parameter its value: its own, else that of the parameter whose value it takes, so
 * that both move together as they do in the tables; null: neither is set.
 */
export function setUnder(
  name: string,
  own: Readonly<Record<string, unknown>> | undefined,
  { parameterOf }: Pick<Tables, 'parameterOf'>,
): string | null {
  const source = parameterOf.get(name)?.as ?? null;
  return [name, source].find((each) => each !== null && own?.[each] !== undefined) ?? null;
}
