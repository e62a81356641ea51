/** Who sends. */
import { expect, test } from 'vitest';
import { resourceAttributes } from '../src/resource.js';

const application = { name: 'shop', version: '1.2.3' };
const DATADOG = { DD_SERVICE: 'dd', DD_ENV: 'staging', DD_VERSION: '7' };
const OTEL = {
  OTEL_RESOURCE_ATTRIBUTES: 'service.name=attr,service.version=9,deployment.environment.name=prod%20eu,host.name=web-1,broken',
};

test.each([
  [{}, {}, { 'service.name': 'unknown_service:node' }],
  [{}, { application: { version: 'unknown' } }, { 'service.name': 'unknown_service:node' }],
  [{}, { application }, { 'service.name': 'shop', 'service.version': '1.2.3' }],
  [{}, { application, environment: DATADOG }, { 'service.name': 'dd', 'service.version': '7', 'deployment.environment.name': 'staging' }],
  [
    {},
    { application, environment: { ...DATADOG, ...OTEL } },
    { 'service.name': 'attr', 'service.version': '9', 'deployment.environment.name': 'prod eu', 'host.name': 'web-1' },
  ],
  [{}, { environment: { ...OTEL, OTEL_SERVICE_NAME: 'named' } }, expect.objectContaining({ 'service.name': 'named' })],
  [
    { service: 'own', env: 'test', version: '1', resource: { 'host.name': 'web-2', zone: 'a' } },
    { application, environment: { ...OTEL, OTEL_SERVICE_NAME: 'named' } },
    { 'service.name': 'own', 'service.version': '1', 'deployment.environment.name': 'test', 'host.name': 'web-2', zone: 'a' },
  ],
])('%j with %j', (options, sources, attributes) => {
  expect(resourceAttributes(options, { environment: {}, ...sources })).toEqual(attributes);
});

test.each([
  [{ service: '' }, /service is .*\. Use a text that is not empty, or leave it out\.$/],
  [{ env: 5 as never }, /env is 5\./],
  [{ resource: { a: 1 as never } }, /resource is .*\. Use an object of texts/],
  [{ resource: ['a'] as never }, /resource is .*\. Use an object of texts/],
])('%j is refused', (options, message) => {
  expect(() => resourceAttributes(options, { environment: {} })).toThrow(message);
});
