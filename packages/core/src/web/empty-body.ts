/** Takes a JSON request without a body for one that has none, where the method of its route does not ask for it. */
import type { FastifyInstance, FastifyRequest } from 'fastify';

const TAKES_NONE = Symbol('tsukimi.takes-no-body');

/** What is added to the `config` of a route whose method takes no body, or one that may be missing. */
export const CONFIG_WITHOUT_BODY = { [TAKES_NONE]: true };

/**
 * Has the routes of a scope answer `content-type: application/json` with an empty body, as many clients send it with every request.
 *
 * Everything else is Fastify's own parser. One of the application's own, or none at all, is left as it is.
 */
export function acceptEmptyJson(scope: FastifyInstance): void {
  if (!scope.hasContentTypeParser('application/json')) return;
  const { onProtoPoisoning = 'error', onConstructorPoisoning = 'error' } = scope.initialConfig;
  const parse = scope.getDefaultJsonParser(onProtoPoisoning, onConstructorPoisoning);
  try {
    scope.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
      if (body === '' && takesNone(request)) done(null, undefined);
      else parse(request, body, done);
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_ALREADY_PRESENT')) throw error;
  }
}

function takesNone(request: FastifyRequest): boolean {
  return TAKES_NONE in request.routeOptions.config;
}
