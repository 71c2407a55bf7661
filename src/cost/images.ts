import { given, predicted, type Traced } from '../formula/traced.js';
import type { Tables } from '../tables/tables.js';
import type { TaskPart } from '../workload/workload.js';

/**
 * Input tokens of a request that a model counts for images beyond those that the input has for them already; below 0 where it
 * counts fewer. A model of which nobody knows counts what the input has.
 */
export function imageTokens(
  family: string,
  { tokens: { images } }: Pick<TaskPart, 'tokens'>,
  { imageTokensOf }: Pick<Tables, 'imageTokensOf'>,
): number {
  if (images === null) return 0;
  const row = imageTokensOf.get(family);
  return row === undefined ? 0 : images.count * (row[images.size] - images.counted);
}

/** How `imageTokens` comes about. */
export function tracedImages(
  family: string,
  taskPart: TaskPart,
  { tables }: { tables: Pick<Tables, 'imageTokensOf'> },
): Traced {
  const { images } = taskPart.tokens;
  const row = tables.imageTokensOf.get(family);
  return predicted(
    'image tokens beyond those in the input',
    imageTokens(family, taskPart, tables),
    'tokens/request',
    'images x (tokens of the model for one - tokens the input has for one)',
    [
      given('images', images?.count ?? 0, 'images/request'),
      given(
        'tokens of one image',
        images === null ? 0 : (row?.[images.size] ?? 0),
        'tokens/image',
        ...(row === undefined ? [] : [{ table: 'imageTokens' as const, row: row.row }]),
      ),
      given('tokens the input has for one', images?.counted ?? 0, 'tokens/image'),
    ],
  );
}
