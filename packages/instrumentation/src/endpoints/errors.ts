/** Why the endpoints cannot be served: their path, their port, their allowlist. */
import { InstrumentationError, printed, type ReceivedValue } from '../errors.js';

export const invalidAddress = ({ key, value, source, mend }: ReceivedValue & { readonly mend: string }): InstrumentationError =>
  new InstrumentationError('TSK_ERR_ENDPOINT_ADDRESS', `${key}: ${printed(value)} is not an address or CIDR range (${source}). ${mend}`);

export const trustsEveryone = ({ key, value, source }: ReceivedValue): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_ADDRESS',
    `${key}: ${printed(value)} has every address (${source}). Name your proxies: if everyone were trusted, any client could write its own address.`,
  );

export const endpointTaken = (path: string, method: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_PATH_TAKEN',
    `${method} ${path} is a route of the application and the path of the metrics endpoint. Move one of them: metrics.path in application.yml sets the endpoint's.`,
  );

/** The port of the endpoints, and where it is set. */
export interface PortSetting {
  readonly port: number;
  /** `metrics.port or TSUKIMI_METRICS_PORT`, or the plugin's option. */
  readonly setBy: string;
}

type PortOnHost = PortSetting & { readonly host: string };

export const metricsPortInUse = ({ host, port, setBy }: PortOnHost, cause: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_WEB_PORT_IN_USE',
    `Port ${port} on ${host}, meant for the metrics, is in use by another program. Stop it (find it with: lsof -i :${port}), or set ${setBy} to another port.`,
    { cause },
  );

export const metricsPortForbidden = ({ host, port, setBy }: PortOnHost, cause: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_WEB_PORT_FORBIDDEN',
    `Port ${port} on ${host}, meant for the metrics, may not be used by this user. Set ${setBy} to a port from 1024 on.`,
    { cause },
  );

export const metricsPortShared = ({ port, setBy }: PortSetting): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_PORT_SHARED',
    `Port ${port} is the application's own, and was given for the metrics too. Set ${setBy} to another port, or to null: the metrics are then served on the application's.`,
  );

export const serverClosed = (): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_SERVER_CLOSED',
    'The server was closed while it was about to listen. Wait for listen() before close().',
  );

export const invalidPath = ({ key, value, source }: ReceivedValue): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_PATH',
    `${key}: ${printed(value)} is not a path (${source}). Write it with a slash in front and none at the end, of letters, digits and - . _ ~, such as /metrics.`,
  );
