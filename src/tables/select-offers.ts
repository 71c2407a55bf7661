import { apiRowsNamed } from './aliases.js';
import { kindNames, type Offer, offers } from './offers.js';
import type { Tables } from './tables.js';

/** What to look for; `*` stands for any text, case does not count, and an absent part means all. */
export type Wanted = { model?: string; provider?: string; accelerator?: string; kind?: string };

type Filter = {
  matches: (offer: Offer, asked: string, tables: Tables) => boolean;
  /** Names that this snapshot may have offers of, whether it has or not, and names of an offer. */
  known: (tables: Tables) => readonly string[];
  names: (offer: Offer) => readonly (string | null)[];
};

/** Every way to narrow the list; what takes longest to tell comes last. */
const filters: { readonly [Part in keyof Wanted]-?: Filter } = {
  provider: {
    matches: ({ provider }, asked) => like(provider, asked),
    known: ({ providers }) => providers.map(({ provider }) => provider),
    names: ({ provider }) => [provider],
  },
  accelerator: {
    // The maker's name for a chip stands before its memory: all sizes and forms of it are meant.
    matches: ({ accelerator }, asked) =>
      accelerator !== null && (like(accelerator, asked) || like(accelerator, `${asked}-*`)),
    known: ({ accelerators }) => accelerators.flatMap(({ accelerator }) => [accelerator, chip(accelerator)]),
    names: ({ accelerator }) => (accelerator === null ? [] : [accelerator, chip(accelerator)]),
  },
  kind: {
    matches: ({ table, kind, ownKind }, asked) => [table, kind, ownKind].some((name) => like(name, asked)),
    known: () => kindNames,
    names: ({ table, kind, ownKind }) => [table, kind, ownKind],
  },
  model: {
    matches: isModel,
    known: ({ capability }) => capability.map(({ family }) => family),
    names: ({ table, name, family }) => [family, table === 'api' ? name : null],
  },
};

/** The chip of an accelerator's id, which goes on with its form and memory: `chip-form-memory`. */
function chip(accelerator: string): string {
  return accelerator.split('-')[0] ?? accelerator;
}

const parts = Object.keys(filters) as (keyof Wanted)[];

/** Offers of a snapshot that are what is wanted, in the order of the files. */
export function selectOffers(tables: Tables, wanted: Wanted): Offer[] {
  return offers(tables).filter((offer) => parts.every((part) => fits(tables, offer, part, wanted[part])));
}

/** Parts of `wanted` that are no name of anything there is at the snapshot's date, with the names there are. */
export function unanswered(tables: Tables, wanted: Wanted): { part: keyof Wanted; asked: string; names: string[] }[] {
  const all = offers(tables);
  return parts.flatMap((part) => {
    const asked = wanted[part];
    if (asked === undefined || all.some((offer) => fits(tables, offer, part, asked))) return [];
    const { known, names } = filters[part];
    if (known(tables).some((name) => like(name, asked))) return [];
    const offered = all.flatMap((offer) => names(offer)).filter((name) => name !== null);
    return [{ part, asked, names: [...new Set(part === 'kind' ? kindNames : offered)].sort() }];
  });
}

function fits(tables: Tables, offer: Offer, part: keyof Wanted, asked: string | undefined): boolean {
  return asked === undefined || filters[part].matches(offer, asked, tables);
}

/** A model by its id, its family or another of its names; a hosting product by a word of its name. */
function isModel({ table, row, provider, name, family }: Offer, asked: string, tables: Tables): boolean {
  if (table === 'rental') return false;
  if (like(name, asked)) return true;
  if (table === 'hosting') return name.split(' ').some((word) => like(word, asked));
  return like(family ?? '', asked) || apiRowsNamed(tables, provider, asked).some((found) => found.row.row === row);
}

/** Equal but for case, where `*` in `pattern` is any text. */
function like(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const whole = text.toLowerCase();
  if (rest.length === 0) return whole === first;
  if (!whole.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const piece of rest) {
    const found = whole.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return whole.length - at >= last.length && whole.endsWith(last);
}
