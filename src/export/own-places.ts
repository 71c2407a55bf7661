import type { Context } from '../places/placement.js';
import { counted } from '../report/numbers.js';
import { kindNames } from '../tables/column.js';
import type { Kind } from '../tables/columns.js';
import {
  type ExportFile,
  engineArguments,
  headOf,
  modeRemark,
  nameAt,
  type Place,
  replaceMe,
  type Server,
  type Target,
  yamlDocuments,
} from './places.js';

/** Kinds of which the team starts the engine itself. */
const startedByTeam: ReadonlySet<Kind> = new Set(['self-hosted-cloud', 'on-prem']);

/** A place whose engine the team starts from an image. */
export type OwnPlace = {
  place: Place;
  server: Server;
  /** The pinned image, or a placeholder. */
  image: string;
  /** Arguments of the image: the weights, then flags with their values. */
  args: string[];
  port: number;
  copies: number;
};

/** Those of a plan; `left` says of the others why they are none. */
export function ownPlaces(
  places: readonly Place[],
  { tables }: Pick<Context, 'tables'>,
): { own: OwnPlace[]; left: string[] } {
  const own: OwnPlace[] = [];
  const left: string[] = [];
  for (const place of places) {
    const { option, server } = place;
    const values = engineArguments(place, { tables });
    if (server === null || !startedByTeam.has(option.kind)) left.push(`not in here: ${option.id}, which others run`);
    else if (values === null) left.push(`not in here: ${option.id}, which runs ${server.engine.row.engine}`);
    else {
      const engine = server.engine.row.engine;
      own.push({
        place,
        server,
        image:
          nameAt(tables, engine, 'image', server.accelerator.vendor) ??
          `${replaceMe}/${engine}-for-${server.accelerator.vendor}`,
        args: [server.checkpoint.id, ...values.flat()],
        port: Number(nameAt(tables, engine, 'port', 'http')),
        copies: server.machines * server.copiesPerMachine,
      });
    }
  }
  return { own, left };
}

/** Placeholders that stand in a place. */
export const placeholdersIn = ({ image, args }: OwnPlace): string[] =>
  [image, ...args].filter((word) => word.startsWith(replaceMe));

/** On what it runs, and how often. */
export function machineWords({ option }: Place, server: Server): string[] {
  const sites = option.fleet?.copies ?? 1;
  const { accelerator, copiesPerMachine, cardsPerCopy, machines } = server;
  const cards = `${copiesPerMachine * cardsPerCopy} x ${accelerator.accelerator}`;
  const count = machines === 0 ? 'workers that come and go' : counted(machines, 'machine');
  const copies = `${copiesPerMachine === 1 ? 'one copy' : `${copiesPerMachine} copies`} of the model on ${counted(cardsPerCopy, 'card')} each`;
  return [
    `${kindNames[option.kind]}, ${option.provider}${option.region === null ? '' : `, ${option.region}`}: ${count}${sites > 1 ? ` at ${sites} sites together` : ''} with ${cards}, ${copies}`,
    ...(startedByTeam.has(option.kind) ? [] : ['the provider starts the engine: give it these arguments']),
  ];
}

export const remarksOn = ({ checkpoint, scheme }: Server): string[] => [
  `weights: ${checkpoint.id}, ${scheme.scheme}`,
  ...(checkpoint.remark === null ? [] : [checkpoint.remark]),
];

/** The file of one place: documents, values to fill in other than placeholders, and notes. */
type PlaceFile = { values: readonly object[]; fill?: readonly string[]; notes?: readonly string[] };

/** A target with a YAML file for each place of the team's; null: the tool does not know its machine. */
export const placeTarget = (
  name: TargetName,
  title: string,
  fileOf: (own: OwnPlace, context: Context) => PlaceFile | null,
): Target => ({
  title,
  files(exported) {
    const { own, left } = ownPlaces(exported.places, exported.context);
    const files = own.flatMap((one): ExportFile[] => {
      const { place, server } = one;
      const file = fileOf(one, exported.context);
      if (file === null) return [];
      const head = [
        ...headOf(`${title} for ${place.option.id}`, exported, [...(file.fill ?? []), ...placeholdersIn(one)]),
        ...machineWords(place, server),
        ...(file.notes ?? []),
        ...remarksOn(server),
        ...modeRemark(place),
        ...left,
      ];
      return [{ path: `${place.name}.${name}.yaml`, text: yamlDocuments(head, file.values) }];
    });
    return files;
  },
});

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
