/** A file as it was read; only the last part of its name says what it is. */
export type TableFile = { file: string; text: string };
