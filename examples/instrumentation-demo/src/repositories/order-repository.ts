/** Orders, kept in memory; asynchronous as a database is. */
import { Repository } from 'tsukimi';
import type { NewOrder, Order } from '../domain/order.js';

@Repository()
export class OrderRepository {
  readonly #orders: Order[] = [];

  /** Stores an order under the next id. */
  async insert({ user_id, product_type, amount, region }: NewOrder): Promise<Order> {
    const order: Order = { id: this.#orders.length + 1, user_id, product_type, amount, region };
    this.#orders.push(order);
    return order;
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
