import type { Context } from '../places/placement.js';
import { jsonText } from '../report/json.js';
import { nameAt } from './names.js';
import { type Place, requestedModel, routesOf } from './places.js';
import type { Target } from './target.js';

/** Answers that send a request on to the next target. */
const onStatusCodes = [429, 500, 502, 503, 504];

/** A configuration of the Portkey gateway: by task in a request's metadata to its place, then the second. */
export const portkey: Target = {
  title: 'Portkey gateway configuration',
  files(exported) {
    const { places, context } = exported;
    const routes = routesOf(places, context).filter(({ place }) => place.option.onDevices === null);
    if (routes.length === 0) return [];
    const targets = routes.map(({ name, place, fallback }) => {
      if (fallback === null) return { name, ...targetOf(place, context) };
      const chain = [targetOf(place, context), targetOf(fallback.place, context)];
      return { name, strategy: { mode: 'fallback', on_status_codes: onStatusCodes }, targets: chain };
    });
    const conditions = routes.map(({ name }) =>
      Object.fromEntries([
        ['query', { 'metadata.task': { $eq: name } }],
        ['then', name],
      ]),
    );
    // JSON has no comments, so it has no source line; its virtual keys are to be filled in.
    return [{ path: 'portkey.json', text: jsonText({ strategy: { mode: 'conditional', conditions }, targets }) }];
  },
};

function targetOf(place: Place, { tables }: Context) {
  const { option, server, name } = place;
  const provider = server === null ? nameAt(tables, 'portkey', 'provider', option.provider) : null;
  return {
    // For an own server or unknown provider the virtual key holds the address.
    provider: provider ?? 'openai',
    virtual_key: server === null ? option.provider : name,
    override_params: { model: server === null ? requestedModel(place, { tables }) : name },
    retry: { attempts: 2 },
  };
}
