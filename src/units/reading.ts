import type { Written } from './written.js';

/** What came of reading a value that a person wrote: the value, or a message that names the accepted forms. */
export type Reading<T> = { ok: true; value: T } | { ok: false; message: string };

/** Reads a value of unknown shape, as it comes out of YAML or JSON. Never throws. */
export type Reader<T> = {
  (value: unknown): Reading<T>;
  /** How it wants numbers written; absent: as text or number of any kind. */
  readonly written?: Written;
  /** The same where no range can stand: its messages offer none. */
  readonly alone?: Reader<T>;
};

export const accept = <T>(value: T): Reading<T> => ({ ok: true, value });

export const refuse = (message: string): Reading<never> => ({ ok: false, message });
