/** How a report speaks of a hard rule: what an option it turned down is, and what would let one through. */
export type GateWords = { turnedDown: string; change: string };

const gateWords: Readonly<Record<string, GateWords>> = {
  available: { turnedDown: 'not on sale', change: 'choose a model that is still on sale' },
  boundary: {
    turnedDown: 'outside the data boundary',
    change: 'widen data.boundary, or sign what the boundary asks for',
  },
  regimes: { turnedDown: 'not allowed by the regimes', change: 'sign the agreements the regimes ask for' },
  'fine-tuning': { turnedDown: 'not known to serve tuned models', change: 'set needs.fineTuning to false' },
  modality: { turnedDown: 'unable to take the input or the tools', change: 'drop one of the needs' },
  context: { turnedDown: 'with too short a context', change: 'shorten the input' },
  capability: { turnedDown: 'not capable enough', change: 'lower the capability asked for' },
  latency: { turnedDown: 'too slow', change: 'relax the latency target' },
  offline: { turnedDown: 'in need of a network', change: 'set needs.offline to false' },
  devices: {
    turnedDown: 'more than some devices can run',
    change: 'name the classes of devices, or leave out those too small',
  },
  team: { turnedDown: 'too much work for the team', change: 'free more people, or allow hiring' },
  budget: { turnedDown: 'over the budget', change: 'raise the budget' },
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
