/** To be required before a program: the instrumentation of pg by OpenTelemetry. */
const { PgInstrumentation } = require('@opentelemetry/instrumentation-pg');

globalThis.pgInstrumentation = new PgInstrumentation();
require('pg');
