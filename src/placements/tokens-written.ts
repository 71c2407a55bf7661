import type { Demand, Slice } from '../scenario/demand.js';
import type { Option } from './option.js';

// A share of 1 would leave nothing of the answer.
const mostlyReasoning = 0.99;

/**
 * Reasoning tokens of one request: none in standard mode; as the user gave them, else visible x s / (1 - s) with
 * s = the model's share of reasoning in its output (measured on hard tests) x the effort everyday work needs.
 */
export function reasoningTokens(option: Pick<Option, 'mode' | 'capability'>, slice: Slice, demand: Demand): number {
  if (option.mode === 'standard') return 0;
  if (slice.tokens.reasoning !== null) return slice.tokens.reasoning;
  const share = Math.min(
    mostlyReasoning,
    (option.capability?.reasoningTokenShare ?? demand.assume('reasoningShareUnknown')) *
      demand.assume('reasoningEffort'),
  );
  return (slice.tokens.output * share) / (1 - share);
}
