/** The configuration: keys, values, and where each comes from. */

import type { Setting, Settings } from '../../src/api-types.js';
import { usePage, useParam } from '../context/page-context.js';
import { useAsked } from '../data/use-asked.js';
import { Badge } from '../parts/badge.js';
import { counted } from '../parts/format.js';
import { ScrollRegion } from '../parts/scroll-region.js';
import { SearchBox } from '../parts/search-box.js';
import { Empty, Loading, Off } from '../parts/states.js';
import { groupsOf, type SettingGroup } from '../settings/groups.js';

export function SettingsView() {
  const { meta } = usePage();
  const answer = useAsked<Settings>('api/settings');
  const [filter] = useParam('filter');
  const [only, setOnly] = useParam('only', 'all');
  if (!meta.has.settings)
    return (
      <Off title="There is no configuration to show.">
        A server that uses <code>httpInstrumentation</code> is configured by its own code.
      </Off>
    );
  if (answer === undefined) return <Loading what="the settings" />;
  const groups = groupsOf(answer.settings, { filter, onlySet: only === 'set' });
  const shown = groups.reduce((sum, { settings }) => sum + settings.length, 0);
  return (
    <>
      <div class="tools">
        <SearchBox label="Filter settings" />
        <fieldset class="segments">
          <legend class="hidden">Which settings</legend>
          <button type="button" aria-pressed={only === 'all'} onClick={() => setOnly('all')}>
            All
          </button>
          <button type="button" aria-pressed={only === 'set'} onClick={() => setOnly('set')}>
            Without defaults
          </button>
        </fieldset>
        <p class="tools-count" role="status">
          {shown === answer.settings.length ? counted(shown, 'setting') : `${shown} of ${answer.settings.length} settings`}
          {answer.profiles.length > 0 && (
            <>
              , profile <code>{answer.profiles.join(', ')}</code>
            </>
          )}
        </p>
      </div>
      {shown === 0 ? (
        <Empty title="No setting matches.">{only === 'set' ? 'Show defaults too, or change the filter.' : 'Change the filter.'}</Empty>
      ) : (
        <ScrollRegion class="table-scroll" label="Settings">
          <table class="table settings">
            <thead>
              <tr>
                <th scope="col">Key</th>
                <th scope="col">Value</th>
                <th scope="col">Source</th>
              </tr>
            </thead>
            {groups.map((group) => (
              <Group key={group.name} group={group} />
            ))}
          </table>
        </ScrollRegion>
      )}
    </>
  );
}

function Group({ group: { name, settings } }: { readonly group: SettingGroup }) {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={3} class="table-group">
          {name}
        </th>
      </tr>
      {settings.map((setting) => (
        <Row key={setting.key} setting={setting} />
      ))}
    </tbody>
  );
}

function Row({ setting: { key, value, isSecret, isDefault, source } }: { readonly setting: Setting }) {
  return (
    <tr class={isDefault ? 'quiet' : undefined}>
      <th scope="row" class="table-name">
        <code>{key}</code>
      </th>
      <td class="setting-value">
        {isSecret ? <Badge>hidden</Badge> : value === '' ? <span class="quiet">(empty)</span> : <code>{value}</code>}
      </td>
      <td class="setting-source">
        <code>{source}</code>
      </td>
    </tr>
  );
}
