/** The routes of the page: its files, and its API. */
import type { EndpointPlace, EndpointRoute, MetricsEndpoint } from '@tsukimi/instrumentation';
import type { Asset } from '../assets.js';
import { sendAsset, withHeaders } from './answers.js';

const PATH = '/ui';

type Request = Parameters<EndpointRoute['handle']>[0];
type Reply = Parameters<EndpointRoute['handle']>[1];

/** A request to the page. */
export interface PageCall {
  readonly request: Request;
  readonly reply: Reply;
  readonly place: EndpointPlace;
}

/** @param api answers what is below `api/` */
export function pageEndpoint(
  readAssets: () => ReadonlyMap<string, Asset>,
  api: (name: string, call: PageCall) => unknown,
): MetricsEndpoint {
  let assets: ReadonlyMap<string, Asset> | undefined;
  const file = (path: string, { request, reply }: PageCall): unknown => {
    if (assets === undefined || assets.size === 0) assets = readAssets();
    const asset = assets.get(path);
    if (asset !== undefined) return sendAsset(request, reply, asset);
    if (path !== 'index.html') return reply.callNotFound();
    return withHeaders(reply, 'no-store').code(503).type('text/plain; charset=utf-8').send('The page is not built. Run npm run build.\n');
  };
  const root = (call: PageCall): unknown => {
    const { request, reply, place } = call;
    const [path = '', query] = request.raw.url?.split('?') ?? [];
    // Of a server that ignores slashes at the end.
    if (path.endsWith('/')) return file('index.html', call);
    const last = place.path.slice(place.path.lastIndexOf('/') + 1);
    return withHeaders(reply, 'no-cache')
      .code(308)
      .header('location', `${last}/${query === undefined ? '' : `?${query}`}`)
      .send();
  };
  const below = (call: PageCall): unknown => {
    const path = restOf(call.request);
    if (path === '') return file('index.html', call);
    return path.startsWith('api/') ? api(path.slice('api/'.length), call) : file(path, call);
  };
  return {
    path: PATH,
    routes: [
      { path: '', isPage: true, handle: (request, reply, place) => root({ request, reply, place }) },
      { path: '/*', isPage: (request) => restOf(request) === '', handle: (request, reply, place) => below({ request, reply, place }) },
    ],
  };
}

/** Parsed here, because the application may have replaced Fastify's parser. */
export function queryOf({ raw }: Request): URLSearchParams {
  return new URLSearchParams(raw.url?.split('?')[1]);
}

/** The path of the metrics, with prefixes. */
export function metricsPathOf({ path }: EndpointPlace): string {
  return path.slice(0, -PATH.length);
}

/** The path below the page's own. */
function restOf({ params }: Request): string {
  return (params as { readonly '*'?: string })['*'] ?? '';
}
