/** What was earned, and where; amounts are rounded to cents. */
import type { Order } from './order.js';

/** The sum over all orders. */
export interface Revenue {
  readonly order_count: number;
  readonly total_revenue: number;
  readonly by_region: Readonly<Record<string, number>>;
}

/** Adds up orders. */
export function revenueOf(orders: readonly Order[]): Revenue {
  const byRegion = new Map<string, number>();
  for (const { region, amount } of orders) byRegion.set(region, (byRegion.get(region) ?? 0) + amount);
  return {
    order_count: orders.length,
    total_revenue: toCents(orders.reduce((sum, order) => sum + order.amount, 0)),
    by_region: Object.fromEntries([...byRegion].map(([region, sum]) => [region, toCents(sum)])),
  };
}

function toCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
