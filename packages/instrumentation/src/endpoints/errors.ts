/** The errors of the endpoints: path, port, allowlist. */
import { InstrumentationError, printed, type ReceivedValue } from '../errors.js';

export const invalidAddress = ({ key, value, source, fix }: ReceivedValue & { readonly fix: string }): InstrumentationError =>
  new InstrumentationError('TSK_ERR_ENDPOINT_ADDRESS', `${key}: ${printed(value)} is not an address or CIDR range (${source}). ${fix}`);

export const trustsEveryone = ({ key, value, source }: ReceivedValue): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_ADDRESS',
    `${key}: ${printed(value)} has every address (${source}). Name your proxies: if everyone were trusted, any client could write its own address.`,
  );

export const endpointTaken = (path: string, method: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_PATH_TAKEN',
    `${method} ${path} is a route of the application and the path of the metrics endpoint. Move one of them: metrics.path in application.yml sets the path of the endpoint.`,
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
    `Port ${port} on ${host}, the port for the metrics, is in use by another program. Stop it (find it with: lsof -i :${port}), or set ${setBy} to another port.`,
    { cause },
  );

export const metricsPortForbidden = ({ host, port, setBy }: PortOnHost, cause: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_WEB_PORT_FORBIDDEN',
    `Port ${port} on ${host}, the port for the metrics, is not allowed for this user. Set ${setBy} to 1024 or higher.`,
    { cause },
  );

export const metricsPortShared = ({ port, setBy }: PortSetting): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_PORT_SHARED',
    `Port ${port} is the application's own port, but was also set for the metrics. Set ${setBy} to another port, or to null to serve the metrics on the application's port.`,
  );

export const serverClosed = (): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_SERVER_CLOSED',
    'The server was closed before it listened. Await listen() before you call close().',
  );

export const invalidPath = ({ key, value, source }: ReceivedValue): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_PATH',
    `${key}: ${printed(value)} is not a path (${source}). Begin it with a slash, do not end it with one, and use letters, digits and - . _ ~, such as /metrics.`,
  );

export const endpointPath = (path: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_PATH',
    `${printed(path)} can't be the path of an endpoint. Begin it with a slash, do not end it with one, and use letters, digits and - . _ ~, such as /hello.`,
  );

export const endpointTwice = (path: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_PATH_TAKEN',
    `${path} belongs to another endpoint of the registry. Add each endpoint once, with a path of its own that is not below another one's.`,
  );

export const endpointLate = (path: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_LATE',
    `The endpoint ${path} was added to a server that has started. Add it before the server listens: in an application, in the server step of an extension.`,
  );

/** Clients read both of these. */
export const forbiddenHost = (): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_HOST',
    'The host name of this request is not allowed here. Use localhost or an address, or add the name to metrics.allowed_hosts (option allowedHosts of httpInstrumentation).',
  );

export const forbiddenSite = (): InstrumentationError =>
  new InstrumentationError('TSK_ERR_ENDPOINT_SITE', 'Pages of other sites can not read this. Open it in the browser itself.');

export const invalidHost = ({ key, value, source }: ReceivedValue): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_HOST_NAME',
    `${key}: ${printed(value)} is not a host name (${source}). Write a name without port and protocol, such as metrics.example.com or *.example.com; * allows any.`,
  );

export const scopeName = (name: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_SCOPE',
    `${printed(name)} can't be the name of a scope. Use 1 to 50 lower-case letters, digits, - and _, beginning with a letter; "process" is this process itself.`,
  );

export const scopeTaken = (name: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_SCOPE',
    `The scope "${name}" was added to the registry before. Add it once, or give this one another name.`,
  );

export const scopeUnknown = (known: readonly string[]): InstrumentationError =>
  new InstrumentationError('TSK_ERR_ENDPOINT_SCOPE_UNKNOWN', `There is no scope of this name. Ask for one of: ${known.join(', ')}.`);

/** Clients read it, so it does not repeat the cause, which the log has. */
export const scopeFailed = (scope: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ENDPOINT_SCOPE_FAILED',
    `The metrics of the scope "${scope}" can't be read at the moment. The application's log says why; the metrics of this process are still there, without ?scope=${scope}.`,
  );
