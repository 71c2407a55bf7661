import { expect, test } from 'vitest';
import { waitForPromptsP95S } from '../../src/places/service-trace.js';
import { machines, mixes } from './machines.js';
import { simulate, simulateShared } from './simulate.js';

/** Prompts of one task wait for those of another on the same replica: the formula beside a simulation of both. */

const machine = machines.four;
const short = { ...mixes.chat, inputMean: 400, outputMean: 60, hitTokens: 0 };
const long = { ...mixes.chat, inputMean: 29_000, inputSigma: 0, inputMax: 29_000, outputMean: 60, hitTokens: 0 };
const promptS = simulate(machine, long, 0.001, 2000, 1).ttftS.p50;

test.each([
  // Less than a twentieth of the time: all but nobody waits.
  { share: 0.02, within: 0.02 / promptS },
  { share: 0.11, within: 0.1 },
  { share: 0.2, within: 0.1 },
  // Several long prompts in turn: the formula tells a sixth too little.
  { share: 0.35, within: 0.2 },
])('long prompts hold the replica $share of the time', ({ share, within }) => {
  const perS = share / promptS;
  const ratePerS = 0.5;
  const alone = simulate(machine, short, ratePerS, 40_000, 1).ttftS.p95;
  const shared = [
    { mix: short, ratePerS },
    { mix: long, ratePerS: perS },
  ];
  const [beside] = simulateShared(machine, shared, 60_000, 1);
  const waitedS = (beside?.p95 ?? 0) - alone;
  const toldS = waitForPromptsP95S([{ perS, promptS }]);
  expect(Math.abs(toldS - waitedS)).toBeLessThan(within * Math.max(promptS, waitedS));
});
