/** `/api/users`. */
import { Body, Controller, Get, HttpCode, Param, Post } from 'tsukimi';
import { type NewUser, NewUserSchema, type User } from '../domain/user.js';
import { UserService } from '../services/user-service.js';

@Controller('/api/users')
export class UserController {
  constructor(private readonly service: UserService) {}

  @Post('/')
  @HttpCode(201)
  create(@Body(NewUserSchema) input: NewUser): Promise<User> {
    return this.service.create(input);
  }

  @Get('/')
  all(): Promise<User[]> {
    return this.service.all();
  }

  @Get('/:userId')
  byId(@Param('userId') userId: number): Promise<User> {
    return this.service.byId(userId);
  }
}
