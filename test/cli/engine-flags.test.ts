import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { engineFlags, keepAllCode } from '../../src/cli/engine-flags.js';

describe('flags of the engine', () => {
  it('has none that the engine it runs on does not know', () => {
    const flags = [...engineFlags(process.versions.v8), keepAllCode];
    const { status, stderr } = spawnSync(process.execPath, [...flags, '-e', '0'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  it('has three for the engine of Node 20, and none for later ones, which do not know them', () => {
    expect(engineFlags('11.3.244.8-node.33')).toHaveLength(3);
    for (const later of ['12.4.254.21-node.33', '13.6.233.10-node.28', '11.30.1'])
      expect(engineFlags(later)).toEqual([]);
  });
});
