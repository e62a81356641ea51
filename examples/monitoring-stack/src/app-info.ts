/** `app_info`: which application this is and in which version, as labels of a sample that is always 1. */
import { InstrumentationProvider, Service, Value } from 'tsukimi';

@Service()
export class AppInfo {
  constructor(instrumentation: InstrumentationProvider, @Value('${app.name}') name: string, @Value('${app.version}') version: string) {
    instrumentation
      .info({ name: 'app_info', help: 'Name and version of the application.', labelNames: ['name', 'version'] })
      .set({ name, version });
  }
}
