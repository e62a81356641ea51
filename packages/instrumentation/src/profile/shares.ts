/** Gives every sample of a call tree to the nearest measured method on its stack. */

import type { ComponentShare, FunctionShare, MeasuringShare, MethodShare, Share } from './component-profile.js';
import { OwnFrames, type OwnWork } from './own-frames.js';
import type { Owner, Owners } from './owners.js';
import { GrowingNode, type ProfileNode } from './profile-node.js';
import { Rows } from './rows.js';
import type { Frame, SampledNode } from './sampled-tree.js';
import { nameOf, shownPlace } from './shown-names.js';

/** What V8 puts at the top of the tree instead of a function, if there is no JavaScript on the stack. */
const STATES = { idle: '(idle)', garbage: '(garbage collector)', native: '(program)' } as const;

export interface Shares {
  readonly total: number;
  readonly idle: number;
  readonly methods: readonly MethodShare[];
  readonly components: readonly ComponentShare[];
  readonly outside: Share & { readonly functions: readonly FunctionShare[] };
  readonly garbageCollection: Share;
  readonly native: Share;
  readonly measuring: MeasuringShare;
  readonly tree: ProfileNode;
}

/** The measuring itself: a boundary like a method. What begins it decides what it is for. */
class Measuring {
  constructor(readonly work: OwnWork) {}
}

const MEASURING: Readonly<Record<OwnWork, Measuring>> = {
  calls: new Measuring('calls'),
  requests: new Measuring('requests'),
  reading: new Measuring('reading'),
  other: new Measuring('other'),
};

/** What is known of the frames above. */
interface Above {
  /** The owner of the samples. */
  readonly owner: Owner | Measuring | undefined;
  /** The nearest measured method. */
  readonly method: Owner | undefined;
  /** The nearest function that is neither native nor Node's own. */
  readonly caller: Frame | undefined;
  readonly node: GrowingNode;
}

const LISTED_FUNCTIONS = 20;

/** The files of Node in which a response is written, and what it calls for that. */
const SENDING = /^node:(_http_|_tls_|net$|internal\/(http2|streams|js_stream|stream_base)|stream)/;

/** Walks the tree once. */
export class ShareCount {
  readonly #own = new OwnFrames();
  readonly #methods = new Rows<Owner>();
  readonly #components = new Rows<string>();
  readonly #functions = new Map<string, { name: string; place: string; self: number }>();
  readonly #root = new GrowingNode('(root)');
  readonly #sums = { outside: 0, idle: 0, garbage: 0, native: 0 };
  readonly #measuring: Record<OwnWork, number> = { calls: 0, requests: 0, reading: 0, other: 0 };

  constructor(
    private readonly owners: Owners,
    private readonly kind: 'cpu' | 'heap',
  ) {}

  of(head: SampledNode): Shares {
    for (const child of head.children) this.#top(child);
    // Without any frame.
    this.#sums[this.kind === 'cpu' ? 'native' : 'outside'] += head.self;
    this.#root.add(head.self);
    const { outside, idle, garbage, native } = this.#sums;
    const { calls, requests, reading, other } = this.#measuring;
    const measuring = calls + requests + reading + other;
    const total = this.#methods.selfSum + outside + measuring + garbage + native;
    const share = (self: number): Share => ({ self, share: total === 0 ? 0 : self / total });
    const functions = [...this.#functions.values()].sort((a, b) => b.self - a.self).slice(0, LISTED_FUNCTIONS);
    return {
      total,
      idle,
      methods: this.#methods.sorted(total, ({ component, method, isShared }, place) => ({ component, method, isShared, place })),
      components: this.#components.sorted(total, (component) => ({ component })),
      outside: { ...share(outside), functions: functions.map((each) => ({ name: each.name, place: each.place, ...share(each.self) })) },
      garbageCollection: share(garbage),
      native: share(native),
      measuring: { ...share(measuring), calls: share(calls), requests: share(requests), reading: share(reading), other: share(other) },
      tree: this.#root.finished(total),
    };
  }

  #top(node: SampledNode): void {
    const { functionName, scriptId } = node.frame;
    const state = this.kind === 'cpu' && scriptId === '0' ? functionName : '';
    const all = sumOf(node);
    if (state === STATES.idle) this.#sums.idle += all;
    else if (state === STATES.garbage) this.#sums.garbage += all;
    else if (state === STATES.native) this.#sums.native += all;
    else {
      this.#walk(node, { owner: undefined, method: undefined, caller: undefined, node: this.#root });
      return;
    }
    if (state !== STATES.idle) this.#root.child(state, { name: state }).add(all);
  }

  /** @returns what was sampled in the node and below */
  #walk(sampled: SampledNode, above: Above): number {
    const { frame, self, children } = sampled;
    const found = this.owners.of(frame);
    const method = found ?? above.method;
    const owner = found ?? this.#ownerOf(frame, above);
    const caller = isForeign(frame) ? above.caller : frame;
    const isOurs = owner instanceof Measuring;
    const node = isOurs ? above.node.child('(measuring)', { name: '(measuring)' }) : above.node.child(keyOf(frame), shown(frame, found));
    this.#give(self, owner, caller ?? frame);
    node.add(self);
    const below: Above = { owner, method, caller, node: isOurs ? above.node : node };
    const leave =
      found === undefined ? undefined : [this.#methods.enter(found, shownPlace(frame)), this.#components.enter(found.component, '')];
    let sum = self;
    for (const child of children) sum += this.#walk(child, below);
    for (const left of leave ?? []) left(sum);
    return sum;
  }

  /**
   * Functions that are called by our code and are neither ours nor Node's belong to the method above: our hooks call handlers of the application.
   * So do Node's functions that send: our stand-ins call them for what the application writes.
   */
  #ownerOf(frame: Frame, { owner, method }: Above): Above['owner'] {
    const work = this.#own.of(frame.url);
    if (work !== undefined) return owner instanceof Measuring ? owner : MEASURING[work];
    return owner instanceof Measuring && (!isForeign(frame) || SENDING.test(frame.url)) ? method : owner;
  }

  #give(self: number, owner: Above['owner'], frame: Frame): void {
    if (self === 0) return;
    if (owner instanceof Measuring) this.#measuring[owner.work] += self;
    else if (owner !== undefined) {
      this.#methods.give(owner, self);
      this.#components.give(owner.component, self);
    } else {
      this.#sums.outside += self;
      const key = keyOf(frame);
      const known = this.#functions.get(key);
      if (known === undefined) this.#functions.set(key, { name: nameOf(frame), place: shownPlace(frame), self });
      else known.self += self;
    }
  }
}

function shown(frame: Frame, owner: Owner | undefined) {
  return {
    name: nameOf(frame),
    place: shownPlace(frame),
    ...(owner !== undefined && { component: owner.component, method: owner.method }),
  };
}

function isForeign({ url, scriptId }: Frame): boolean {
  return scriptId === '0' || url.startsWith('node:');
}

function keyOf({ functionName, scriptId, lineNumber, columnNumber }: Frame): string {
  return `${scriptId}:${lineNumber}:${columnNumber}:${functionName}`;
}

function sumOf({ self, children }: SampledNode): number {
  return children.reduce((sum, child) => sum + sumOf(child), self);
}
