/** The last errors that methods failed with, for people who look. They are kept only where something asks for them. */
import { types } from 'node:util';
import { currentRequestContext, withoutCredentials } from '@tsukimi/core';
import type { MetricsRegistry } from '@tsukimi/metrics';
import { errorClassName } from './error-class-name.js';

/** An error that a method of a component failed with. */
export interface FailedCall {
  /** Ascending, from 1. */
  readonly id: number;
  /** The end of the call, in milliseconds since 1970. */
  readonly atMs: number;
  readonly component: string;
  readonly method: string;
  /** The class of what was thrown. */
  readonly type: string;
  /** Without what looks like a credential, and cut; undefined if messages are not kept, or there is none. */
  readonly message: string | undefined;
  /** The request in which it failed, such as `GET /api/users/:userId`; undefined outside of one, and where there is no request context. */
  readonly route: string | undefined;
}

const MOST_PER_METHOD = 10;
const MOST_METHODS = 200;
const LONGEST_MESSAGE = 500;

const kept = new WeakMap<MetricsRegistry, LastErrors>();

/** Keeps the last errors of a registry's calls from now on: at most 10 for a method, and 2000 in all. */
export function keepLastErrors(registry: MetricsRegistry, options: { readonly messages: boolean }): LastErrors {
  const errors = kept.get(registry) ?? new LastErrors(options);
  kept.set(registry, errors);
  return errors;
}

/** Called for each failure, so it only looks up where they are kept. */
export function noteFailure(
  registry: MetricsRegistry,
  failed: { readonly component: string; readonly method: string; readonly thrown: unknown },
): void {
  kept.get(registry)?.add(failed);
}

export class LastErrors {
  /** The method that failed last comes last. */
  readonly #byMethod = new Map<string, FailedCall[]>();
  readonly #hasMessages: boolean;
  #count = 0;

  constructor({ messages }: { readonly messages: boolean }) {
    this.#hasMessages = messages;
  }

  /** The newest first. */
  get all(): readonly FailedCall[] {
    return [...this.#byMethod.values()].flat().sort((a, b) => b.id - a.id);
  }

  /** The newest first. */
  of(component: string, method: string): readonly FailedCall[] {
    return (this.#byMethod.get(keyOf(component, method)) ?? []).toReversed();
  }

  /** Ascending with every error. */
  get newest(): number {
    return this.#count;
  }

  add({ component, method, thrown }: { readonly component: string; readonly method: string; readonly thrown: unknown }): void {
    this.#count += 1;
    const key = keyOf(component, method);
    const calls = this.#byMethod.get(key) ?? [];
    const message = this.#hasMessages ? messageOf(thrown) : undefined;
    calls.push({ id: this.#count, atMs: Date.now(), component, method, type: errorClassName(thrown), message, route: currentRoute() });
    if (calls.length > MOST_PER_METHOD) calls.shift();
    this.#byMethod.delete(key);
    this.#byMethod.set(key, calls);
    if (this.#byMethod.size > MOST_METHODS) this.#byMethod.delete(this.#byMethod.keys().next().value as string);
  }
}

function currentRoute(): string | undefined {
  const { method, route } = currentRequestContext() ?? {};
  return method === undefined || route === undefined ? undefined : `${method} ${route}`;
}

/** Reads no getter: nothing of the thrown value runs. */
function messageOf(thrown: unknown): string | undefined {
  const text =
    typeof thrown === 'object' && thrown !== null && !types.isProxy(thrown)
      ? (Object.getOwnPropertyDescriptor(thrown, 'message')?.value as unknown)
      : thrown;
  if (typeof text !== 'string' || text === '') return undefined;
  const clean = withoutCredentials(text.slice(0, 4 * LONGEST_MESSAGE)).toWellFormed();
  return clean.length > LONGEST_MESSAGE ? `${clean.slice(0, LONGEST_MESSAGE)}...` : clean;
}

function keyOf(component: string, method: string): string {
  return `${component}\n${method}`;
}
