/** Users, kept in memory; asynchronous as a database is. */
import { Repository } from 'tsukimi';
import type { NewUser, User } from '../domain/user.js';

@Repository()
export class UserRepository {
  readonly #users = new Map<number, User>();
  readonly #usernames = new Set<string>();

  /** Stores a user under the next id. */
  async insert({ username, email }: NewUser): Promise<User> {
    const user: User = { id: this.#users.size + 1, username, email };
    this.#users.set(user.id, user);
    this.#usernames.add(username);
    return user;
  }

  async findAll(): Promise<User[]> {
    return [...this.#users.values()];
  }

  async findById(id: number): Promise<User | undefined> {
    return this.#users.get(id);
  }

  async existsByUsername(username: string): Promise<boolean> {
    return this.#usernames.has(username);
  }
}
