import { type Cut, cutOf, inTurn, isTimed, type Slicing } from './cut.js';

/**
 * Sensitive requests stay within the task's data rules, the others go where theirs allow. Or they are redacted first, by a
 * model within the rules that writes the whole text again, and are then answered as what redaction leaves: not where a
 * latency target of the user's would have to hold over both. What answers requests may be cut again where some are easy.
 */
export const sensitivitySplit: Slicing = (taskPart): Cut[] => {
  const sensitive = taskPart.divisible?.sensitive;
  if (sensitive === undefined) return [];
  const { share, rest, redaction } = sensitive;
  const { easy } = taskPart.divisible ?? {};
  const again = easy && { divisible: { easy } };
  const shape = 'sensitivity-split';
  const others = {
    part: 'rest',
    times: 1 - share,
    when: 'the request is not sensitive',
    todo: `build the check that finds sensitive requests of ${taskPart.task}: it is not priced`,
    needs: rest,
    ...again,
  };
  const own = { part: 'sensitive', times: share, when: 'the request is sensitive', ...again };
  const apart = cutOf(taskPart, shape, [own, others]);
  if (redaction === undefined || isTimed(taskPart) || share === 0) return apart;
  const { input, longestInput, prefix } = taskPart.tokens;
  const [before, after] = inTurn(taskPart);
  const redacted = cutOf(
    taskPart,
    shape,
    [
      {
        ...before,
        part: 'redaction',
        times: share,
        when: 'the request is sensitive: it is redacted first',
        todo: `measure what redaction of ${taskPart.task} misses: what it misses leaves the boundary`,
        needs: redaction.needs,
        rewrites: true,
        // What all requests share holds nothing personal.
        tokens: {
          ...taskPart.tokens,
          input: input - prefix,
          longestInput: longestInput - prefix,
          turns: 1,
          prefix: 0,
          output: input - prefix,
        },
      },
      {
        ...after,
        part: 'redacted',
        times: share,
        when: 'the request has been redacted',
        needs: redaction.leaves,
        ...again,
      },
      others,
    ],
    `${shape} redacted`,
  );
  return [...apart, ...redacted];
};
