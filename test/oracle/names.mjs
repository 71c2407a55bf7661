/** Names of the tables that random scenarios draw from. They stand here, so that a change of the tables moves no scenario. */

/** Presets of tasks, with their usual tokens. */
export const types = {
  classification: [500, 10],
  'code-agent': [120_000, 520],
  'code-chat': [3000, 700],
  'code-completion': [2000, 28],
  'complex-reasoning': [800, 620],
  'creative-writing': [500, 900],
  'document-analysis-long-context': [100_000, 800],
  'email-drafting': [500, 250],
  extraction: [1500, 250],
  'faq-chat': [1150, 260],
  'function-calling': [2500, 80],
  'math-tutoring': [600, 1500],
  'moderation-filter': [300, 5],
  'ocr-and-image-questions': [1500, 250],
  'office-work-agent': [60_000, 1500],
  'personal-data-redaction': [1000, 1000],
  'rag-answering': [4000, 300],
  summarization: [3000, 200],
  'support-agent-tools': [4500, 150],
  'synthetic-data-labelling': [800, 400],
  'text-autocomplete': [200, 15],
  'text-to-sql': [3000, 250],
  translation: [600, 650],
  'voice-assistant': [900, 70],
};
/** Those that a model on a device may serve. */
export const smallTypes = ['classification', 'text-autocomplete', 'moderation-filter', 'faq-chat', 'email-drafting'];

export const profiles = [
  ...['batch-nightly', 'business-hours', 'consumer-chat', 'enterprise-api', 'flat', 'follow-the-sun', 'spiky'],
];

/** Yardsticks of what a model must be capable of, from the least to the most. */
export const yardsticks = [
  ...['gpt-3.5-turbo', 'llama-3.1-8b', 'gpt-4o-mini', 'gpt-4o', 'claude-3-5-sonnet', 'claude-sonnet-4-5'],
  ...['gemini-2.5-pro+thinking', 'claude-sonnet-5', 'claude-opus-5', 'claude-opus-5+thinking'],
];
export const openModels = ['llama-3.1-8b', 'qwen3-8b', 'qwen3.6-35b-a3b', 'gemma-4-e4b', 'gpt-oss-20b', 'qwen3.5-2b'];

export const cards = ['a10g-24gb', 'l4-24gb', 'l40s-48gb', 'a100-sxm-80gb', 'h100-sxm-80gb', 't4-16gb'];
/** What people own. */
export const ownable = [
  ...['apple-m3-max-64gb', 'rtx-4090-24gb', 'rtx-3090-24gb', 'apple-m4-pro-48gb', 'l40s-48gb', 'a100-sxm-80gb'],
  ...['dgx-spark-128gb', 'h100-sxm-80gb', 'jetson-agx-orin-64gb', 'rtx-5090-32gb'],
];
export const devices = [
  ...['apple-a17-pro-8gb', 'snapdragon-8-gen-3-12gb', 'apple-m1-16gb', 'apple-m2-pro-32gb', 'rtx-4070-12gb'],
];

export const placementKinds = [
  ...['cloud-api', 'open-model-api', 'managed-hosting', 'serverless-gpu', 'self-hosted-cloud', 'on-prem', 'edge'],
];
export const shapes = [
  ...['single', 'tiered-routing', 'cascade', 'overflow', 'sensitivity-split', 'edge-fallback', 'failover'],
  ...['rag-fine-tuned', 'dev-prod-split', 'mixed'],
];
export const optionIds = [
  'cloud-api/anthropic/claude-sonnet-5',
  'cloud-api/azure/gpt-5-mini',
  'cloud-api/google/gemini-2.5-pro',
  'open-model-api/deepinfra/deepseek-ai/DeepSeek-V4-Flash',
  'open-model-api/groq/meta-llama/llama-4-scout-17b-16e-instruct',
  'self-hosted-cloud/gcp/qwen3.5-2b@int4-awq/g2-standard-4/us-central1/reserved-1y',
  'serverless-gpu/modal/qwen3.5-2b@int8-w8a8/functions-t4-16gb',
  'managed-hosting/huggingface/qwen3.5-2b@int8-w8a8/inference-endpoints-aws-nvidia-t4-x1',
  'on-prem/own-room/qwen3.5-4b@fp8/1xrtx-3080-10gb/us/bought',
];

