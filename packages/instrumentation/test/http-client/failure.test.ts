/** The kinds of failures, by what Node.js, undici and libraries on top of them throw. */
import { expect, test } from 'vitest';
import { failureOf } from '../../src/http-client/failure.js';

const coded = (code: string, more: object = {}): Error => Object.assign(new Error(code), { code }, more);
const named = (name: string, more: object = {}): Error => Object.assign(new Error(name), { name }, more);

test.each([
  ['a refused connection', coded('ECONNREFUSED'), 'refused'],
  [
    'several refused connections',
    Object.assign(new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]), { code: 'ECONNREFUSED' }),
    'refused',
  ],
  ['several refused connections, without a code', new AggregateError([coded('ECONNREFUSED')]), 'refused'],
  ['the error of fetch around it', new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }), 'refused'],
  ['no such host', coded('ENOTFOUND', { syscall: 'getaddrinfo' }), 'dns'],
  ['no answer of a name server', coded('EAI_AGAIN'), 'dns'],
  ['a time limit for the connection', coded('UND_ERR_CONNECT_TIMEOUT'), 'timeout'],
  ['a connection that timed out', coded('ETIMEDOUT'), 'timeout'],
  ['AbortSignal.timeout', new DOMException('late', 'TimeoutError'), 'timeout'],
  [
    'AbortSignal.timeout as the cause',
    named('AbortError', { code: 'ABORT_ERR', cause: new DOMException('late', 'TimeoutError') }),
    'timeout',
  ],
  ['the time limit of axios', named('AxiosError', { code: 'ECONNABORTED' }), 'timeout'],
  ['a reset', coded('ECONNRESET'), 'reset'],
  ['a broken pipe', coded('EPIPE'), 'reset'],
  ['a connection that the other side closed', coded('UND_ERR_SOCKET', { cause: undefined }), 'reset'],
  ['an abort', new DOMException('aborted', 'AbortError'), 'aborted'],
  ['an abort whose cause is another error', named('AbortError', { cause: coded('ECONNRESET') }), 'aborted'],
  ['a cancelled request of axios', named('CanceledError', { code: 'ERR_CANCELED' }), 'aborted'],
  ['the reason of an abort that is an error', new Error('mine'), 'aborted'],
  ['the reason of an abort that is no error', 'enough', 'aborted'],
  ['nothing', undefined, 'aborted'],
  ['a certificate that nobody trusts', coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'other'],
  ['an answer that is no HTTP', coded('HPE_INVALID_CONSTANT'), 'other'],
  ['a code that is nothing', coded(''), 'other'],
  [
    'an error that can’t be read',
    Object.defineProperty(new Error('x'), 'code', {
      get: () => {
        throw new Error('no');
      },
    }),
    'other',
  ],
])('%s', (_, error, failure) => {
  expect(failureOf(error)).toBe(failure);
});

test('causes in a circle', () => {
  const one = new Error('one');
  one.cause = new Error('two', { cause: one });
  expect(failureOf(one)).toBe('aborted');
});
