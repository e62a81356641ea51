/** Deletes logged requests that are old, so that the table does not grow for ever. */
import { Scheduled, Service, Value } from 'tsukimi';
import { RequestRepository } from './request-repository.js';

@Service()
export class RequestRetention {
  constructor(
    private readonly repository: RequestRepository,
    @Value('${request_log.keep_hours:24}') private readonly keepHours: number,
  ) {}

  @Scheduled({ fixedRate: 60_000, name: 'delete-old-requests' })
  async deleteOld(): Promise<void> {
    await this.repository.deleteOlderThan(this.keepHours);
  }
}
