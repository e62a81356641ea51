/**
 * The application: what it consists of, that it is measured, that its requests are logged, and that its metrics are pushed by StatsD,
 * and its traces and metrics by OTLP.
 */
import { openTelemetry } from '@tsukimi/opentelemetry';
import { statsd } from '@tsukimi/statsd';
import { Application, Instrumented } from 'tsukimi';
import { AppInfo } from './app-info.js';
import { ColorController } from './color-controller.js';
import { Database } from './database.js';
import { HomeController } from './home-controller.js';
import { logRequests } from './request-log/log-requests.js';
import { RequestController } from './request-log/request-controller.js';
import { RequestLog } from './request-log/request-log.js';
import { RequestRepository } from './request-log/request-repository.js';
import { RequestRetention } from './request-log/request-retention.js';
import { Simulation } from './simulation/simulation.js';
import { SimulationController } from './simulation/simulation-controller.js';

@Instrumented()
@Application({
  components: [
    AppInfo,
    Database,
    HomeController,
    ColorController,
    SimulationController,
    Simulation,
    RequestController,
    RequestLog,
    RequestRepository,
    RequestRetention,
  ],
  extensions: [logRequests, statsd, openTelemetry],
})
export class MonitoringStack {}
