/** The address bar as state. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Address, type Change, changed, formatAddress, parseAddress } from '../address/address.js';

export interface AddressBar {
  readonly address: Address;
  go(change: Change, replaces?: boolean): void;
  link(change: Change): string;
}

export function useAddress(): AddressBar {
  const [address, setAddress] = useState(() => parseAddress(location.search));
  useEffect(() => {
    const onChange = (): void => setAddress(parseAddress(location.search));
    addEventListener('popstate', onChange);
    return () => removeEventListener('popstate', onChange);
  }, []);
  // From the bar, not from what was drawn last: two changes may come before the page is drawn again.
  const go = useCallback((change: Change, replaces = false): void => {
    const next = changed(parseAddress(location.search), change);
    const path = location.pathname + formatAddress(next);
    if (replaces) history.replaceState(null, '', path);
    else history.pushState(null, '', path);
    setAddress(next);
  }, []);
  const link = useCallback((change: Change): string => formatAddress(changed(address, change)), [address]);
  return { address, go, link };
}
