/** Settings by the first part of their key, filtered. */
import type { Setting } from '../../src/api-types.js';
import { matches } from '../parts/search-box.js';

export interface SettingGroup {
  readonly name: string;
  readonly settings: readonly Setting[];
}

/** @param onlySet leaves out defaults */
export function groupsOf(
  settings: readonly Setting[],
  { filter, onlySet }: { readonly filter: string; readonly onlySet: boolean },
): SettingGroup[] {
  const groups = new Map<string, Setting[]>();
  const shown = settings.filter(
    ({ key, value, source, isDefault }) => !(onlySet && isDefault) && matches(`${key} ${value ?? ''} ${source}`, filter),
  );
  for (const setting of shown.sort((one, other) => (one.key < other.key ? -1 : 1))) {
    const [name = ''] = setting.key.split('.');
    groups.set(name, [...(groups.get(name) ?? []), setting]);
  }
  return [...groups].map(([name, members]) => ({ name, settings: members }));
}
