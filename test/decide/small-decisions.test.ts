import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { digest } from '../support/digest.js';
import { asOf, tool } from '../support/scenario.js';
import { smallCase, smallGolden, smallNames } from '../support/small-scenarios.js';

/**
 * Results of small scenarios: what no test asks for by name changes here at least, and a reviewer sees what and how far. A
 * price or a default that moves them is renewed by `-u`, and its diff read.
 */

test.each(smallNames)('%s', async (name) => {
  const { read, tables, prose, asked } = await smallCase(name);
  const decision = assess(read, tables, { asOf, prose, tool, ...asked });
  await expect(digest(decision)).toMatchFileSnapshot(smallGolden(name));
});
