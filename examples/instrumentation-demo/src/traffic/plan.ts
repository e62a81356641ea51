/** What to send next: a mix of what clients do, mistakes included. */
import { type Random, seededRandom } from './random.js';

/** One request of the plan. */
export interface PlannedRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** What the route is called in the metrics: its template, or `<unmatched>`. */
  readonly route: string;
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>>;
}

type Step = () => PlannedRequest;

const UNKNOWN_USER = 1_000_000_000;
const TOO_MUCH = 1e8;
const PRODUCTS = ['book', 'lamp', 'tea', 'telescope'] as const;
const REGIONS = ['ap', 'eu', 'us'] as const;

/** Plans requests one by one; the same seed and the same answers give the same requests. */
export class TrafficPlan {
  readonly #random: Random;
  readonly #prefix: string;
  readonly #userIds: number[] = [];
  readonly #usernames: string[] = [];

  /** @param seed a 32-bit integer; it is part of every username, so that two runs do not collide. */
  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#prefix = (seed >>> 0).toString(36);
  }

  /** The next request; the first creates a user. */
  next(): PlannedRequest {
    if (this.#userIds.length === 0) return this.#createUser();
    return this.#random.weighted(this.#steps)();
  }

  /** Tells of an answer, since what was created is asked for later. */
  answered({ method, path }: PlannedRequest, answer: { readonly status: number; readonly body: unknown }): void {
    const created = method === 'POST' && path === '/api/users' && answer.status === 201;
    if (created && isNumbered(answer.body)) this.#userIds.push(answer.body.id);
  }

  readonly #createUser: Step = () => {
    const username = `${this.#prefix}-${this.#usernames.length + 1}`;
    this.#usernames.push(username);
    return post('/api/users', { username, email: `${username}@example.com` });
  };

  readonly #createOrder: Step = () => {
    // Of 150 orders three are wrong, so that the reconciliation task has something to find, and one is too much for its column: a 500.
    const draw = this.#random.integer(1, 150);
    const amount = draw <= 3 ? 0 : draw === 4 ? TOO_MUCH : this.#random.integer(100, 50_000) / 100;
    return post('/api/orders', this.#order(this.#knownUser(), amount));
  };

  readonly #steps = [
    { weight: 14, item: this.#createUser },
    { weight: 28, item: this.#createOrder },
    { weight: 8, item: () => get('/api/users') },
    { weight: 14, item: () => get(`/api/users/${this.#knownUser()}`, '/api/users/:userId') },
    { weight: 7, item: () => get('/api/orders') },
    { weight: 10, item: () => get(`/api/orders/user/${this.#knownUser()}`, '/api/orders/user/:userId') },
    { weight: 6, item: () => get('/api/orders/revenue') },
    // Mistakes: 404, 400, 409, and a path that does not exist.
    { weight: 3, item: () => get(`/api/users/${UNKNOWN_USER}`, '/api/users/:userId') },
    { weight: 2, item: () => get('/api/users/none', '/api/users/:userId') },
    { weight: 2, item: () => post('/api/users', { username: this.#random.pick(['x', 'no spaces please']), email: 'nobody@example.com' }) },
    { weight: 1, item: () => post('/api/users', { username: this.#usernames[0], email: 'again@example.com' }) },
    { weight: 2, item: () => post('/api/orders', this.#order(UNKNOWN_USER, 1)) },
    { weight: 2, item: () => post('/api/orders', { ...this.#order(this.#knownUser(), 1), amount: 'a lot' }) },
    { weight: 1, item: () => get(`/api/${this.#random.pick(['user', 'order', 'revenue'])}/${this.#random.integer(1, 9)}`, '<unmatched>') },
  ] as const;

  #knownUser(): number {
    const [first = 1, ...others] = this.#userIds;
    return this.#random.pick([first, ...others]);
  }

  #order(userId: number, amount: number): Readonly<Record<string, unknown>> {
    return { user_id: userId, product_type: this.#random.pick(PRODUCTS), amount, region: this.#random.pick(REGIONS) };
  }
}

function get(path: string, route = path): PlannedRequest {
  return { method: 'GET', path, route };
}

function post(path: string, body: Readonly<Record<string, unknown>>): PlannedRequest {
  return { method: 'POST', path, route: path, body };
}

function isNumbered(body: unknown): body is { readonly id: number } {
  return typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'number';
}
