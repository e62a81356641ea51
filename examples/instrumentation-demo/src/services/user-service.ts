/** The rules for users. */
import { ConflictError, NotFoundError, Service } from 'tsukimi';
import type { NewUser, User } from '../domain/user.js';
import { UserRepository } from '../repositories/user-repository.js';

@Service()
export class UserService {
  constructor(private readonly users: UserRepository) {}

  /** Creates a user; a username that is taken gets a 409. */
  async create(input: NewUser): Promise<User> {
    if (await this.users.existsByUsername(input.username)) throw new ConflictError(`The username ${input.username} is taken.`);
    return this.users.insert(input);
  }

  async all(): Promise<User[]> {
    return this.users.findAll();
  }

  /** The user with an id; an unknown one gets a 404. */
  async byId(id: number): Promise<User> {
    const user = await this.users.findById(id);
    if (user === undefined) throw new NotFoundError(`There is no user ${id}.`);
    return user;
  }
}
