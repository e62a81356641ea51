/** Recognizes the platform's base classes, such as `Map`, `EventEmitter`, streams and servers, whose methods are not the component's own. */
import asyncHooks from 'node:async_hooks';
import childProcess from 'node:child_process';
import events from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import readline from 'node:readline';
import stream from 'node:stream';
import tls from 'node:tls';
import { types } from 'node:util';
import workerThreads from 'node:worker_threads';
import zlib from 'node:zlib';

// The modules with Node's classes that applications extend. These classes are written in JavaScript, so they can't be recognized otherwise.
const modules: readonly object[] = [asyncHooks, childProcess, events, fs, http, https, net, readline, stream, tls, workerThreads, zlib];

let nodePrototypes: ReadonlySet<unknown> | undefined;
const known = new WeakMap<object, boolean>();

/** Whether a prototype belongs to the platform. */
export function isOfThePlatform(prototype: object): boolean {
  let answer = known.get(prototype);
  if (answer === undefined) {
    answer = prototype === Object.prototype || isNodes(prototype) || isMadeByPlatform(prototype);
    known.set(prototype, answer);
  }
  return answer;
}

function isNodes(prototype: object): boolean {
  nodePrototypes ??= new Set(modules.flatMap((module) => Object.values(Object.getOwnPropertyDescriptors(module)).flatMap(prototypeOf)));
  return nodePrototypes.has(prototype);
}

function prototypeOf({ value }: PropertyDescriptor): object[] {
  const prototype: unknown = typeof value === 'function' ? Object.getOwnPropertyDescriptor(value, 'prototype')?.value : undefined;
  return typeof prototype === 'object' && prototype !== null ? [prototype] : [];
}

function isMadeByPlatform(prototype: object): boolean {
  if (types.isProxy(prototype)) return false;
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof maker === 'function' && !types.isProxy(maker) && (isNative(maker) || isGlobal(maker));
}

/** Whether a prototype is that of plain objects, of this realm or another. */
export function isObjectPrototype(prototype: object): boolean {
  return prototype === Object.prototype || (Object.getPrototypeOf(prototype) === null && isIntrinsic(prototype, ['Object']));
}

/** Whether a prototype is that of functions, of this realm or another. */
export function isFunctionPrototype(prototype: object): boolean {
  return isIntrinsic(prototype, ['Function', 'AsyncFunction', 'GeneratorFunction', 'AsyncGeneratorFunction']);
}

/** Whether a prototype is that of a built-in constructor with this name. Each realm, such as a `vm` context, has its own. */
function isIntrinsic(prototype: object, names: readonly string[]): boolean {
  if (types.isProxy(prototype)) return false;
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof maker !== 'function' || types.isProxy(maker) || !isNative(maker)) return false;
  const of: unknown = Object.getOwnPropertyDescriptor(maker, 'prototype')?.value;
  return of === prototype && names.includes(String(Object.getOwnPropertyDescriptor(maker, 'name')?.value));
}

/** Whether a function is built in or bound, and therefore has no source. */
// biome-ignore lint/complexity/noBannedTypes: any function at all.
export function isNative(value: Function): boolean {
  return /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(value));
}

// The platform's globals are not enumerable; those that an application sets are.
// biome-ignore lint/complexity/noBannedTypes: as above.
function isGlobal(maker: Function): boolean {
  const own = Object.getOwnPropertyDescriptor(globalThis, maker.name);
  return own !== undefined && own.enumerable === false && Reflect.get(globalThis, maker.name) === maker;
}
