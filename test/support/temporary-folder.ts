import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A new folder for what a test writes. */
export const newFolder = (): string => mkdtempSync(path.join(tmpdir(), 'deploy-advisor-'));

/** Writes files below a folder; returns where. */
export const putIn =
  (folder: string) =>
  (name: string, text: string | Buffer): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };

/** Whatever tests write to the folders for temporary files and for caches goes with the run, whether or not they clear up. */
export default function temporaryFolder(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'deploy-advisor-tests-'));
  process.env.TMPDIR = folder;
  process.env.XDG_CACHE_HOME = path.join(folder, 'cache');
  return () => rmSync(folder, { recursive: true, force: true });
}
