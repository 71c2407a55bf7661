import * as fs from 'node:fs';
import * as path from 'node:path';
import { realPath } from './real-path.js';

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
  if (present === undefined && /[\\/]$/.test(file)) throw new Error('its folder does not exist');
  // Renaming asks leave of the folder alone.
  if (present) fs.accessSync(file, fs.constants.W_OK);
  const target = realPath(file);
  // Without the name of the file, which may be as long as names can be.
  const temporary = path.join(path.dirname(target), `.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`);
  const handle = fs.openSync(temporary, 'wx', present?.mode ?? 0o666);
  let open = true;
  const close = () => {
    if (open) fs.closeSync(handle);
    open = false;
  };
  const drop = () => {
    process.off('exit', drop);
    close();
    fs.rmSync(temporary, { force: true });
  };
  // Whatever ends the process early, as when nobody can be told what is wrong.
  process.on('exit', drop);
  return {
    write: (text) => fs.writeFileSync(handle, text),
    end() {
      close();
      fs.renameSync(temporary, target);
      process.off('exit', drop);
    },
    drop,
  };
}
