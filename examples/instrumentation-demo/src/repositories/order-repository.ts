/** Orders, kept in memory; asynchronous as a database is. */
import { HealthCheck, type HealthCheckOutcome, Instrumented, Repository } from 'tsukimi';
import type { NewOrder, Order } from '../domain/order.js';

/** What a column `numeric(10, 2)` holds is below this. */
const AMOUNT_LIMIT = 1e8;

@Repository()
export class OrderRepository {
  readonly #orders: Order[] = [];

  /** Stores an order under the next id; an amount that its column is too narrow for fails, as it would in a database, and gets a 500. */
  async insert({ user_id, product_type, amount, region }: NewOrder): Promise<Order> {
    if (amount >= AMOUNT_LIMIT) throw new RangeError(`numeric field overflow: the amount ${amount} does not fit numeric(10, 2)`);
    const order: Order = { id: this.#orders.length + 1, user_id, product_type, amount, region };
    this.#orders.push(order);
    return order;
  }

  /** Asked by /health/ready. It is not measured as a call, because it is none of the application's work. */
  @HealthCheck({ name: 'order-storage' })
  @Instrumented({ enabled: false })
  async ping(): Promise<HealthCheckOutcome> {
    return { status: 'up', message: `${this.#orders.length} orders in memory` };
  }

  async findAll(): Promise<Order[]> {
    return [...this.#orders];
  }

  async findByUser(userId: number): Promise<Order[]> {
    return this.#orders.filter((order) => order.user_id === userId);
  }

  async findNonPositive(): Promise<Order[]> {
    return this.#orders.filter((order) => order.amount <= 0);
  }
}
