/** `/simulation`: a request as the simulation decides. */
import { setTimeout as delay } from 'node:timers/promises';
import { Controller, Get, Reply } from 'tsukimi';
import { type Outcome, Simulation } from './simulation.js';

@Controller('/simulation')
export class SimulationController {
  constructor(private readonly simulation: Simulation) {}

  @Get('/')
  async simulate(@Reply() reply: { code(status: number): unknown }): Promise<Outcome> {
    const outcome = this.simulation.next();
    await delay(outcome.latencyMs);
    reply.code(outcome.status);
    return outcome;
  }
}
