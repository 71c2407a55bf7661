import { optionsOf } from '../decide/plan.js';
import { markdownText } from '../report/assess.js';
import { kserve, kubernetes, productionStack } from './clusters.js';
import { envoy, portkey } from './gateways.js';
import { litellm } from './litellm.js';
import type { TargetName } from './own-places.js';
import { type Exported, type ExportFile, headOf, placesOf, type Target } from './places.js';
import { adr, focus } from './records.js';
import { compose, ollama, skypilot, vllm } from './servers.js';

/** Every target. A new one is a file, a line here and its name in `target-names.ts`. */
const targets: Readonly<Record<TargetName, Target>> = {
  vllm,
  litellm,
  compose,
  kubernetes,
  adr,
  skypilot,
  ollama,
  'production-stack': productionStack,
  kserve,
  envoy,
  portkey,
  focus,
};

/** What is to be written, without the places, which follow from it. */
export type ToExport = Omit<Exported, 'places'>;

/** The files of a target, or of all; null: nothing in the plan for it. Pure: output is reproducible. */
export function exportPlan(name: TargetName | 'all', wanted: ToExport): ExportFile[] | null {
  const exported: Exported = { ...wanted, places: placesOf(wanted.plan, wanted.context) };
  const asked = name === 'all' ? Object.values(targets) : [targets[name]];
  const written = asked.flatMap((target) => target.files(exported).map((file) => ({ target, file })));
  const files = written.map(({ file }) => file);
  if (name === 'all') return [readme(exported, written), ...files];
  return files.length === 0 ? null : files;
}

/** What the folder holds. */
function readme(exported: Exported, written: readonly { target: Target; file: ExportFile }[]): ExportFile {
  const [title = '', ...origin] = headOf('Deployment', exported, []);
  const rows = written.map(({ target, file }) => `- \`${file.path}\`: ${target.title}`);
  const text = [
    `# ${markdownText(title)}`,
    '',
    ...origin.map((line) => `- ${markdownText(line)}`),
    '',
    ...rows,
    '',
  ].join('\n');
  return { path: 'README.md', text };
}

/** What a plan has, in the message for a target without files. */
export const optionsIn = ({ plan }: Pick<Exported, 'plan'>): string =>
  [...new Set(plan.deployments.flatMap(optionsOf).map(({ id }) => id))].join(', ');
