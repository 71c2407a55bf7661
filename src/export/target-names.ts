/** Export targets in order of use; `all`: each that the plan has something for. */
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
