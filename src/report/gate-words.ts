/**
 * How a report speaks of a hard rule: what an option it turned down is, and what would let one through, where the rule says
 * at which value of a field it would, and where no one field does. `ofSpeed`: of machines it is told only once they are sized.
 */
export type GateWords = { turnedDown: string; change: string; otherwise?: string; ofSpeed?: true };

const gateWords: Readonly<Record<string, GateWords>> = {
  preferences: { turnedDown: 'not wanted', change: 'widen preferences.only, or exclude less' },
  available: { turnedDown: 'not on sale', change: 'choose a model that is still on sale' },
  license: { turnedDown: 'not licensed for commercial use', change: 'ask the maker for a license' },
  boundary: {
    turnedDown: 'outside the data boundary',
    change: 'widen data.boundary',
    otherwise: 'say whether the data may go further: data.sensitivity and data.boundary',
  },
  agreements: {
    turnedDown: 'without a contract for personal data',
    change: 'list what can be signed under data.agreements',
  },
  retention: { turnedDown: 'free to train on the data', change: 'ask the provider for terms without training' },
  regimes: {
    turnedDown: 'not allowed by the regimes',
    change: 'sign the agreements the regimes ask for',
    otherwise: 'ask for what the regimes need',
  },
  residency: { turnedDown: 'outside the regions asked for', change: 'allow another region under data.residency' },
  'fine-tuning': { turnedDown: 'not known to serve tuned models', change: 'set needs.fineTuning to false' },
  launch: { turnedDown: 'too late for the launch', change: 'allow more time under team.launchWithin' },
  modality: { turnedDown: 'unable to take the input', change: 'drop one of the needs' },
  tools: { turnedDown: 'not known to call tools', change: 'drop the need for tools' },
  context: { turnedDown: 'with too short a context', change: 'shorten the input' },
  capability: { turnedDown: 'not capable enough', change: 'lower the capability asked for' },
  ttft: { turnedDown: 'too slow with the first token', change: 'relax latency.ttftP95', ofSpeed: true },
  speed: { turnedDown: 'too slow at writing', change: 'relax latency.tokensPerSecond', ofSpeed: true },
  'total-time': { turnedDown: 'too slow with the whole answer', change: 'relax latency.totalP95', ofSpeed: true },
  offline: { turnedDown: 'in need of a network', change: 'set needs.offline to false' },
  availability: { turnedDown: 'down too often', change: 'ask for less availability' },
  devices: {
    turnedDown: 'more than some devices can run',
    change: 'name all classes of devices, leave out those that cannot run it, or have more of them',
  },
  desk: {
    turnedDown: 'too busy for a machine at a desk',
    change: 'let a machine at a desk serve more: assumptions.deskRequestsPerDay',
  },
  'desk-parts': {
    turnedDown: 'too busy for machines at desks, part by part',
    change: 'let machines at desks serve more: assumptions.deskRequestsPerDay',
  },
  team: { turnedDown: 'too much work for the team', change: 'free more people, or allow hiring' },
  budget: { turnedDown: 'over the budget', change: 'raise the budget' },
  places: { turnedDown: 'in too many places', change: 'raise preferences.maxDeployments' },
  'owned-once': { turnedDown: 'in two places on the same owned machines', change: 'let one place serve both' },
};

/** The words for a gate; one we have no words for is named by its id. */
export function wordsOf(gate: string): GateWords {
  return (
    (Object.hasOwn(gateWords, gate) ? gateWords[gate] : undefined) ?? {
      turnedDown: `turned down by ${gate}`,
      change: `change what ${gate} asks for`,
    }
  );
}
