import { cutOf, type Slicing } from './cut.js';

/**
 * A model with weights of one's own, fine-tuned to the task, in place of a more capable one; with retrieval, facts come
 * from documents and the tuning brings tone and domain. The tuning is paid once.
 */
export const ragFineTuned: Slicing = (taskPart) => {
  const tuned = taskPart.divisible?.tuned;
  if (tuned === undefined) return [];
  return cutOf(taskPart, 'rag-fine-tuned', [
    {
      part: 'tuned',
      times: 1,
      when: 'always',
      todo: `fine-tune the model to ${taskPart.task}, and again when its base model or the task changes`,
      needs: tuned.needs,
      tuningUsd: tuned.usd,
    },
  ]);
};
