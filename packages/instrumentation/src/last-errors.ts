/** The last errors that methods and routes failed with, for people who look. They are kept only where something asks for them. */
import { types } from 'node:util';
import { currentRequestContext, withoutCredentials } from '@tsukimi/core';
import type { MetricsRegistry } from '@tsukimi/metrics';
import { errorClassName } from './error-class-name.js';

/** An error that a method of a component, or a request to a route, failed with. */
export interface FailedCall {
  /** Ascending, from 1. */
  readonly id: number;
  /** What failed: the call of a method, or a request, which was answered with a status of 500 or above. */
  readonly of: 'method' | 'route';
  /** The end of the call, in milliseconds since 1970. */
  readonly atMs: number;
  /** Of a route, the first method that failed with the same error; undefined if none did. */
  readonly component: string | undefined;
  readonly method: string | undefined;
  /** The class of what was thrown. */
  readonly type: string;
  /** Without what looks like a credential, and cut; undefined if messages are not kept, or there is none. */
  readonly message: string | undefined;
  /** The route, such as `GET /api/users/:userId`. Of a method, undefined outside of a request, and where there is no request context. */
  readonly route: string | undefined;
}

interface Place {
  readonly component: string;
  readonly method: string;
}

const MOST_PER_PLACE = 10;
const MOST_PLACES = 200;
const LONGEST_MESSAGE = 500;

const kept = new WeakMap<MetricsRegistry, LastErrors>();

/** Keeps the last errors of a registry's calls and requests from now on: at most 10 for a method or route, and 2000 in all. */
export function keepLastErrors(registry: MetricsRegistry, options: { readonly messages: boolean }): LastErrors {
  const errors = kept.get(registry) ?? new LastErrors(options);
  kept.set(registry, errors);
  return errors;
}

/** Called for each failure, so it only looks up where they are kept. */
export function noteFailure(registry: MetricsRegistry, failed: Place & { readonly thrown: unknown }): void {
  kept.get(registry)?.add(failed);
}

/** The last errors of a registry, if they are kept; the newest first. */
export function lastErrorsOf(registry: MetricsRegistry): readonly FailedCall[] {
  return kept.get(registry)?.all ?? [];
}

/** Whether the last errors of a registry are kept. */
export function keepsErrors(registry: MetricsRegistry): boolean {
  return kept.has(registry);
}

/** Called for each request that an error answered. @param failed with the route as the metrics name it, such as `GET /api/users/:userId` */
export function noteFailedRequest(registry: MetricsRegistry, failed: { readonly route: string; readonly thrown: unknown }): void {
  kept.get(registry)?.addRequest(failed);
}

/** What the page reads of the last errors. */
export interface KeptErrors {
  /** The newest first, as in all lists of them. */
  readonly all: readonly FailedCall[];
  of(component: string, method: string): readonly FailedCall[];
  ofRoute(route: string): readonly FailedCall[];
}

export class LastErrors implements KeptErrors {
  /** By method or route; the one that failed last comes last. */
  readonly #byPlace = new Map<string, FailedCall[]>();
  /** Where errors were thrown first, as far as it is known. */
  readonly #origins = new WeakMap<object, Place>();
  readonly #hasMessages: boolean;
  #count = 0;

  constructor({ messages }: { readonly messages: boolean }) {
    this.#hasMessages = messages;
  }

  /** The newest first. */
  get all(): readonly FailedCall[] {
    return [...this.#byPlace.values()].flat().sort((a, b) => b.id - a.id);
  }

  /** The newest first. */
  of(component: string, method: string): readonly FailedCall[] {
    return (this.#byPlace.get(methodKey(component, method)) ?? []).toReversed();
  }

  /** The newest first. @param route such as `GET /api/users/:userId` */
  ofRoute(route: string): readonly FailedCall[] {
    return (this.#byPlace.get(route) ?? []).toReversed();
  }

  /** Ascending with every error. */
  get newest(): number {
    return this.#count;
  }

  add({ component, method, thrown }: Place & { readonly thrown: unknown }): void {
    if (isObject(thrown) && !this.#origins.has(thrown)) this.#origins.set(thrown, { component, method });
    this.#keep(methodKey(component, method), { of: 'method', component, method, route: currentRoute(), thrown });
  }

  addRequest({ route, thrown }: { readonly route: string; readonly thrown: unknown }): void {
    const { component, method } = (isObject(thrown) ? this.#origins.get(thrown) : undefined) ?? {};
    this.#keep(route, { of: 'route', component, method, route, thrown });
  }

  #keep(
    key: string,
    { thrown, ...failed }: Pick<FailedCall, 'of' | 'component' | 'method' | 'route'> & { readonly thrown: unknown },
  ): void {
    this.#count += 1;
    const calls = this.#byPlace.get(key) ?? [];
    const message = this.#hasMessages ? messageOf(thrown) : undefined;
    calls.push({ id: this.#count, atMs: Date.now(), type: errorClassName(thrown), message, ...failed });
    if (calls.length > MOST_PER_PLACE) calls.shift();
    this.#byPlace.delete(key);
    this.#byPlace.set(key, calls);
    if (this.#byPlace.size > MOST_PLACES) this.#byPlace.delete(this.#byPlace.keys().next().value as string);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function currentRoute(): string | undefined {
  const { method, route } = currentRequestContext() ?? {};
  return method === undefined || route === undefined ? undefined : `${method} ${route}`;
}

/** Reads no getter: nothing of the thrown value runs. */
function messageOf(thrown: unknown): string | undefined {
  const text = isObject(thrown) && !types.isProxy(thrown) ? (Object.getOwnPropertyDescriptor(thrown, 'message')?.value as unknown) : thrown;
  if (typeof text !== 'string' || text === '') return undefined;
  const clean = withoutCredentials(text.slice(0, 4 * LONGEST_MESSAGE)).toWellFormed();
  return clean.length > LONGEST_MESSAGE ? `${clean.slice(0, LONGEST_MESSAGE)}...` : clean;
}

/** No route has a line break. */
function methodKey(component: string, method: string): string {
  return `${component}\n${method}`;
}
