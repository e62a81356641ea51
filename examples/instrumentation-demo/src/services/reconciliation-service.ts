/** Looks through what is stored for what should not be there. */
import { Scheduled, Service } from 'tsukimi';
import type { Order } from '../domain/order.js';
import { OrderRepository } from '../repositories/order-repository.js';

@Service()
export class ReconciliationService {
  constructor(private readonly orders: OrderRepository) {}

  /** Every 10 s; fails, and shows in `scheduler_task_executions_total`, while there is an order with an amount of zero or below. */
  @Scheduled({ fixedRate: 10_000 })
  async reconcile(): Promise<void> {
    const wrong = await this.orders.findNonPositive();
    if (wrong.length > 0) throw new NonPositiveAmountError(wrong);
  }
}

/** What the task is there to find. Where it was thrown is of no interest, so the log gets one line and no stack. */
class NonPositiveAmountError extends Error {
  override readonly name = 'NonPositiveAmountError';

  constructor(wrong: readonly Order[]) {
    super(
      `${wrong.length} order(s) with a non-positive amount, the first is order ${wrong[0]?.id}. This is part of the demo: the task fails while there is one.`,
    );
    this.stack = `${this.name}: ${this.message}`;
  }
}