/** What each regime goes with, and what lets most places through it. */
export const regimes = {
  gdpr: { kinds: ['personal'], signed: ['dpa'], canSign: ['scc', 'transfer-tool'], declared: ['dpia', 'art9-ground'] },
  'uk-gdpr': { kinds: ['personal'], signed: ['dpa'], canSign: ['idta'], declared: ['dpia'] },
  hipaa: { kinds: ['phi'], signed: ['baa'], canSign: ['baa:aws-bedrock'], declared: ['risk-accepted'] },
  'pci-dss': { kinds: ['cardholder-data'], signed: ['dpa'], canSign: ['scc'], declared: ['pan-tokenised'] },
  soc2: { kinds: ['customer-data'], signed: ['confidentiality'], canSign: ['dpa'], declared: ['risk-accepted'] },
  glba: { kinds: ['financial-us'], signed: ['glba'], canSign: ['glba'], declared: ['risk-accepted'] },
  ferpa: { kinds: ['education-record'], signed: ['ferpa'], canSign: ['ferpa'], declared: ['risk-accepted'] },
  dora: { kinds: ['financial-eu'], signed: ['dora', 'dpa'], canSign: ['dora'], declared: ['dpia'] },
  'us-state-privacy': { kinds: ['personal'], signed: ['ccpa'], canSign: ['ccpa'], declared: ['dpia'] },
  'legal-privilege': {
    kinds: ['client-confidential'],
    signed: ['confidentiality'],
    canSign: ['confidentiality'],
    declared: ['risk-accepted'],
  },
  'schrems-ii': { kinds: ['personal-eea'], signed: ['scc'], canSign: ['scc'], declared: ['tia'] },
  'eu-ai-act': { kinds: ['personal'], signed: ['dpa'], canSign: ['scc'], declared: ['dpia'] },
};
export const regions = ['eu', 'us', 'eea', 'uk', 'ca', 'US'];

/** Prices of one's own: what the newest tables have under these names. */
export const tokenRates = [
  ['anthropic', 'claude-sonnet-5', 3, 15],
  ['anthropic', 'claude-haiku-4-5', 1, 5],
  ['azure', 'gpt-5-mini', 0.25, 2],
  ['deepinfra', 'deepseek-ai/DeepSeek-V4-Flash', 0.1, 0.3],
];
/** Of these the list price steps up with the size of the prompt. */
export const steppedRates = [
  ['google', 'gemini-2.5-pro', 1.25, 10],
  ['anthropic', 'claude-sonnet-4-5', 3, 15],
  ['alibaba', 'qwen3.6-plus', 0.5, 3],
];
export const rented = [
  ['gcp', 'g2-standard-4', 'us-central1', 'l4-24gb', 0.7],
  ['aws', 'g6.xlarge', 'us-east-1', 'l4-24gb', 0.8],
  ['aws', 'g6e.xlarge', 'us-east-1', 'l40s-48gb', 1.86],
  ['azure', 'Standard_NC24ads_A100_v4', 'westeurope', 'a100-pcie-80gb', 3.6],
  ['hyperstack', '1x l40-48gb', 'global', 'l40-48gb', 1],
  ['gcp', 'a3-highgpu-1g', 'europe-west4', 'h100-sxm-80gb', 10],
];
export const providers = ['openai', 'anthropic', 'azure', 'deepinfra', 'gcp', 'aws', 'runpod', 'modal', 'together'];

/** Parameters that scenarios may set, each with a low and a high value. */
export const assumptions = {
  turnsPerConversation: [1, 4],
  priceDeclinePerYear: [0, 0.5],
  growthPerMonth: [0, 0.04],
  horizonMonths: [12, 36],
  retryRate: [0, 0.05],
  reasoningEffort: [0.3, 1],
  promptCacheLifeS: [300, 3600],
  ownPrefixCacheHit: [0.4, 0.9],
  inHourFactor: [1.3, 3],
  highestLoad: [0.5, 0.85],
  minReplicas: [1, 2],
  spareReplicas: [0, 2],
  activationGbPerGpu: [0.5, 2],
  apiTtftP95OverP50: [2, 4],
  tieBand: [0, 0.1],
  maxDeployments: [1, 4],
  interactiveTokensPerS: [5, 20],
  spotInterruptionsPerDay: [0.01, 0.2],
  scalingLagMinutes: [4, 40],
  semanticCacheHitRate: [0, 0.3],
  historyKeptShare: [0.3, 0.8],
  historySentShare: [0.3, 1],
  easyShare: [0.3, 0.8],
  distilledIndexGain: [3, 15],
  distillationUsd: [1000, 20_000],
  speculativeAcceptance: [0.5, 0.9],
  costOfCapital: [0.06, 0.14],
  defaultLoadedFte: [80_000, 250_000],
  edgeDeviceCostShare: [0, 0.5],
  mdmCost: [0, 4],
  fteCloudApi: [0.02, 0.3],
  fteSelfHostedCloudSmall: [0.15, 1],
  fteServerlessGpu: [0.1, 0.6],
  setupEffortSelfHostedCloud: [3, 16],
  hoursPerMonth: [720, 744],
  electricityUs: [0.08, 0.2],
  pue: [1.2, 1.8],
  residualValueAfter3y: [0.2, 0.5],
  criteriaLargeVolume: [5, 20],
};
/** Those of which there is no part. */
export const counts = new Set(['horizonMonths', 'minReplicas', 'spareReplicas', 'maxDeployments', 'promptCacheLifeS']);
