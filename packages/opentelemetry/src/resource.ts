/** The resource attributes: who sends. */
import { pairsOf } from './environment-pairs.js';
import { invalidOption } from './errors.js';
import type { Environment, OtlpOptions } from './options.js';

/** What an application knows of itself. */
export interface ApplicationNames {
  readonly name?: string | undefined;
  /** `unknown` counts as absent. */
  readonly version?: string | undefined;
}

/** The options, and where what they leave out is taken from. */
export interface ResourceSources {
  readonly application?: ApplicationNames | undefined;
  readonly environment?: Environment | undefined;
}

/**
 * Returns the resource attributes. For each attribute, the options win over the OTEL variables, these over Datadog's, and these over the names of the
 * application.
 * @throws TSK_ERR_OPENTELEMETRY_OPTION
 */
export function resourceAttributes(
  options: Pick<OtlpOptions, 'service' | 'env' | 'version' | 'resource'>,
  { application = {}, environment = process.env }: ResourceSources = {},
): Readonly<Record<string, string>> {
  const { service, env, version, resource = {} } = options;
  checkTexts({ service, env, version }, resource);
  const given = pairsOf(environment['OTEL_RESOURCE_ATTRIBUTES']);
  const own = application.version === 'unknown' ? undefined : application.version;
  const names = {
    'service.name': first(
      service,
      resource['service.name'],
      environment['OTEL_SERVICE_NAME'],
      given['service.name'],
      environment['DD_SERVICE'],
      application.name,
      'unknown_service:node',
    ),
    'service.version': first(version, resource['service.version'], given['service.version'], environment['DD_VERSION'], own),
    'deployment.environment.name': first(
      env,
      resource['deployment.environment.name'],
      given['deployment.environment.name'],
      environment['DD_ENV'],
    ),
  };
  const known = Object.entries(names).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return { ...given, ...resource, ...Object.fromEntries(known) };
}

/** Returns the first alternative that is not empty. */
function first(...alternatives: readonly (string | undefined)[]): string | undefined {
  return alternatives.find((each) => each !== undefined && each !== '');
}

function checkTexts(names: Readonly<Record<string, unknown>>, resource: unknown): void {
  for (const [key, value] of Object.entries(names))
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      throw invalidOption(key, value, 'a text that is not empty, or leave it out');
  const isRecord = typeof resource === 'object' && resource !== null && !Array.isArray(resource);
  if (!isRecord || !Object.values(resource).every((value) => typeof value === 'string'))
    throw invalidOption('resource', resource, 'an object of texts, such as { "host.name": "web-1" }');
}
