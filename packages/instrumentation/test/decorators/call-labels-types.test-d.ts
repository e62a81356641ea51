/** What the compiler takes for labels that depend on the call: checked by tsc, never run. */
import { Counted, type MethodCall, Timed } from '@tsukimi/instrumentation';

interface Order {
  readonly tier: 'free' | 'paid';
  readonly country: string;
}

export class OrderService {
  @Timed({ name: 'a_seconds', buckets: [1], labelValues: { tier: ['free', 'paid'] }, labels: (call) => ({ tier: call.args[0].tier }) })
  @Counted({
    name: 'a_total',
    labelValues: { tier: ['free', 'paid'], country: { maxValues: 50 }, rows: {} },
    labels: ({ args: [order], status, result }) => ({
      tier: order.tier,
      country: order.country,
      rows: status === 'success' ? (result?.toFixed() ?? 'none') : 'failed',
    }),
  })
  async create(order: Order): Promise<number> {
    return order.tier.length;
  }

  @Timed({ name: 'b_seconds', labelValues: { n: {} }, labels: ({ args: [n], error }) => ({ n: error === undefined ? n : 'failed' }) })
  held = (n: number): number => n;

  @Counted({ name: 'c_total', labelValues: { end: {} }, labels: ({ result }) => ({ end: result?.tier ?? 'none' }) })
  async *rows(order: Order): AsyncGenerator<number, Order> {
    yield 1;
    return order;
  }

  @Counted({ name: 'd_total', labelValues: { hidden: [true, false] }, labels: (call) => ({ hidden: call.args[0].tier === 'free' }) })
  protected hidden(order: Order): Order {
    return this.alsoHidden(order);
  }

  @Counted({
    name: 'e_total',
    labelValues: { n: {} },
    labels: (call: MethodCall<(order: Order, n: number) => void>) => ({ n: call.args[1] }),
  })
  annotated(_order: Order, _n: number): void {}

  @Counted({ name: 'f_total', labels: { table: 'orders' } })
  fixed(): void {}

  @Counted({ name: 'g_total', labelValues: { n: {} }, labels: () => ({ n: 1 }) })
  generic<T>(value: T): T {
    return value;
  }

  // @ts-expect-error There is no second argument.
  @Timed({ name: 'x_seconds', labelValues: { n: {} }, labels: (call) => ({ n: call.args[1] }) })
  tooFar(_order: Order): void {}

  // @ts-expect-error The argument has no such property.
  @Timed({ name: 'x_seconds', labelValues: { n: {} }, labels: (call) => ({ n: call.args[0].name }) })
  private alsoHidden(order: Order): Order {
    return order;
  }

  // @ts-expect-error The same of a property.
  @Timed({ name: 'x_seconds', labelValues: { n: {} }, labels: (call) => ({ n: call.args[0].name }) })
  heldToo = (order: Order): Order => order;

  // @ts-expect-error The result has no such property.
  @Counted({ name: 'x_total', labelValues: { n: {} }, labels: (call) => ({ n: call.result?.rows ?? 0 }) })
  async noRows(): Promise<Order | undefined> {
    return undefined;
  }

  // @ts-expect-error The label is not declared.
  @Counted({ name: 'x_total', labelValues: { tier: ['free'] }, labels: (call) => ({ tier: call.args[0].tier, other: 1 }) })
  undeclared(_order: Order): void {}

  // @ts-expect-error A declared label is missing.
  @Counted({ name: 'x_total', labelValues: { tier: ['free'], country: {} }, labels: (call) => ({ tier: call.args[0].tier }) })
  missing(_order: Order): void {}

  // @ts-expect-error A promise is no label value.
  @Counted({ name: 'x_total', labelValues: { tier: ['free'] }, labels: async () => ({ tier: 'free' }) })
  later(): void {}

  // @ts-expect-error An object is no label value.
  @Counted({ name: 'x_total', labelValues: { tier: ['free'] }, labels: (call) => ({ tier: call.args[0] }) })
  object(_order: Order): void {}

  // @ts-expect-error Labels of the call are declared.
  @Counted({ name: 'x_total', labels: () => ({ tier: 'free' }) })
  notDeclared(): void {}
}
