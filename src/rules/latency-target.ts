import { isAtLeast, isAtMost } from '../units/last-digits.js';
import { fixedWords, wordsBeside } from '../units/words-beside.js';
import { type LatencyFigure, mustSee } from '../workload/workload.js';
import { failed, type Gate, passed, unknown } from './gate.js';

/** What is seen of latency, in words, and where a task says what it wants of it. */
type LatencyTarget = {
  id: string;
  figure: LatencyFigure;
  what: string;
  unit: string;
  /** Its key under `tasks.<task>.latency`. */
  key: string;
  atMost: boolean;
};

/** The rule that a target which the user wrote is met, or a limit; a preset's is only scored. */
export function latencyGate({ id, figure, what, unit, key, atMost }: LatencyTarget): Gate {
  return {
    id,
    level: 'service',
    figure,
    asks: ({ needs }) => mustSee(needs, figure) !== null,
    check(option, { needs, task }, _of, service) {
      const must = mustSee(needs, figure);
      if (must === null) return passed;
      // A latency may take long to work out: only what is asked for is.
      const have = service?.[figure] ?? null;
      const need = `${what} ${atMost ? '<=' : '>='} ${must} ${unit}`;
      if (have === null)
        return unknown(() => ({ need, reason: `measure the ${what} of ${option.provider || option.model}` }));
      if (atMost ? isAtMost(have, must) : isAtLeast(have, must)) return passed;
      return failed(() => {
        const [seen] = wordsBeside(must, have, fixedWords(0));
        const words = `${seen} ${unit}`;
        return {
          need,
          have: words,
          reason: `${what} is ${words}`,
          turnsAt: { path: `tasks.${task}.latency.${key}`, value: have },
          figures: { have, need: must },
        };
      });
    },
  };
}
