import { cutOf, easyNeeds, inTurn, type Slicing } from './cut.js';

/**
 * A lesser model answers first; what it cannot answer goes on to a more capable one, so that those requests are paid for
 * twice. A latency target that the user wrote would have to hold over both, which is known only once both are chosen:
 * such a task is not cut.
 */
export const cascade: Slicing = (slice) => {
  const easy = slice.divisible?.easy;
  if (easy?.told !== 'after' || isTimed(slice)) return [];
  const [first, escalated] = inTurn(slice);
  return cutOf(slice, 'cascade', [
    { ...first, part: 'first', times: 1, when: 'first', needs: easyNeeds(slice, easy.capability) },
    {
      ...escalated,
      part: 'escalated',
      times: 1 - easy.share,
      when: 'the first answer was not good enough',
      todo: `build the check that tells when a first answer of ${slice.task} is not good enough: it is not priced`,
    },
  ]);
};

/** Whether the user wrote how long the first token or the whole answer may take. */
export const isTimed: (slice: Parameters<Slicing>[0]) => boolean = ({ needs: { ttftP95Ms, totalP95Ms } }) =>
  [ttftP95Ms, totalP95Ms].some((target) => target?.by === 'user');
