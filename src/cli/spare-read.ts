import { fileProblem } from './file-problem.js';
import type { Io } from './io.js';
import { realPath } from './real-path.js';

/**
 * The same machine, but once it has read the file that the result goes to, nothing is written: that is never meant, by
 * whatever name or link, and where the file stands in a folder nobody named it.
 */
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
