import { cutOf, easyNeeds, inTurn, isTimed, type Slicing } from './cut.js';

/**
 * A lesser model answers first; what it cannot answer goes on to a more capable one, so that those requests are paid for
 * twice. A task with a latency target of the user's is not cut, nor what is one of two parts in turn already.
 */
export const cascade: Slicing = (slice) => {
  const easy = slice.divisible?.easy;
  if (easy?.told !== 'after' || slice.inTurn) return [];
  const goesOn = easy.share < 1;
  if (goesOn && isTimed(slice)) return [];
  const [first, escalated] = goesOn ? inTurn(slice) : [];
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
