/** What somebody measured of a model on a kind of card: what it serves over what is predicted. */
export type Measured = { model: string; accelerator: string; ofPredicted: number };

/** Rates over those predicted, by names of model and card; null: nobody measured them. */
export const measuredOf = (measured: readonly Measured[], family: string, card: string): number | null =>
  measured.find(({ model, accelerator }) => model === family && accelerator === card)?.ofPredicted ?? null;

/** Where the scenario says it. */
export const measuredPath = (index: number): string => `measured.${index}.ofPredicted`;
