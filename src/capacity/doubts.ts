/** What a prediction rests on that the tables do not know; each widens its band. */
export const doubts = ['engine', 'scheme', 'limit', 'port', 'memory', 'prefixes'] as const;
export type Doubt = (typeof doubts)[number];

/** Each doubt in words. */
export const doubtTexts: { readonly [Name in Doubt]: string } = {
  engine: 'the engine is unknown: the mean of all is taken',
  scheme: 'the quantization is not in the tables: its bits are guessed from its name',
  limit: "the engine's limit of sequences is not known: its usual one is taken",
  port: 'a port younger than its hardware may be several times slower than any physics says',
  memory: 'weights fill most of the memory: the exact room for the cache decides',
  prefixes: 'prefix caching is on, and its hit rate is not known',
};

/** Weights above this share of the memory leave so little for the cache that its exact size decides. */
const nearlyFull = 0.8;

/** Doubts of a run with that about its memory, which only a prediction shows. */
export const doubtsWith = (known: readonly Doubt[], memoryShare: number): Doubt[] =>
  memoryShare > nearlyFull ? [...known, 'memory'] : [...known];
