/** Looks through what is stored for what should not be there. */
import { Scheduled, Service } from 'tsukimi';
import { OrderRepository } from '../repositories/order-repository.js';

@Service()
export class ReconciliationService {
  constructor(private readonly orders: OrderRepository) {}

  /** Every 10 s; fails, and shows in `scheduler_task_executions_total`, while there is an order with an amount of zero or below. */
  @Scheduled({ fixedRate: 10_000 })
  async reconcile(): Promise<void> {
    const wrong = await this.orders.findNonPositive();
    if (wrong.length > 0) throw new Error(`${wrong.length} order(s) with a non-positive amount, the first is order ${wrong[0]?.id}.`);
  }
}
