/** USD of an error by cause. They add up to it. */
export type Causes = { volume: number; mix: number; price: number };

/**
 * What each cause adds to the bill, taken out in this order, so that the three add up to paid - predicted exactly:
 *
 *     volume = bill(actual requests, predicted shares and tokens) - bill(predicted)
 *     mix    = bill(actual requests, shares and tokens) - bill(actual requests, predicted shares and tokens)
 *     price  = paid - bill(actual requests, shares and tokens)
 *
 * All bills are at the plan's prices. What two causes do together falls to the later one.
 */
export const causesOf = (bills: {
  predicted: number;
  atVolume: number;
  atVolumeAndMix: number;
  paid: number;
}): Causes => ({
  volume: bills.atVolume - bills.predicted,
  mix: bills.atVolumeAndMix - bills.atVolume,
  price: bills.paid - bills.atVolumeAndMix,
});

export const noCauses: Causes = { volume: 0, mix: 0, price: 0 };

export const addCauses = (one: Causes, other: Causes): Causes => ({
  volume: one.volume + other.volume,
  mix: one.mix + other.mix,
  price: one.price + other.price,
});
