import { type Io, packagePath } from './io.js';

/** A shipped scenario to begin with: what it is for. */
export type Preset = { name: string; about: string; text: string };

/** Shipped scenarios with a line `# preset: …`, which says what they are for. */
export async function presets(io: Pick<Io, 'listFolder' | 'readText'>): Promise<Preset[]> {
  const folder = packagePath('scenarios');
  const files = (io.listFolder(folder) ?? []).filter((file) => file.endsWith('.yaml'));
  const read = await Promise.all(files.map(async (file) => ({ file, ...(await io.readText(`${folder}/${file}`)) })));
  return read.flatMap(({ file, text }) => {
    const about = /^# preset: (.+)$/m.exec(text ?? '')?.[1];
    return text === null || about === undefined ? [] : [{ name: file.replace(/\.yaml$/, ''), about, text }];
  });
}
