/** Computes the labels of requests that have ended, by the function that the user has given. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CATALOGUE } from '../catalogue.js';
import { BoundedLabels } from '../labels/bounded-labels.js';
import type { RequestLabels } from '../labels/request-labels.js';

/** A request as Fastify has it. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export class ComputedLabelsOfRequests {
  readonly #bounded: BoundedLabels;
  readonly #labels: RequestLabels['labels'];

  constructor(registry: MetricsRegistry, { labelValues, labels }: RequestLabels) {
    this.#bounded = new BoundedLabels({
      declarations: labelValues,
      registry,
      metric: CATALOGUE.httpRequests.name,
      source: 'labels of requestLabels',
    });
    this.#labels = labels;
  }

  get names(): readonly string[] {
    return this.#bounded.names;
  }

  /** @param exchange undefined if the request never got to Fastify */
  of(exchange: Exchange | undefined): readonly string[] {
    if (exchange === undefined) return this.#bounded.unseen;
    const { request, reply } = exchange;
    return this.#bounded.of(() => this.#labels(request, reply));
  }
}
