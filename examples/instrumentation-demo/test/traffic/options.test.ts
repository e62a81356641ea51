import { expect, it } from 'vitest';
import { readTrafficOptions, TrafficOptionError } from '../../src/traffic/options.js';

it('has bounded defaults, and a seed of its own', () => {
  const options = readTrafficOptions([]);
  expect(options).toEqual({ url: 'http://127.0.0.1:8000', requests: 600, ratePerSecond: 20, seed: expect.any(Number) });
});

it('takes what it is given', () => {
  const options = readTrafficOptions(['--url', 'http://[::1]:8001', '--requests', '5', '--rate', '0', '--seed', '42']);
  expect(options).toEqual({ url: 'http://[::1]:8001', requests: 5, ratePerSecond: 0, seed: 42 });
});

it.each([['http://localhost:1'], ['http://127.9.9.9:80'], ['https://127.0.0.1']])('sends to %s, which is this machine', (url) => {
  expect(readTrafficOptions(['--url', url])).toMatchObject({ url });
});

it.each(['http://example.com', 'http://192.168.0.1:8000', 'http://[fe80::1]', 'http://127.0.0.1.example.com'])(
  'sends to %s only if told',
  (url) => {
    expect(() => readTrafficOptions(['--url', url])).toThrow(`--url ${url}: not on this machine. Add --allow-remote if that is meant.`);
    expect(readTrafficOptions(['--url', url, '--allow-remote'])).toMatchObject({ url });
  },
);

it.each([
  [['--url', 'somewhere'], '--url somewhere: not an http URL, such as http://127.0.0.1:8000.'],
  [['--url', 'ftp://127.0.0.1'], '--url ftp://127.0.0.1: not an http URL, such as http://127.0.0.1:8000.'],
  [['--requests', '0'], '--requests 0: an integer from 1 to 1000000 is allowed.'],
  [['--requests', '1e3'], '--requests 1e3: an integer from 1 to 1000000 is allowed.'],
  [['--rate=-1'], '--rate -1: an integer from 0 to 10000 is allowed.'],
  [['--seed', '4294967296'], '--seed 4294967296: an integer from 0 to 4294967295 is allowed.'],
  [['--verbose'], "Unknown option '--verbose'. Try --help."],
])('refuses %j', (args, message) => {
  expect(() => readTrafficOptions(args)).toThrow(new TrafficOptionError(message));
});

it('explains itself', () => {
  expect(readTrafficOptions(['--help'])).toBe('help');
});
