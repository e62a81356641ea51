/** An order, as it is stored and as it goes over the wire. */
import { type Static, Type } from 'typebox';

/**
 * What a client sends to create an order.
 *
 * An `amount` of zero or below is accepted here and found by the reconciliation task: a rule that is broken only in
 * stored data is what a scheduled check is for.
 */
export const NewOrderSchema = Type.Object({
  user_id: Type.Integer({ minimum: 1 }),
  product_type: Type.String({ minLength: 1, maxLength: 64 }),
  amount: Type.Number(),
  region: Type.String({ minLength: 1, maxLength: 32 }),
});

/** An order that has no id yet. */
export type NewOrder = Static<typeof NewOrderSchema>;

/** An order; ids are integers from 1. */
export interface Order extends NewOrder {
  readonly id: number;
}
