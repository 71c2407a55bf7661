/** Joules a token costs a device: parameters (billions) x joules per token and billion (MobileLLM, arXiv 2402.14905: 0.1). */
export const deviceJoulesPerToken = (parametersBillion: number, joulesPerTokenPerBillion: number): number =>
  parametersBillion * joulesPerTokenPerBillion;

/** Share of a battery that some tokens take. */
export const batteryShare = (joulesPerToken: number, tokens: number, batteryJoules: number): number =>
  (joulesPerToken * tokens) / batteryJoules;

/** Tokens a full battery writes. */
export const tokensPerBattery = (joulesPerToken: number, batteryJoules: number): number =>
  batteryJoules / joulesPerToken;
