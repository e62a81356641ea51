/** A user, as it is stored and as it goes over the wire. */
import { type Static, Type } from 'typebox';

/** What a client sends to create a user. */
export const NewUserSchema = Type.Object({
  username: Type.String({ pattern: '^[A-Za-z0-9._-]{3,32}$' }),
  email: Type.String({ format: 'email', maxLength: 254 }),
});

/** A user that has no id yet. */
export type NewUser = Static<typeof NewUserSchema>;

/** A user; ids are integers from 1. */
export interface User extends NewUser {
  readonly id: number;
}
