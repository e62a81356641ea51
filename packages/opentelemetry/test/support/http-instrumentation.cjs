/** To be required before a program: the instrumentation of node:http by OpenTelemetry. */
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');

globalThis.httpInstrumentation = new HttpInstrumentation();
require('node:http');
