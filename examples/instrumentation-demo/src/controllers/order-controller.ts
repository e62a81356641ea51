/** `/api/orders`. */
import { Body, Controller, Get, HttpCode, Param, Post, Slo } from 'tsukimi';
import { type NewOrder, NewOrderSchema, type Order } from '../domain/order.js';
import type { Revenue } from '../domain/revenue.js';
import { OrderService } from '../services/order-service.js';

@Slo({ objective: 99.5, latencyMs: 250 })
@Controller('/api/orders')
export class OrderController {
  constructor(private readonly service: OrderService) {}

  @Post('/')
  @HttpCode(201)
  create(@Body(NewOrderSchema) input: NewOrder): Promise<Order> {
    return this.service.create(input);
  }

  @Get('/')
  all(): Promise<Order[]> {
    return this.service.all();
  }

  @Get('/user/:userId')
  byUser(@Param('userId') userId: number): Promise<Order[]> {
    return this.service.byUser(userId);
  }

  @Get('/revenue')
  revenue(): Promise<Revenue> {
    return this.service.revenue();
  }
}
