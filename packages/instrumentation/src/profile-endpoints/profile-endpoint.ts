/** `/metrics/profile/cpu` and `/metrics/profile/heap`: profiles for the clients that can read the metrics. */
import type { IncomingMessage } from 'node:http';
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EndpointPlace, MetricsEndpoint } from '../endpoints/added-endpoints.js';
import { acceptsHtml } from '../endpoints/negotiation.js';
import { InstrumentationError } from '../errors.js';
import type { CpuProfile, HeapProfile } from '../profile/component-profile.js';
import { takeCpuProfile } from '../profile/cpu-profile.js';
import { profileStopped } from '../profile/errors.js';
import { takeHeapProfile } from '../profile/heap-profile.js';
import { keptSampling } from '../profile/heap-sampling.js';
import { runningProfile } from '../profile/turns.js';
import { type AskedProfile, askedProfile, type FileFormat } from './asked-profile.js';
import { refusalOf, type Switch } from './availability.js';
import { profileView } from './profile-view.js';

export interface ProfileEndpointOptions {
  readonly registry: MetricsRegistry;
  readonly enabled: Switch;
  /** The name of the setting, for errors. */
  readonly setBy: string;
}

type Profile = CpuProfile | HeapProfile;

/** Profiles at `/profile` below the path of the metrics. */
export function profileEndpoint({ registry, enabled, setBy }: ProfileEndpointOptions): MetricsEndpoint {
  const route = (path: string, answer: (request: FastifyRequest, reply: FastifyReply, place: EndpointPlace) => Promise<unknown>) => ({
    path,
    handle: async (request: FastifyRequest, reply: FastifyReply, place: EndpointPlace) => {
      reply.header('cache-control', 'no-store');
      try {
        return await answer(request, reply, place);
      } catch (error) {
        if (error instanceof InstrumentationError && error.code in STATUSES) return refuse(reply, error);
        throw error;
      }
    },
  });
  const profile = (kind: 'cpu' | 'heap') =>
    route(`/${kind}`, async (request, reply, { closing, client = 'a client' }) => {
      const refusal = refusalOf(request, enabled, setBy);
      if (refusal !== undefined) throw refusal;
      const asked = askedProfile(request.raw, kind);
      // A client that only asks for the head waits for no profile.
      if (request.method === 'HEAD') return await reply.type(TYPES[asked.format]).send('');
      const taken = await whileConnected(reply, closing, (signal) => take(kind, registry, { asked, signal, client }));
      return taken === undefined ? reply.hijack() : await send(reply, taken, asked);
    });
  const state = route('', async (request, reply) => {
    const refusal = refusalOf(request, enabled, setBy);
    return json(reply, {
      enabled: refusal === undefined,
      ...(refusal !== undefined && { reason: refusal.message }),
      heap_since_start: keptSampling() !== undefined,
      running: runningProfile() ?? null,
    });
  });
  return { path: '/profile', routes: [state, profile('cpu'), profile('heap')] };
}

/** The status of each error that a client can get. */
const STATUSES: Readonly<Record<string, number>> = {
  TSK_ERR_PROFILE_OPTION: 400,
  TSK_ERR_PROFILE_DISABLED: 403,
  TSK_ERR_PROFILE_BUSY: 409,
  TSK_ERR_PROFILE_DEBUGGER: 409,
  TSK_ERR_PROFILE_HEAP_TAKEN: 409,
  TSK_ERR_PROFILE_UNAVAILABLE: 501,
  TSK_ERR_PROFILE_STOPPED: 503,
};

interface Taking {
  readonly asked: AskedProfile;
  readonly signal: AbortSignal;
  readonly client: string;
}

function take(kind: 'cpu' | 'heap', registry: MetricsRegistry, { asked, signal, client }: Taking): Promise<Profile> {
  const { seconds } = asked;
  const request = { signal, requestedBy: client };
  if (kind === 'cpu') return takeCpuProfile(registry, { ...request, seconds: seconds.asked ?? seconds.otherwise });
  const sinceStart = keptSampling() !== undefined;
  return takeHeapProfile(registry, { ...request, seconds: seconds.asked ?? (sinceStart ? 'start' : seconds.otherwise) });
}

/** Gives up the work when the client goes away, or the server begins to close. @returns undefined if the client is gone */
async function whileConnected<T>(
  { raw }: FastifyReply,
  closing: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const given = new AbortController();
  const leave = () => given.abort(new Error('The client went away.'));
  const close = () => given.abort(profileStopped());
  raw.once('close', leave);
  if (closing.aborted) close();
  else closing.addEventListener('abort', close, { once: true });
  try {
    return await work(given.signal);
  } catch (error) {
    if (raw.destroyed) return undefined;
    throw error;
  } finally {
    raw.off('close', leave);
    closing.removeEventListener('abort', close);
  }
}

const TYPES: Readonly<Record<FileFormat | 'json', string>> = {
  json: 'application/json; charset=utf-8',
  pprof: 'application/octet-stream',
  cpuprofile: 'application/json; charset=utf-8',
  heapprofile: 'application/json; charset=utf-8',
};

async function send(reply: FastifyReply, profile: Profile, { format, files }: AskedProfile): Promise<unknown> {
  if (format !== 'json') {
    reply.type(TYPES[format]).header('content-disposition', `attachment; filename="${fileName(profile, format)}"`);
    return await contentOf(profile, format);
  }
  const view = profileView(profile);
  if (files.length === 0) return json(reply, view);
  const contents = files.map(async (file) => ({
    name: fileName(profile, file),
    content_base64: Buffer.from(await contentOf(profile, file)).toString('base64'),
  }));
  return json(reply, { ...view, files: await Promise.all(contents) });
}

async function contentOf(profile: Profile, format: FileFormat): Promise<Buffer | string> {
  return format === 'pprof' ? await profile.pprof() : profile.devtools();
}

/** `cpu-20260101T120000Z.cpuprofile`; pprof's files are compressed. */
function fileName({ kind, startedAt }: Profile, format: FileFormat): string {
  const time = startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${kind}-${time}.${format === 'pprof' ? 'pb.gz' : format}`;
}

function refuse(reply: FastifyReply, { code, message }: InstrumentationError): string {
  return json(reply.code(STATUSES[code] ?? 500), { error: code, message });
}

/** Browsers show text unchanged, so for them it is indented. */
function json(reply: FastifyReply, view: object): string {
  reply.type(TYPES.json);
  return JSON.stringify(view, null, acceptsHtml(reply.request.raw as IncomingMessage) ? 2 : undefined);
}
