/** Assumptions that answers of `capacity` depend on. */
export const capacityParameters: readonly string[] = [
  ...[
    'activationFactor',
    'runtimeGbPerGpu',
    'memoryError',
    'firstTokenMeasuredUpTo',
    'firstTokenWidening',
    'pagedKvOverhead',
    'tiedEmbeddingUpToB',
    'slowSchemeFactor',
  ],
  ...['publishedBatchSpread', 'publishedFormulaWeight', 'publishedLargestError'],
  ...['inputLengthSpread', 'outputLengthSpread', 'highestLoad', 'spareReplicas', 'spareShare'],
  ...['ownMeasurementPriorSd', 'ownMeasurementScatter', 'ownMeasurementDegrees'],
];
