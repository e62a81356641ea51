/** What every view can use of the page: the address, the range, and the state of the connection. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Meta } from '../../src/api-types.js';
import type { Address, Change } from '../address/address.js';

/** How a view stands to the application. `full`: the server has as many pages open as it takes. */
export type LiveStatus = 'loading' | 'live' | 'paused' | 'fixed' | 'disconnected' | 'full';

export interface PageState {
  readonly meta: Meta;
  readonly address: Address;
  readonly isPaused: boolean;
  /** Changes with the colours, for what is drawn on a canvas. */
  readonly theme: 'light' | 'dark';
  /** @param replaces instead of a new entry in the browser's history: for what changes while typing */
  go(change: Change, replaces?: boolean): void;
  /** The address of a link. */
  link(change: Change): string;
  /** Tells the frame how the view stands to the application. */
  report(status: LiveStatus): void;
  /** Tells the frame of which process an answer is. */
  sawInstance(instance: string): void;
}

export const PageContext = createContext<PageState | undefined>(undefined);

export function usePage(): PageState {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('A view is used outside the page.');
  return page;
}

/** A parameter that the view keeps in the address, and what sets it. */
export function useParam(name: string, preset = ''): readonly [value: string, set: (value: string | undefined) => void] {
  const { address, go } = usePage();
  return [address.params[name] ?? preset, (value) => go({ params: { [name]: value === preset ? undefined : value } }, true)];
}
