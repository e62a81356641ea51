/** Where metrics are pushed to: the Pushgateway's address for one job, and what may be said of it. */
import { invalidPushOption, invalidPushUrl } from '../errors.js';
import { labelText } from '../label-text.js';
import type { LabelValue } from '../label-types.js';
import { checkLabelNames } from '../names.js';
import { parsedAddress, shownAddress, shownAnswer, shownCause } from '../shown-address.js';

/** The group that metrics are pushed as. */
export interface PushGroup {
  /** The Pushgateway's address: `http://localhost:9091`. User and password may stand in it; they are in no message. */
  readonly url: string;
  /** What pushes: the label `job` of everything it pushes. */
  readonly job: string;
  /** Further labels that tell this group from others of the job, such as `{ instance }`. */
  readonly groupings?: Readonly<Record<string, LabelValue>> | undefined;
}

/** A request's address and headers. */
export interface PushTarget {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The url without user, password and query, for messages. */
  readonly shownUrl: string;
  /** An answer of the Pushgateway's, as it may stand in a message. */
  readonly shown: (answer: string) => string;
  /** What a request failed with, as it may be kept as a cause. */
  readonly shownCause: (cause: unknown) => unknown;
  readonly job: string;
}

/**
 * @throws TSK_ERR_PUSH_OPTION
 * @see https://github.com/prometheus/pushgateway#url
 */
export function pushTarget({ url, job, groupings = {} }: PushGroup): PushTarget {
  const parsed = parsedUrl(url);
  if (typeof job !== 'string' || job === '') throw invalidPushOption('job', job, 'a name such as "nightly-report"');
  const names = Object.keys(groupings);
  checkLabelNames('groupings', names);
  if (names.includes('job')) throw invalidPushOption('groupings.job', groupings['job'], 'the option job, and no grouping of that name');
  const base = parsed.pathname.replace(/\/+$/, '');
  const group = names.map((name) => segment(name, labelText(groupings[name]))).join('');
  return {
    address: `${parsed.origin}${base}/metrics${segment('job', job)}${group}${parsed.search}`,
    headers: authorization(parsed),
    shownUrl: shownAddress(parsed).replace(/\/+$/, ''),
    shown: (answer) => shownAnswer(answer, parsed),
    shownCause: (cause) => shownCause(cause, parsed),
    job,
  };
}

function parsedUrl(url: unknown): URL {
  const parsed = parsedAddress(url);
  if (parsed !== undefined) return parsed;
  throw invalidPushUrl(shownAddress(url));
}

/** `/name/value`; values that a path would bend are in base64. */
function segment(name: string, value: string): string {
  const isPlain = value !== '' && value !== '.' && value !== '..' && !value.includes('/');
  if (isPlain) return `/${name}/${encodeURIComponent(value)}`;
  return `/${name}@base64/${value === '' ? '=' : Buffer.from(value).toString('base64url')}`;
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  return { authorization: `Basic ${credentials}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A per cent sign that is meant as one.
    return text;
  }
}
