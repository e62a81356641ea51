/** `/requests`: what was logged, read from PostgreSQL. */
import { Controller, Get } from 'tsukimi';
import type { RouteCount } from './logged-request.js';
import { RequestLog } from './request-log.js';

@Controller('/requests')
export class RequestController {
  constructor(private readonly log: RequestLog) {}

  @Get('/')
  counts(): Promise<RouteCount[]> {
    return this.log.countByRoute();
  }
}
