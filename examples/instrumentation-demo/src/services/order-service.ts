/** The rules for orders, and the metrics that only this service can know. */
import { InstrumentationProvider, Service } from 'tsukimi';
import type { NewOrder, Order } from '../domain/order.js';
import { type Revenue, revenueOf } from '../domain/revenue.js';
import { sizeRange } from '../domain/size-range.js';
import { OrderRepository } from '../repositories/order-repository.js';
import { UserService } from './user-service.js';

@Service()
export class OrderService {
  readonly #rowsReturned;

  constructor(
    private readonly orders: OrderRepository,
    private readonly users: UserService,
    private readonly instrumentation: InstrumentationProvider,
  ) {
    this.#rowsReturned = instrumentation.histogram({
      name: 'database_query_rows_returned',
      help: 'Rows that a query returned.',
      labelNames: ['table', 'query_type'],
      buckets: [0, 1, 10, 100, 1_000, 10_000],
    });
  }

  /** Creates an order; an unknown user gets a 404. */
  async create(input: NewOrder): Promise<Order> {
    await this.users.byId(input.user_id);
    const order = await this.orders.insert(input);
    this.instrumentation.recordMetric('database_writes_total', 1, { table: 'orders', operation: 'insert' });
    return order;
  }

  async all(): Promise<Order[]> {
    return this.#fullScan('all', await this.orders.findAll());
  }

  /** The orders of a user; an unknown one gets a 404. */
  async byUser(userId: number): Promise<Order[]> {
    await this.users.byId(userId);
    const orders = await this.orders.findByUser(userId);
    this.#rowsReturned.observe({ table: 'orders', query_type: 'by_user' }, orders.length);
    return orders;
  }

  async revenue(): Promise<Revenue> {
    const orders = this.#fullScan('revenue', await this.orders.findAll());
    const labels = { operation: 'revenue', records_processed: sizeRange(orders.length) };
    this.instrumentation.recordMetric('expensive_aggregation_total', 1, labels);
    return revenueOf(orders);
  }

  // A #private method is the class's own business: it is not instrumented.
  #fullScan(queryType: string, orders: Order[]): Order[] {
    this.instrumentation.recordMetric('database_full_scan_total', 1, { table: 'orders' });
    this.#rowsReturned.observe({ table: 'orders', query_type: queryType }, orders.length);
    return orders;
  }
}
