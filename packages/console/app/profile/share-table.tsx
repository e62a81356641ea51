/** Who used the CPU, or holds the memory: by method, by component, and outside of both. */

import { useParam } from '../context/page-context.js';
import { bytes, duration, NONE, percent } from '../parts/format.js';
import { ScrollRegion } from '../parts/scroll-region.js';
import { coloursOf } from './flame.js';
import type { ProfileReport } from './report.js';
import { type By, rowsOf, type ShareRow } from './rows.js';

const TITLES: Readonly<Record<By, string>> = { methods: 'Methods', components: 'Components', outside: 'Outside' };

export function amountOf({ unit }: Pick<ProfileReport, 'unit'>): (value: number | null) => string {
  return (value) => (unit === 'bytes' ? bytes(value === null ? null : Math.round(value)) : duration(value === null ? null : value / 1000));
}

export function ShareTable({ report }: { readonly report: ProfileReport }) {
  const [by, setBy] = useParam('by', 'methods');
  const shown: By = by === 'components' || by === 'outside' ? by : 'methods';
  const colours = coloursOf(report);
  const amount = amountOf(report);
  const rows = rowsOf(report, shown);
  return (
    <>
      <fieldset class="segments">
        <legend class="hidden">Shares by</legend>
        {(Object.keys(TITLES) as By[]).map((each) => (
          <button key={each} type="button" aria-pressed={shown === each} onClick={() => setBy(each)}>
            {TITLES[each]}
          </button>
        ))}
      </fieldset>
      <ScrollRegion class="table-scroll profile-shares" label={`Shares by ${TITLES[shown].toLowerCase()}`}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{shown === 'outside' ? 'Function' : TITLES[shown].slice(0, -1)}</th>
              <th scope="col" class="number">
                Self
              </th>
              <th scope="col">Share</th>
              {shown !== 'outside' && (
                <>
                  <th scope="col" class="number">
                    With callees
                  </th>
                  <th scope="col" class="number">
                    Share
                  </th>
                </>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.key} row={row} colour={colours.get(row.component ?? '')} amount={amount} isWide={shown !== 'outside'} />
            ))}
          </tbody>
        </table>
        {rows.length === 0 && <p class="quiet table-note">Nothing was seen outside of components.</p>}
      </ScrollRegion>
    </>
  );
}

interface RowProps {
  readonly row: ShareRow;
  readonly colour: number | undefined;
  readonly isWide: boolean;
  amount(value: number | null): string;
}

function Row({ row, colour, isWide, amount }: RowProps) {
  const { name, about, self, share, withCallees, withCalleesShare } = row;
  return (
    <tr>
      <th scope="row" class="profile-name">
        <span class={`profile-swatch ${colour === undefined ? 'hue-none' : `hue-${colour}`}`} aria-hidden="true" />
        <span class="profile-text">
          {name}
          {about !== undefined && <span class="profile-place">{about}</span>}
        </span>
      </th>
      <td class="number">{amount(self)}</td>
      <td>
        <span class="share">
          <span class="share-bar" aria-hidden="true">
            <span class={colour === undefined ? 'hue-none' : `hue-${colour}`} style={{ width: `${Math.min(100, share * 100)}%` }} />
          </span>
          <span class="share-text">{percent(share)}</span>
        </span>
      </td>
      {isWide && (
        <>
          <td class="number">{withCallees === null ? NONE : amount(withCallees)}</td>
          <td class="number">{percent(withCalleesShare)}</td>
        </>
      )}
    </tr>
  );
}
