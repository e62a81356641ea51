/** A car, and what a client may send of one. */

export interface Car {
  readonly id: number;
  readonly model: string;
  readonly year: number;
}

/** A car that has no id yet. */
export type NewCar = Omit<Car, 'id'>;

const properties = {
  model: { type: 'string', minLength: 1, maxLength: 100 },
  year: { type: 'integer', minimum: 1886, maximum: 2100 },
} as const;

export const newCarSchema = { type: 'object', required: ['model', 'year'], properties, additionalProperties: false } as const;

export const carChangesSchema = { type: 'object', minProperties: 1, properties, additionalProperties: false } as const;

export const carParamsSchema = { type: 'object', required: ['id'], properties: { id: { type: 'integer', minimum: 1 } } } as const;
