import { given, parameter, predicted, type Traced } from '../formula/traced.js';
import type { ImageTokenRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { Images, TaskPart, Workload } from '../workload/workload.js';

type ImageTables = Pick<Tables, 'imageTokensOf' | 'imageTokens' | 'capabilityOf' | 'modelOf'>;
type ImageContext = { tables: ImageTables & Pick<Tables, 'parameterOf'>; workload: Pick<Workload, 'assume'> };

/** Whether a model takes images of which nobody published how many tokens it counts. */
export function isUnpublished(family: string, { imageTokensOf, capabilityOf, modelOf }: ImageTables): boolean {
  const modalities = (capabilityOf.get(family) ?? modelOf.get(family))?.modalities;
  return modalities?.includes('image') === true && !imageTokensOf.has(family);
}

/**
 * Input tokens of a request for images beyond those in the input; below 0 where the model counts fewer. An unpublished
 * count lies between the fewest and the most known; a model without images counts what the input has.
 */
export function imageTokens(
  family: string,
  { tokens: { images } }: Pick<TaskPart, 'tokens'>,
  context: ImageContext,
): number {
  if (images === null) return 0;
  const each = isUnpublished(family, context.tables)
    ? unpublished(images, context)
    : (context.tables.imageTokensOf.get(family)?.[images.size] ?? images.counted);
  return images.count * (each - images.counted);
}

const place = 'unpublishedImageTokens';

function unpublished({ size }: Images, { tables, workload }: ImageContext): number {
  const { least, most } = knownFor(size, tables);
  return least + workload.assume(place) * (most - least);
}

/** The fewest and most known tokens for an image of a size, with the row of the most. */
export function knownFor(
  size: Images['size'],
  { imageTokens }: Pick<Tables, 'imageTokens'>,
): { least: number; most: number; mostOf: ImageTokenRow | null } {
  let [least, mostOf]: [number, ImageTokenRow | null] = [Number.POSITIVE_INFINITY, null];
  for (const row of imageTokens) {
    least = Math.min(least, row[size]);
    if (mostOf === null || row[size] > mostOf[size]) mostOf = row;
  }
  return mostOf === null ? { least: 0, most: 0, mostOf } : { least, most: mostOf[size], mostOf };
}

/** How `imageTokens` comes about. */
export function tracedImages(family: string, taskPart: TaskPart, context: ImageContext): Traced {
  const { images } = taskPart.tokens;
  return predicted(
    'image tokens beyond those in the input',
    imageTokens(family, taskPart, context),
    'tokens/request',
    'images x (tokens of the model for one - tokens the input has for one)',
    [
      given('images', images?.count ?? 0, 'images/request'),
      ...(images === null ? [] : [tracedEach(family, images, context)]),
      given('tokens the input has for one', images?.counted ?? 0, 'tokens/image'),
    ],
  );
}

function tracedEach(family: string, images: Images, context: ImageContext): Traced {
  const { tables, workload } = context;
  const row = tables.imageTokensOf.get(family);
  const label = 'tokens of one image';
  if (row !== undefined) return given(label, row[images.size], 'tokens/image', { table: 'imageTokens', row: row.row });
  if (!isUnpublished(family, tables)) return given(label, images.counted, 'tokens/image');
  const { least, most, mostOf } = knownFor(images.size, tables);
  return predicted(
    `${label}, which nobody published`,
    unpublished(images, context),
    'tokens/image',
    'fewest of any model that is known + place in the range x (most - fewest)',
    [
      given('fewest of any model that is known', least, 'tokens/image'),
      given(
        'most of any model that is known',
        most,
        'tokens/image',
        ...(mostOf === null ? [] : [{ table: 'imageTokens' as const, row: mostOf.row }]),
      ),
      parameter('place in that range', place, { workload, tables }),
    ],
  );
}
