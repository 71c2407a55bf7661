import type { Io } from './io.js';

/** What was read of the machine, by name: enough to read the same again elsewhere. */
export type KnownFiles = { texts: Map<string, string>; folders: Map<string, string[] | null> };

/** The same machine, but what is read of it is noted. */
export function noting(io: Io): { io: Io; known: KnownFiles } {
  const known: KnownFiles = { texts: new Map(), folders: new Map() };
  return {
    known,
    io: {
      ...io,
      readText: async (file, maxBytes) => {
        const read = await io.readText(file, maxBytes);
        if (read.text !== null) known.texts.set(file, read.text);
        return read;
      },
      listFolder: (folder) => {
        const names = io.listFolder(folder);
        known.folders.set(folder, names);
        return names;
      },
    },
  };
}

/** A machine that has what was read of another one, and else what is there. */
export const knowing = (io: Io, { texts, folders }: KnownFiles): Io => ({
  ...io,
  readText: async (file, maxBytes) => {
    const text = texts.get(file);
    return text === undefined ? io.readText(file, maxBytes) : { text, problem: null };
  },
  listFolder: (folder) => folders.get(folder) ?? io.listFolder(folder),
});

/** The same machine, but each file is read once: standard input cannot be read again. */
export function readingOnce(io: Io): Io {
  const texts = new Map<string, ReturnType<Io['readText']>>();
  return {
    ...io,
    readText: (file, maxBytes) => {
      const known = texts.get(file) ?? io.readText(file, maxBytes);
      texts.set(file, known);
      return known;
    },
  };
}
