/** What can be written, in the order of use; `all` is each of them that the plan has something for. */
export const targetNames = [
  'vllm',
  'litellm',
  'compose',
  'kubernetes',
  'adr',
  'skypilot',
  'ollama',
  'production-stack',
  'kserve',
  'envoy',
  'portkey',
  'focus',
] as const;
export type TargetName = (typeof targetNames)[number];
