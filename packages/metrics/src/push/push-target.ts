/** The address at the Pushgateway for one job, and its form for messages. */
import { labelText } from '../label-text.js';
import type { LabelValue } from '../label-types.js';
import { checkLabelNames } from '../names.js';
import { invalidRemoteUrl } from '../remote/errors.js';
import { type RemoteAddress, remoteAddress } from '../remote/remote-address.js';
import { shownAddress } from '../shown-address.js';
import { invalidPushOption } from './errors.js';

/** The group under which metrics are pushed. */
export interface PushGroup {
  /** The address of the Pushgateway, such as `http://localhost:9091`. It may contain a user and password, which no message shows. */
  readonly url: string;
  /** The value of the label `job` of all pushed metrics. */
  readonly job: string;
  /** Further labels that distinguish this group from others of the job, such as `{ instance }`. */
  readonly groupings?: Readonly<Record<string, LabelValue>> | undefined;
}

/** The address and headers of a request. */
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

/** Returns `/name/value`. Values that are not safe in a path are encoded in base64. */
function segment(name: string, value: string): string {
  const isPlain = value !== '' && value !== '.' && value !== '..' && !value.includes('/');
  if (isPlain) return `/${name}/${encodeURIComponent(value)}`;
  return `/${name}@base64/${value === '' ? '=' : Buffer.from(value).toString('base64url')}`;
}
