/** The application whose configuration is tested. */
import { Service } from '@tsukimi/core';
import { instrumentedApplication } from './start.js';

@Service()
export class CacheService {
  get() {}
  set() {}
}

@Service()
export class OrderService {
  constructor(private readonly cache: CacheService) {}
  create() {
    this.cache.set();
  }
}

export const App = instrumentedApplication([CacheService, OrderService]);
