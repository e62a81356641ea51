/** Finds the measured method that a frame of a profile belongs to. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { MeasuredFunction } from '../calls/call-instrumenter.js';
import { watchNewFunctions } from '../calls/wrappers/recent-functions.js';
import { instrumenterOf } from '../instrument/instrument.js';
import { findPlaces, type Place, placeOf, type ScriptPosition } from './function-places.js';
import type { Session } from './thread-inspector.js';

/** A measured method; or several whose function is the same, such as one that two components inherit, because a profile can't tell them apart. */
export interface Owner {
  readonly component: string;
  readonly method: string;
  readonly isShared: boolean;
}

/** The methods of a registry. New ones can be added while a profile is taken. */
export class Owners {
  readonly #named = new Map<Place, Map<string, { readonly component: string; readonly method: string }>>();
  readonly #owners = new Map<Place, Owner>();

  async add(session: Session, functions: Iterable<MeasuredFunction>): Promise<void> {
    const all = [...functions];
    const places = await findPlaces(
      session,
      all.map(({ original }) => original),
    );
    for (const { component, method, original } of all) {
      const place = places.get(original);
      if (place === undefined) continue;
      const named = this.#named.get(place) ?? new Map();
      this.#named.set(place, named.set(`${component} ${method}`, { component, method }));
    }
    for (const [place, named] of this.#named) this.#owners.set(place, ownerOf([...named.values()]));
  }

  of(frame: ScriptPosition): Owner | undefined {
    return this.#owners.get(placeOf(frame));
  }
}

/** Takes a profile. The methods are found before it, as functions may be gone after it, and again when `current` is called, as others are new then. */
export async function withOwners<T>(
  session: Session,
  registry: MetricsRegistry,
  take: (current: () => Promise<Owners>) => Promise<T>,
): Promise<T> {
  const owners = new Owners();
  const find = () => owners.add(session, instrumenterOf(registry).measuredFunctions());
  const unwatch = watchNewFunctions();
  try {
    await find();
    return await take(async () => {
      await find();
      return owners;
    });
  } finally {
    unwatch();
  }
}

function ownerOf(named: readonly { readonly component: string; readonly method: string }[]): Owner {
  const listed = (key: 'component' | 'method') => listOf([...new Set(named.map((each) => each[key]))].sort());
  return { component: listed('component'), method: listed('method'), isShared: named.length > 1 };
}

const MOST_NAMES = 3;

function listOf(names: readonly string[]): string {
  if (names.length <= MOST_NAMES) return names.join(', ');
  return `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`;
}
