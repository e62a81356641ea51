/** The application that the live page shows in these tests. */
import {
  Application,
  Controller,
  createApplication,
  Get,
  InstrumentationProvider,
  Instrumented,
  Param,
  Repository,
  Scheduled,
  Service,
} from 'tsukimi';
import { onTestFinished } from 'vitest';
import type { Meta } from '../../../src/api-types.js';

@Repository()
class MoonRepository {
  async find(night: number) {
    if (night < 0) throw new RangeError(`no night ${night}`);
    return { night, phase: 'full' };
  }
}

@Service()
class MoonService {
  constructor(
    private readonly instrumentation: InstrumentationProvider,
    private readonly moons: MoonRepository,
  ) {}

  async phase(night: number) {
    this.instrumentation.recordMetric('moon_viewings_total', 1, { phase: 'full' });
    return await this.moons.find(night);
  }

  @Scheduled({ name: 'rise', fixedRate: 2000 })
  rise(): void {}
}

@Controller('/moon')
class MoonController {
  constructor(private readonly moon: MoonService) {}

  @Get('/')
  list() {
    return [];
  }

  @Get('/:night')
  async phase(@Param('night') night: number) {
    return await this.moon.phase(night);
  }
}

@Instrumented()
@Application({ components: [MoonRepository, MoonService, MoonController] })
class MoonApplication {}

export interface RunningMoon {
  readonly url: string;
  readonly page: string;
  readonly port: number;
  /** Sends requests, and waits for their answers. */
  ask(...paths: readonly string[]): Promise<void>;
  /** An answer of the page's API. */
  api<T>(path: string): Promise<T>;
  close(): Promise<void>;
}

/** Closed at the end of the test. @param port of one that ran before; a free one by default */
export async function startMoon(port = 0, configuration: object = {}): Promise<RunningMoon> {
  const app = await createApplication(MoonApplication, {
    configuration: { app: { name: 'moon' }, server: { port }, logging: { level: 'silent' }, ...configuration } as unknown as Record<
      string,
      never
    >,
    environment: {},
    logger: false,
  });
  onTestFinished(() => app.close());
  const url = await app.listen();
  const api = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${url}/metrics/ui/api/${path}`);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  // What happened before the first sample is in no range.
  while ((await api<Meta>('meta')).history.bytes === 0);
  return {
    url,
    page: `${url}/metrics/ui/`,
    port: Number(new URL(url).port),
    async ask(...paths) {
      for (const path of paths) await (await fetch(url + path)).arrayBuffer();
    },
    api,
    close: () => app.close(),
  };
}
