/** The application: what it consists of, and that it is measured. */
import { Application, Instrumented } from 'tsukimi';
import { HomeController } from './controllers/home-controller.js';
import { OrderController } from './controllers/order-controller.js';
import { UserController } from './controllers/user-controller.js';
import { OrderRepository } from './repositories/order-repository.js';
import { UserRepository } from './repositories/user-repository.js';
import { OrderService } from './services/order-service.js';
import { ReconciliationService } from './services/reconciliation-service.js';
import { UserService } from './services/user-service.js';

@Instrumented()
@Application({
  components: [
    HomeController,
    UserController,
    OrderController,
    UserService,
    OrderService,
    ReconciliationService,
    UserRepository,
    OrderRepository,
  ],
})
export class DemoApplication {}
