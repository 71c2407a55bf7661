/** USD of an own part that is fixed and an API that takes a share of the load: own + share x API bill of all of it. */
export const splitUsd = (ownFixedUsd: number, apiUsdForAll: number, apiShare: number): number =>
  ownFixedUsd + apiShare * apiUsdForAll;

/** A router: share of hard requests, and how often it takes hard ones (true positive) and easy ones (false positive) for hard. */
export type Router = { hardShare: number; truePositive: number; falsePositive: number };

/** Share of requests that go to the large model: h x TPR + (1 - h) x FPR. */
export const routedShare = ({ hardShare, truePositive, falsePositive }: Router): number =>
  hardShare * truePositive + (1 - hardShare) * falsePositive;

/** USD per request, or any other sum, of a router: router + share x large + (1 - share) x small. */
export const routedUsd = (routerUsd: number, largeUsd: number, smallUsd: number, largeShare: number): number =>
  routerUsd + largeShare * largeUsd + (1 - largeShare) * smallUsd;

/** Quality of a router's answers, from those of either model on hard and on easy requests. */
export const routedQuality = (
  { hardShare, truePositive, falsePositive }: Router,
  large: { hard: number; easy: number },
  small: { hard: number; easy: number },
): number =>
  hardShare * (truePositive * large.hard + (1 - truePositive) * small.hard) +
  (1 - hardShare) * (falsePositive * large.easy + (1 - falsePositive) * small.easy);

/** A cascade: how often the small model is right, and how often the check accepts right and wrong answers. */
export type Cascade = { smallRight: number; acceptsRight: number; acceptsWrong: number };

/** Share of requests the small model's answer is kept for: p r + (1 - p) w. */
export const keptShare = ({ smallRight, acceptsRight, acceptsWrong }: Cascade): number =>
  smallRight * acceptsRight + (1 - smallRight) * acceptsWrong;

/** USD per request of a cascade: small + check + (1 - kept) x large. */
export const cascadeUsd = (cascade: Cascade, smallUsd: number, checkUsd: number, largeUsd: number): number =>
  smallUsd + checkUsd + (1 - keptShare(cascade)) * largeUsd;

/** Quality of a cascade; `largeOnRefused` is the large model's on what the check refused, lower than its average. */
export const cascadeQuality = (cascade: Cascade, largeOnRefused: number): number =>
  cascade.smallRight * cascade.acceptsRight + (1 - keptShare(cascade)) * largeOnRefused;

/** How many times cheaper a split is than the large model for all: p_L / (s p_L + (1 - s) p_S). */
export const savingFactor = (largeUsd: number, smallUsd: number, largeShare: number): number =>
  largeUsd / routedUsd(0, largeUsd, smallUsd, largeShare);
