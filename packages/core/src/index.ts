/** The application framework of Tsukimi: container, routes, configuration, scheduler and lifecycle. */
import 'reflect-metadata';
import { tellUncaughtMistakes } from './application/uncaught-mistakes.js';
import { thisWorker } from './workers/this-worker.js';

// application
export type { ApplicationOptions } from './application/application.js';
export { Application, type ApplicationDeclaration } from './application/application-class.js';
export { type CreateOptions, createApplication } from './application/create-application.js';
export type { ApplicationContext, Extension, ExtensionFactory } from './application/extension.js';
export { registerExtension } from './application/extension-registry.js';
export { BeforeDrain, OnStart, OnStop } from './application/lifecycle-hooks.js';
export type { Replacement, Replacements } from './application/replacements.js';
export { runApplication } from './application/run-application.js';
export { CurrentConfiguration, CurrentHealth, CurrentLogger, CurrentScheduler, CurrentServer } from './application/tokens.js';
// components
export { declareComponent } from './components/declared-components.js';
export { Component, type ComponentOptions, Configuration, Inject, Repository, Service, Value } from './components/decorators.js';
export type { Class, ComponentDefinition, ComponentKind, ConcreteClass, Dependency, Scope, Token } from './components/definition.js';
export { Profile } from './components/profiles.js';
export { Provider, type ProviderOptions } from './components/providers.js';
// configuration
export { AddressRanges, type RefuseAddress } from './configuration/address-ranges.js';
export type { ConfigurationValue } from './configuration/configuration.js';
export type { Environment } from './configuration/environment.js';
export { invalidConfigurationValue } from './configuration/errors.js';
export {
  type AppConfiguration,
  AppSchema,
  type HealthConfiguration,
  HealthSchema,
  type LoggingConfiguration,
  LoggingSchema,
  type SchedulerConfiguration,
  SchedulerSchema,
  type ServerConfiguration,
  ServerSchema,
} from './configuration/schema.js';
export { type CheckedServerConfiguration, readServerConfiguration } from './configuration/server-configuration.js';
export type { ConfigurationOptions } from './configuration/sources.js';
export { refuseUnknownKeys } from './configuration/unknown-keys.js';
export { describeYamlProblem, type YamlProblem } from './configuration/yaml-problems.js';
// context
export { activeSpan, type ContextStorage, openContext, replaceContextStorage } from './context/context-storage.js';
export { contextOf, HttpContexts } from './context/http-contexts.js';
export { type DatadogTags, type LogMixin, type RequestContextMixinOptions, requestContextMixin } from './context/log-fields.js';
export type { ContextFacts, OpenContext, SpanIds } from './context/open-context.js';
export { contextHeaders } from './context/propagation.js';
export { currentRequestContext, type RequestContext } from './context/request-context.js';
export { isRequestId, REQUEST_ID_HEADER, requestIdOf } from './context/request-id.js';
export type { ContextOutcome, HttpExchange, RequestObserver } from './context/request-observer.js';
export { type TraceParent, traceParentOf } from './context/trace-parent.js';
// errors
export { ApplicationError, isApplicationError } from './errors/application-error.js';
export { withoutCredentials } from './errors/credentials.js';
export { nearest } from './errors/nearest.js';
export { describeReceived, isSecretKey, type ReceivedOptions } from './errors/received.js';
export { loggableThrown } from './errors/thrown.js';
// health
export { HealthCheck, type HealthCheckDecorator } from './health/decorators.js';
export type {
  Health,
  HealthCheckDefinition,
  HealthCheckKind,
  HealthCheckOptions,
  HealthCheckOutcome,
  HealthCheckResult,
  HealthCheckRun,
  HealthCheckState,
  HealthDetails,
  HealthHost,
  HealthProbe,
  HealthReport,
  HealthStatus,
} from './health/health.js';
export { addHealthRoutes, type HealthRoutes } from './health/routes.js';
export { Scheduled, type ScheduledDecorator } from './scheduling/decorators.js';
// scheduling
export type { LeaseAnswer, LeaseRequest, LeaseStore, TaskLeaseState, TaskRun } from './scheduling/fleet/lease-store.js';
export type { ScheduleOptions } from './scheduling/schedule-metadata.js';
export type { Scheduler, TaskDefinition, TaskState } from './scheduling/scheduler.js';
// web
export {
  Controller,
  type ControllerOptions,
  Delete,
  DeleteMapping,
  Get,
  GetMapping,
  Head,
  HttpCode,
  Options,
  Patch,
  PatchMapping,
  Post,
  PostMapping,
  Put,
  PutMapping,
  RestController,
  type RouteDecorator,
} from './web/decorators.js';
export { errorStatus } from './web/error-status.js';
export type { FastifyOptions } from './web/fastify-options.js';
export {
  BadRequestError,
  ConflictError,
  ForbiddenError,
  HttpError,
  type HttpErrorOptions,
  NotFoundError,
  ServiceUnavailableError,
  TooManyRequestsError,
  UnauthorizedError,
  UnprocessableEntityError,
} from './web/http-error.js';
export {
  Body,
  Header,
  Param,
  type ParameterOptions,
  Query,
  Reply,
  Req,
  type RouteParameterDecorator,
} from './web/parameter-decorators.js';
export { type FieldError, RequestInvalidError, type RequestPart } from './web/request-invalid.js';
export { ResponseStatus } from './web/response-status.js';
export type { HttpVerb, RouteOptions } from './web/route-metadata.js';
export { type RouteMethod, routeMethodOf } from './web/route-method.js';
export type { JsonSchema, RequestSchema, StandardIssue, StandardResult, StandardSchema } from './web/standard-schema.js';
export { CurrentReply, CurrentRequest } from './web/tokens.js';
// workers
export type { AskOptions } from './workers/channels.js';
export type { WorkerLink } from './workers/worker-link.js';
export type { PrimaryHost, Question, WorkerEnd, WorkerProcesses, WorkerState } from './workers/worker-processes.js';

tellUncaughtMistakes();
// At once, because signals and messages may arrive before the application is run.
thisWorker();
