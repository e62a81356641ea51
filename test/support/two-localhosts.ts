/** Gives `localhost` two addresses, because many machines have one only. */
import dns from 'node:dns';
import { onTestFinished, vi } from 'vitest';

/** Until the test ends, 127.0.0.2 stands for ::1. */
export function giveLocalhostTwoAddresses(): void {
  const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
  const { lookup } = dns;
  const spy = vi.spyOn(dns, 'lookup').mockImplementation(((...given: unknown[]) => {
    const [name, options, answer] = given as [string, { all?: boolean }, (error: null, found: unknown) => void];
    if (name === 'localhost' && options.all === true) answer(null, addresses);
    else Reflect.apply(lookup, dns, given);
  }) as typeof dns.lookup);
  onTestFinished(() => spy.mockRestore());
}
