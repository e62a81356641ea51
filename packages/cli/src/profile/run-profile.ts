/** Implements `tsukimi profile`: takes a profile, prints its table, and saves its file. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { remoteAddress, shownAddress } from '@tsukimi/metrics';
import type { CommandContext } from '../command-context.js';
import { completeAddress } from '../complete-address.js';
import { printable } from '../printable.js';
import { fileRefused, invalidAddress, noProfile, notFound, profileRefused, unreachable } from './errors.js';
import { type ProfileReport, tableOf } from './table.js';

export type Kind = 'cpu' | 'heap';

/** The options, as parsed by commander. */
export interface ProfileOptions {
  readonly seconds?: number;
  readonly format: 'devtools' | 'pprof';
  readonly output?: string;
  readonly limit: number;
}

interface ProfileRequest extends ProfileOptions {
  readonly kind: Kind;
  readonly url: string;
}

/** @throws TSK_ERR_REMOTE_URL, TSK_ERR_REMOTE_UNREACHABLE, TSK_ERR_REMOTE_STATUS, TSK_ERR_REMOTE_NOT_METRICS, TSK_ERR_PROFILE_REFUSED, TSK_ERR_PROFILE_FILE */
export async function runProfile(context: CommandContext, request: ProfileRequest): Promise<void> {
  const { output, errorOutput, workingDirectory } = context;
  const { kind, seconds, format, limit } = request;
  if (seconds !== undefined || kind === 'cpu') errorOutput.write(`Taking a ${kind} profile for ${seconds ?? 10} s.\n`);
  const { report, file } = await fetchReport(request, format === 'pprof' ? 'pprof' : `${kind}profile`);
  for (const line of tableOf(report, limit)) output.write(`${line}\n`);
  // The name comes from outside: it must not leave the folder.
  const name = request.output ?? file.name.replace(/[^\w.-]/g, '_').replace(/^\.+/, '_');
  const path = resolve(workingDirectory, name);
  try {
    await writeFile(path, Buffer.from(file.content_base64, 'base64'));
  } catch (error) {
    throw fileRefused(path, error);
  }
  output.write(`\nSaved as ${name}\n`);
}

interface Fetched {
  readonly report: ProfileReport;
  readonly file: ProfileReport['files'][number];
}

async function fetchReport({ kind, url: text, seconds }: ProfileRequest, format: string): Promise<Fetched> {
  const complete = completeAddress(text);
  const remote = complete.includes(':///') ? undefined : remoteAddress(complete);
  if (remote === undefined) throw invalidAddress(shownAddress(text));
  const path = remote.url.pathname.replace(/\/+$/, '').replace(/\/prometheus$/, '');
  const shown = `${remote.url.origin}${path === '' ? '/metrics' : path}/profile/${kind}`;
  const query = `?file=${format}${seconds === undefined ? '' : `&seconds=${seconds}`}`;
  let response: Response;
  let body: string;
  try {
    response = await fetch(`${shown}${query}`, { headers: { accept: 'application/json', ...remote.headers } });
    body = await response.text();
  } catch (error) {
    throw unreachable(shown, remote.shownCause(error));
  }
  if (response.status === 404) throw notFound(shown);
  const document = parsed(body);
  if (response.status !== 200) throw profileRefused(shown, response.status, messageIn(document));
  const [file] = isReport(document) ? document.files : [];
  if (!isReport(document) || typeof file?.content_base64 !== 'string') throw noProfile(shown);
  return { report: document, file };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function messageIn(document: unknown): string | undefined {
  const { message } = Object(document) as { readonly message?: unknown };
  return typeof message === 'string' ? printable(message) : undefined;
}

function isReport(document: unknown): document is ProfileReport {
  const { kind, methods, outside, files } = Object(document) as Partial<ProfileReport>;
  return (kind === 'cpu' || kind === 'heap') && Array.isArray(methods) && typeof outside === 'object' && Array.isArray(files);
}
