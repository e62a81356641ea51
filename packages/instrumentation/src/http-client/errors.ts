/** The errors of measuring outgoing requests. */
import { InstrumentationError, printed, type ReceivedValue } from '../errors.js';

export const invalidHost = ({ key, value, source }: ReceivedValue): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_HTTP_CLIENT_HOST',
    `${key}: ${printed(value)} does not name a host (${source}). Write the host without scheme, path and user, with * for any part of it and with a port if only that one is meant: api.example.com, *.example.com, localhost:8080, [::1].`,
  );

export const unknownNaming = (naming: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_HTTP_CLIENT_NAMING',
    `naming: ${printed(naming)} is no naming of metrics (measureHttpClient options). Write 'tsukimi', 'otel' or 'both'.`,
  );

export const alreadyMeasured = (): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_HTTP_CLIENT_MEASURED',
    'The outgoing requests of the process are already measured in this registry, and would be counted twice. Call measureHttpClient once for a registry, or not at all where instrumentation.http_client.enabled is true; or stop the first measurement before.',
  );
