import { cutOf, easyNeeds, type Slicing } from './cut.js';

/** Easy requests, which a rule of the user's tells beforehand, go to a lesser model; the others do not. */
export const tieredRouting: Slicing = (taskPart) => {
  const easy = taskPart.divisible?.easy;
  if (easy?.told !== 'before') return [];
  return cutOf(taskPart, 'tiered-routing', [
    {
      part: 'easy',
      times: easy.share,
      when: 'the request is easy',
      todo: `build the rule that tells easy requests of ${taskPart.task}: it is not priced`,
      needs: easyNeeds(taskPart, easy.capability),
    },
    { part: 'hard', times: 1 - easy.share, when: 'the request is hard' },
  ]);
};
