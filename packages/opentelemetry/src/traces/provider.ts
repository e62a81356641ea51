/** Where spans are made: by a provider of ours, or by the one that the process has. */
import { ProxyTracerProvider, type Tracer, trace } from '@opentelemetry/api';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { type Sampler, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { ownVersion } from '../own-version.js';

const SCOPE = '@tsukimi/opentelemetry';

/** The provider of ours that is registered in the process. */
let registered: TracerProvider | undefined;

/**
 * Returns the tracer of a provider that the program has registered with OpenTelemetry's API, such as that of `NodeSDK`. Spans are then sampled and
 * exported as that one is configured. Undefined if there is none.
 */
export function foreignTracer(): Tracer | undefined {
  if (registered !== undefined) return undefined;
  const provider = trace.getTracerProvider();
  const isForeign = !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(SCOPE) !== undefined;
  return isForeign ? provider.getTracer(SCOPE, ownVersion) : undefined;
}

interface OwnProviderOptions {
  readonly resource: Readonly<Record<string, string>>;
  readonly sampler: Sampler;
  readonly processor: SpanProcessor;
}

/** A provider of ours. The first one of a process is registered, so that spans of other instrumentations and of the user's own code join the traces. */
export class OwnProvider {
  readonly tracer: Tracer;
  readonly #provider: TracerProvider;

  constructor({ resource, sampler, processor }: OwnProviderOptions) {
    this.#provider = new TracerProvider({
      // With the attributes about the SDK, which receivers expect.
      resource: defaultResource().merge(resourceFromAttributes(resource)),
      sampler,
      spanProcessors: [processor],
    });
    this.tracer = this.#provider.getTracer(SCOPE, ownVersion);
    if (registered === undefined && trace.setGlobalTracerProvider(this.#provider)) registered = this.#provider;
  }

  close(): void {
    if (registered !== this.#provider) return;
    registered = undefined;
    trace.disable();
  }
}
