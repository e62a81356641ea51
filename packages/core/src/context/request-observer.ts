/** The interface by which a tracer sees requests and task runs begin and end. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenContext } from './open-context.js';

/** A request as Fastify has it. */
export interface HttpExchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** How a request or a task run ended. */
export interface ContextOutcome {
  /** The status of the response; undefined for a task. */
  readonly statusCode?: number | undefined;
  /** Whether the connection was closed before the last byte of the response was sent. */
  readonly isAborted: boolean;
  /** What the handler or a hook threw, or what the task failed with; undefined if nothing did. */
  readonly error?: unknown;
  /** Whether `error` was thrown, because anything can be thrown, also undefined. */
  readonly hasFailed: boolean;
}

/** Observes the contexts of requests and task runs. What it throws is logged once, and breaks nothing. */
export interface RequestObserver {
  /**
   * A request has arrived and its route is known, or a task run begins. Nothing of it has run yet: set `span` and `carried` of the context here.
   * @param exchange the request; undefined for a task
   * @returns anything, which `ended` is given
   */
  began?(context: OpenContext, exchange: HttpExchange | undefined): unknown;
  /** The last byte of the response was sent, the connection was closed, or the task has settled. Called once, with what `began` returned. */
  ended?(context: OpenContext, outcome: ContextOutcome, begun: unknown): void;
}
