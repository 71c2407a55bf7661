import type { Tables } from '../tables.js';

/** What is never part of a model's name: the path before it, a region and maker, a version of a marketplace. */
function plain(id: string): string {
  return id
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/^([a-z][a-z0-9-]*\.)+(?=[a-z])/, '')
    .replace(/[:@].*$/, '')
    .replace(/-v\d+$|-maas$/, '');
}

/** Without words that say how a model is offered, and without a full date; four digits often are another model. */
function bare(id: string): string {
  let name = plain(id);
  for (let before = ''; before !== name; ) {
    before = name;
    name = name
      .replace(/-(latest|preview|instruct|it|hf|fp8|bf16)$/, '')
      .replace(/-20\d\d-?\d\d-?\d\d$|-\d\d-20\d\d$/, '');
  }
  return name;
}

const spellings = [(id: string) => id, plain, bare] as const;

/**
 * A look-up of the family a model id belongs to, null if it is not known: an id of the same provider in the price list,
 * a family of that name, or an id that is spelled alike and belongs to one family only, strictest spelling first.
 */
export function familyFinder(tables: Tables): (provider: string, id: string) => string | null {
  const byId = new Map(tables.api.map((row) => [`${row.provider}\0${row.modelId}`, row.family]));
  const indexes = spellings.map((spelling) => {
    const families = new Map<string, Set<string>>();
    for (const { modelId, family } of tables.api) {
      const name = spelling(modelId);
      families.set(name, (families.get(name) ?? new Set()).add(family));
    }
    return { spelling, families };
  });
  return (provider, id) => {
    const listed = byId.get(`${provider}\0${id}`);
    if (listed !== undefined) return listed;
    for (const { spelling, families } of indexes) {
      const name = spelling(id);
      if (tables.capabilityOf.has(name)) return name;
      const [only, ...others] = families.get(name) ?? [];
      if (only !== undefined && others.length === 0) return only;
    }
    return null;
  };
}
