import { cutOf, easyNeeds, inTurn, isTimed, type Slicing } from './cut.js';

/**
 * A lesser model answers first; what it cannot answer goes on to a more capable one, so that those requests are paid for
 * twice. A task with a latency target of the user's is not cut, nor what is one of two parts in turn already.
 */
export const cascade: Slicing = (taskPart) => {
  const easy = taskPart.divisible?.easy;
  if (easy?.told !== 'after' || taskPart.inTurn) return [];
  const goesOn = easy.share < 1;
  if (goesOn && isTimed(taskPart)) return [];
  const [first, escalated] = goesOn ? inTurn(taskPart) : [];
  return cutOf(taskPart, 'cascade', [
    { ...first, part: 'first', times: 1, when: 'first', needs: easyNeeds(taskPart, easy.capability) },
    {
      ...escalated,
      part: 'escalated',
      times: 1 - easy.share,
      when: 'the first answer was not good enough',
      todo: `build the check that tells when a first answer of ${taskPart.task} is not good enough: it is not priced`,
    },
  ]);
};
