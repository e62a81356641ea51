import { expect, it } from 'vitest';
import { metricsAddress } from '../../src/top/address.js';

it.each([
  ['127.0.0.1:8000', 'http://127.0.0.1:8000/metrics'],
  ['8000', 'http://127.0.0.1:8000/metrics'],
  [':8000', 'http://127.0.0.1:8000/metrics'],
  [':8000/internal/metrics', 'http://127.0.0.1:8000/internal/metrics'],
  ['localhost:8000/', 'http://localhost:8000/metrics'],
  ['localhost:8000/metrics/', 'http://localhost:8000/metrics'],
  ['http://localhost:8000/metrics/prometheus', 'http://localhost:8000/metrics'],
  ['shop.example.org', 'http://shop.example.org/metrics'],
  ['https://shop.example.org', 'https://shop.example.org/metrics'],
  ['HTTPS://shop.example.org/internal/metrics?name=x#y', 'https://shop.example.org/internal/metrics'],
  ['[::1]:8000', 'http://[::1]:8000/metrics'],
  [' 10.0.0.1:80 ', 'http://10.0.0.1/metrics'],
])('%s is %s', (text, url) => {
  expect(metricsAddress(text)).toMatchObject({ url, headers: { accept: 'application/json' } });
});

it('takes name and password out of the URL, and sends them along', () => {
  expect(metricsAddress('http://moon:l%C3%BCna@127.0.0.1:8000')).toMatchObject({
    url: 'http://127.0.0.1:8000/metrics',
    headers: { accept: 'application/json', authorization: `Basic ${Buffer.from('moon:lüna').toString('base64')}` },
  });
});

it('takes a per cent sign that encodes nothing as one, as every address of metrics is read', () => {
  expect(metricsAddress('http://moon:100%@127.0.0.1:8000')).toMatchObject({
    url: 'http://127.0.0.1:8000/metrics',
    headers: { accept: 'application/json', authorization: `Basic ${Buffer.from('moon:100%').toString('base64')}` },
  });
});

it.each(['', ' ', '::1', 'ftp://example.org', 'file:///etc/passwd', 'http://', 'a b', '127.0.0.1:99999', '/metrics'])(
  '%j is refused with the fix',
  (text) => {
    expect(() => metricsAddress(text)).toThrow(
      expect.objectContaining({
        code: 'TSK_ERR_REMOTE_URL',
        message: expect.stringContaining('Use host and port, such as 127.0.0.1:8000'),
      }),
    );
  },
);
