import { realPath } from './files.js';
import { fileProblem, type Io } from './io.js';

/** The same machine that reads each file once, as standard input allows. */
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

/** The same machine that does not write over a file that it has read, under any name or link. */
export function sparingWhatIsRead(io: Io, output: string | null): Io {
  if (output === null || output === '-' || io.isSpecial(output)) return io;
  const target = realPath(output);
  let isRead = false;
  const noted = (file: string): void => {
    isRead ||= realPath(file === '-' ? '/dev/stdin' : file) === target;
  };
  const refused = () =>
    isRead
      ? fileProblem('not-writable', output, 'this would overwrite a file that is read', 'name another file')
      : null;
  return {
    ...io,
    readText: (file, maxBytes) => {
      noted(file);
      return io.readText(file, maxBytes);
    },
    bytes: (file) => {
      noted(file);
      return io.bytes(file);
    },
    lines: () => {
      noted('-');
      return io.lines();
    },
    writeText: (file, text) => refused() ?? io.writeText(file, text),
    openText: (file) => {
      const sink = io.openText(file);
      return { ...sink, write: (text) => refused() ?? sink.write(text), end: () => refused() ?? sink.end() };
    },
  };
}
