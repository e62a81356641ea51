/** A job's result is its own, whatever becomes of the push. */
import { runJob } from '@tsukimi/metrics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../../test/support/free-port.js';
import { requireBinary } from '../../../../test/support/server-binary.js';
import { openRegistry, untyped } from '../support/open-registry.js';
import { type Pushgateway, startPushgateway } from '../support/pushgateway.js';

const binary = requireBinary('prometheus-pushgateway');

describe.skipIf(binary.skipReason)('with a Pushgateway', () => {
  let gateway: Pushgateway;
  beforeAll(async () => {
    gateway = await startPushgateway(binary.path);
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  test('the result is returned, and what was recorded is there', async () => {
    const { registry, errors } = openRegistry();
    const rows = registry.counter({ name: 'rows_total', help: 'Rows.' });
    const result = {};
    const given = await runJob({ url: gateway.url, job: 'import', registry }, async () => {
      rows.inc(5);
      return result;
    });
    expect(given).toBe(result);
    expect(await gateway.lines()).toEqual(['rows_total{instance="",job="import"} 5']);
    expect(errors).toEqual([]);
  });

  test('a job that fails is pushed too, and fails with its own error', async () => {
    const { registry } = openRegistry();
    const failures = registry.counter({ name: 'failures_total', help: 'F.' });
    const error = new Error('mine');
    const job = runJob({ url: gateway.url, job: 'failing', groupings: { shard: 1 }, registry }, () => {
      failures.inc();
      throw error;
    });
    await expect(job).rejects.toBe(error);
    expect(await gateway.lines()).toContain('failures_total{instance="",job="failing",shard="1"} 1');
  });
});

describe('without one', () => {
  const down = async () => {
    const opened = openRegistry();
    return {
      ...opened,
      options: { url: `http://127.0.0.1:${await freePort()}`, job: 'import', registry: opened.registry, retries: 1, retryDelayMs: 1 },
    };
  };

  test("the result is the job's, and the failure is reported, each time", async () => {
    const { options, errors } = await down();
    expect(await runJob(options, () => 'one')).toBe('one');
    expect(await runJob(options, () => Promise.resolve('two'))).toBe('two');
    expect(errors.map(({ code }) => code)).toEqual(['TSK_ERR_PUSH_FAILED', 'TSK_ERR_PUSH_FAILED']);
    expect(errors[0]?.message).toContain('The metrics of job "import" were not pushed to http://127.0.0.1:');
    expect(errors[0]?.message).toContain('at the last of 2 attempts.');
  });

  test.each([[new Error('mine')], [undefined], ['text']])("the error is the job's: %s", async (error) => {
    const { options, errors } = await down();
    const outcome = await runJob(options, () => Promise.reject(error)).then(
      () => 'done',
      (reason: unknown) => ({ reason }),
    );
    expect(outcome).toEqual({ reason: error });
    expect(errors).toHaveLength(1);
  });

  test('an onError that throws changes nothing', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error) => warnings.push(warning.message);
    process.on('warning', onWarning);
    const { options } = await down();
    const { registry } = openRegistry({
      onError: () => {
        throw new Error('broken log');
      },
    });
    expect(await runJob({ ...options, registry }, () => 'one')).toBe('one');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(warnings).toEqual([expect.stringContaining('The metrics of job "import" were not pushed')]);
  });
});

test('options that can never work are said before the job begins', async () => {
  let began = false;
  const job = runJob(untyped({ url: 'nowhere', job: 'import', registry: openRegistry().registry }), () => {
    began = true;
  });
  await expect(job).rejects.toMatchObject({ code: 'TSK_ERR_REMOTE_URL' });
  expect(began).toBe(false);
});
