/** A book, as it is stored and as it goes over the wire. */
import { type Static, Type } from 'typebox';

/** What a client sends to add a book. */
export const NewBookSchema = Type.Object({
  title: Type.String({ minLength: 1, maxLength: 200 }),
  format: Type.Union([Type.Literal('paper'), Type.Literal('electronic')]),
});

/** A book that has no id yet. */
export type NewBook = Static<typeof NewBookSchema>;

/** A book; ids are integers from 1. */
export interface Book extends NewBook {
  readonly id: number;
}
