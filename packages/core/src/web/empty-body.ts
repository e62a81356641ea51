/** Accepts an empty JSON body on routes whose method does not require a body. */
import type { FastifyInstance, FastifyRequest } from 'fastify';

const TAKES_NONE = Symbol('tsukimi.takes-no-body');

/** Added to the `config` of a route whose method takes no body or an optional one. */
export const CONFIG_WITHOUT_BODY = { [TAKES_NONE]: true };

/**
 * Lets the routes of a scope accept `content-type: application/json` with an empty body, because many clients send that header with every request.
 *
 * Other bodies go to Fastify's own parser. If the application has replaced or removed that parser, nothing is changed.
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
