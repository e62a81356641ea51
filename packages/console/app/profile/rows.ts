/** The rows of the table: methods or components, and what is not theirs. */
import { percent } from '../parts/format.js';
import type { ProfileReport } from './report.js';

export interface ShareRow {
  readonly key: string;
  /** Undefined for what is no component's. */
  readonly component: string | undefined;
  readonly name: string;
  readonly about: string | undefined;
  readonly self: number;
  readonly share: number;
  /** Null where it says nothing. */
  readonly withCallees: number | null;
  readonly withCalleesShare: number | null;
}

export type By = 'methods' | 'components' | 'outside';

export function rowsOf(report: ProfileReport, by: By): ShareRow[] {
  if (by === 'outside')
    return report.outside.functions.map(({ name, place, self, share }, index) => ({
      ...OTHER,
      key: `${index} ${name} ${place}`,
      name,
      about: place,
      self,
      share,
    }));
  const own: ShareRow[] =
    by === 'methods'
      ? report.methods.map(({ component, method, place, self, share, with_callees, with_callees_share }) => ({
          key: `${component}.${method} ${place}`,
          component,
          name: `${component}.${method}`,
          about: place,
          self,
          share,
          withCallees: with_callees,
          withCalleesShare: with_callees_share,
        }))
      : report.components.map(({ component, self, share, with_callees, with_callees_share }) => ({
          key: component,
          component,
          name: component,
          about: undefined,
          self,
          share,
          withCallees: with_callees,
          withCalleesShare: with_callees_share,
        }));
  return [...own, ...others(report)].sort((one, other) => other.self - one.self || (other.withCallees ?? 0) - (one.withCallees ?? 0));
}

const OTHER = { component: undefined, withCallees: null, withCalleesShare: null };

function others({ outside, measuring, garbage_collection, native }: ProfileReport): ShareRow[] {
  return [
    { ...OTHER, key: '(outside)', name: 'Outside any component', about: 'Functions that no measured method called', ...outside },
    { ...OTHER, key: '(gc)', name: 'Garbage collection', about: undefined, ...garbage_collection },
    { ...OTHER, key: '(native)', name: 'Native code', about: 'Without JavaScript on the stack', ...native },
    { ...OTHER, key: '(measuring)', name: 'Measuring', about: aboutMeasuring(measuring), self: measuring.self, share: measuring.share },
  ].flatMap(({ self, share, ...row }) => (self === undefined || share === undefined || self === 0 ? [] : { ...row, self, share }));
}

/** Tsukimi's own code, by what it is for. */
function aboutMeasuring({ calls, requests, reading, other }: ProfileReport['measuring']): string {
  const parts = [
    ['calls', calls],
    ['HTTP requests', requests],
    ['reading metrics', reading],
    ['other', other],
  ] as const;
  const texts = parts.filter(([, { self }]) => self > 0).map(([name, { share }]) => `${name} ${percent(share)}`);
  return ['The code of Tsukimi', ...(texts.length > 0 ? [texts.join(', ')] : [])].join(': ');
}
