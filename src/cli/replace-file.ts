import * as fs from 'node:fs';
import * as path from 'node:path';

/** A file that is written in parts. `drop` leaves things as they were. All of it throws what the system throws. */
export type Replacing = { write(text: string): void; end(): void; drop(): void };

/**
 * Writes beside the file and renames in the end, so that nobody ever sees half of it. Devices and pipes are written directly.
 *
 * @throws where the file cannot be written
 */
export function replacing(file: string): Replacing {
  const present = fs.statSync(file, { throwIfNoEntry: false });
  if (present?.isDirectory()) throw new Error('it is a folder');
  if (present && !present.isFile()) {
    const device = fs.openSync(file, 'w');
    const close = () => fs.closeSync(device);
    return { write: (text) => fs.writeFileSync(device, text), end: close, drop: close };
  }
  const target = present ? fs.realpathSync(file) : file;
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`);
  const handle = fs.openSync(temporary, 'wx', present?.mode ?? 0o666);
  let open = true;
  const close = () => {
    if (open) fs.closeSync(handle);
    open = false;
  };
  return {
    write: (text) => fs.writeFileSync(handle, text),
    end() {
      close();
      fs.renameSync(temporary, target);
    },
    drop() {
      close();
      fs.rmSync(temporary, { force: true });
    },
  };
}
