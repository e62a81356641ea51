/** Where metrics are pushed to: the Pushgateway's address for one job, and what may be said of it. */
import { labelText } from '../label-text.js';
import type { LabelValue } from '../label-types.js';
import { checkLabelNames } from '../names.js';
import { invalidRemoteUrl } from '../remote/errors.js';
import { type RemoteAddress, remoteAddress } from '../remote/remote-address.js';
import { shownAddress } from '../shown-address.js';
import { invalidPushOption } from './errors.js';

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
export interface PushTarget extends Pick<RemoteAddress, 'headers' | 'shownUrl' | 'shownAnswer' | 'shownCause'> {
  readonly address: string;
  readonly job: string;
}

/**
 * @throws TSK_ERR_REMOTE_URL, TSK_ERR_PUSH_OPTION
 * @see https://github.com/prometheus/pushgateway#url
 */
export function pushTarget({ url, job, groupings = {} }: PushGroup): PushTarget {
  const gateway = remoteAddress(url);
  if (gateway === undefined) throw invalidRemoteUrl(`url is ${shownAddress(url)}; a URL such as http://localhost:9091 is expected.`);
  if (typeof job !== 'string' || job === '') throw invalidPushOption('job', job, 'a name such as "nightly-report"');
  const names = Object.keys(groupings);
  checkLabelNames('groupings', names);
  if (names.includes('job')) throw invalidPushOption('groupings.job', groupings['job'], 'the option job, and no grouping of that name');
  const base = gateway.url.pathname.replace(/\/+$/, '');
  const group = names.map((name) => segment(name, labelText(groupings[name]))).join('');
  return {
    address: `${gateway.url.origin}${base}/metrics${segment('job', job)}${group}${gateway.url.search}`,
    headers: gateway.headers,
    shownUrl: gateway.shownUrl.replace(/\/+$/, ''),
    shownAnswer: gateway.shownAnswer,
    shownCause: gateway.shownCause,
    job,
  };
}

/** `/name/value`; values that a path would bend are in base64. */
function segment(name: string, value: string): string {
  const isPlain = value !== '' && value !== '.' && value !== '..' && !value.includes('/');
  if (isPlain) return `/${name}/${encodeURIComponent(value)}`;
  return `/${name}@base64/${value === '' ? '=' : Buffer.from(value).toString('base64url')}`;
}
