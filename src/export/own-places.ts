import type { Context } from '../places/placement.js';
import type { Kind } from '../tables/rows.js';
import { nameAt, replaceMe } from './names.js';
import { copiesOf, engineArguments, type Place, type Server } from './places.js';

/** Kinds of which the team starts the engine itself. */
export const startedByTeam: ReadonlySet<Kind> = new Set(['self-hosted-cloud', 'on-prem']);

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
        copies: copiesOf(server),
      });
    }
  }
  return { own, left };
}

/** Names of the copies on a machine; the only one has that of the place. */
export const copyNames = ({ place, server }: OwnPlace): string[] =>
  server.copiesPerMachine === 1
    ? [place.name]
    : Array.from({ length: server.copiesPerMachine }, (_, copy) => `${place.name}-${copy + 1}`);

/** Placeholders that stand in a place. */
export const placeholdersIn = ({ image, args }: OwnPlace): string[] =>
  [image, ...args].filter((word) => word.startsWith(replaceMe));
