/** What the label `host` is. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostLabeller, isHostEntry } from '../../src/http-client/host-labels.js';
import { pathOf, proxiedTarget, targetOf } from '../../src/http-client/target.js';

test.each([
  ['https://api.example.com', ['api.example.com'], 'api.example.com'],
  ['https://API.Example.com:8443', ['api.example.com'], 'api.example.com'],
  ['https://api.example.com', ['API.example.com'], 'API.example.com'],
  ['https://api.example.com', ['example.com'], '<other>'],
  ['https://api.example.com', [], '<other>'],
  ['https://eu.api.example.com', ['*.example.com'], '*.example.com'],
  ['https://example.com', ['*.example.com'], '<other>'],
  ['https://exampleXcom', ['example.com'], '<other>'],
  ['http://localhost:8080', ['localhost', 'localhost:8080'], 'localhost:8080'],
  ['http://localhost:8081', ['localhost', 'localhost:8080'], 'localhost'],
  ['https://api.example.com', ['*', 'api.example.com'], 'api.example.com'],
  ['https://api.example.com', ['api.example.com:443'], 'api.example.com:443'],
  ['http://[::1]:3000', ['[::1]'], '[::1]'],
  ['http://[0:0:0:0:0:0:0:1]:3000', ['[::1]:3000'], '[::1]:3000'],
  ['http://user:secret@api.example.com', ['api.example.com'], 'api.example.com'],
  ['no url', ['*'], '<other>'],
  ['http://bücher.example', ['xn--bcher-kva.example'], 'xn--bcher-kva.example'],
] as const)('%s with %j is %s', (origin, hosts, label) => {
  expect(hostLabeller(hosts)(targetOf(origin)).host).toBe(label);
});

test.each([
  ['https://api.example.com:443/', 'api.example.com'],
  ['http://api.example.com:443', 'api.example.com:443'],
  ['http://[::1]:3000', '[::1]:3000'],
  ['https://user:secret@api.example.com:8443', 'api.example.com:8443'],
  ['http://two words', '<other>'],
])('%s with any host is %s', (origin, label) => {
  expect(hostLabeller('any')(targetOf(origin)).host).toBe(label);
});

test.each([
  ['http://localhost:8080', ['localhost:8080'], { address: 'localhost', port: '8080' }],
  ['http://localhost:8081', ['localhost'], { address: 'localhost', port: '8081' }],
  ['https://eu.api.example.com', ['*.example.com'], { address: '*.example.com', port: '443' }],
  ['http://[::1]:3000', ['[::1]'], { address: '::1', port: '3000' }],
  ['http://[::1]:3000', ['[::1]:3000'], { address: '::1', port: '3000' }],
  ['http://[::1]:3000', 'any', { address: '::1', port: '3000' }],
  ['https://api.example.com', 'any', { address: 'api.example.com', port: '443' }],
  ['https://api.example.com', [], { address: '<other>', port: '' }],
  ['no url', 'any', { address: '<other>', port: '' }],
] as const)('the address and the port of %s with %j are %j', (origin, hosts, labels) => {
  expect(hostLabeller(hosts)(targetOf(origin))).toMatchObject(labels);
});

test('a named label is one of the list, whatever the target', () => {
  const hosts = ['a.example', '*.b.example', 'c.example:80'];
  const labelOf = hostLabeller(hosts);
  const url = fc.oneof(
    fc.webUrl(),
    fc.domain().map((domain) => `http://${domain}.b.example`),
  );
  fc.assert(
    fc.property(url, (each) => {
      expect([...hosts, '<other>']).toContain(labelOf(targetOf(each)).host);
    }),
  );
});

test.each(['api.example.com', '*.example.com', '*', 'localhost:8080', '[::1]', '[::1]:80', '10.0.0.1', 'my_host'])(
  '%s names a host',
  (entry) => {
    expect(isHostEntry(entry)).toBe(true);
  },
);

test.each(['', 'https://api.example.com', 'api.example.com/path', 'user:secret@host', '::1', 'two words', 'host:', 'host:port', 7, null])(
  '%j names no host',
  (entry) => {
    expect(isHostEntry(entry)).toBe(false);
  },
);

test.each([
  ['/path?token=secret', '/path'],
  ['/path#part', '/path'],
  ['/', '/'],
  ['*', '*'],
  ['http://host:80/path?token=secret', '/path'],
  ['http://host', '/'],
])('the path of %s is %s', (target, path) => {
  expect(pathOf(target)).toBe(path);
});

test('a request to a proxy goes to the host in its path', () => {
  expect(proxiedTarget('http://user:secret@api.example.com/path')).toMatchObject({ host: 'api.example.com', authority: 'api.example.com' });
  expect(proxiedTarget('/http://api.example.com')).toBeUndefined();
});
