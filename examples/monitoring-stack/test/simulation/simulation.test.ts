import { createApplication } from 'tsukimi';
import { expect, it } from 'vitest';
import { MonitoringStack } from '../../src/application.js';
import { Simulation } from '../../src/simulation/simulation.js';

const outcomes = (seed: number, maxLatencyMs: number, count: number) => {
  const simulation = new Simulation(seed, maxLatencyMs);
  return Array.from({ length: count }, () => simulation.next());
};

it('gives the same outcomes for the same seed, and others for another', () => {
  expect(outcomes(7, 800, 50)).toEqual(outcomes(7, 800, 50));
  expect(outcomes(8, 800, 50)).not.toEqual(outcomes(7, 800, 50));
});

it('has the statuses in their shares, and no latency beyond the longest', () => {
  const many = outcomes(1, 800, 20_000);
  const share = (status: number) => many.filter((each) => each.status === status).length / many.length;
  for (const [status, expected] of [
    [200, 0.85],
    [404, 0.05],
    [429, 0.03],
    [500, 0.05],
    [503, 0.02],
  ] as const)
    expect(share(status)).toBeCloseTo(expected, 2);
  expect(Math.min(...many.map(({ latencyMs }) => latencyMs))).toBe(0);
  expect(Math.max(...many.map(({ latencyMs }) => latencyMs))).toBe(800);
});

it('is what /simulation answers', async () => {
  await using app = await createApplication(MonitoringStack, {
    configuration: { postgres: { host: '/nowhere' }, opentelemetry: { enabled: false }, simulation: { seed: 3, max_latency_ms: 5 } },
    environment: {},
    logger: false,
  });
  for (const outcome of outcomes(3, 5, 10)) {
    const response = await app.inject('/simulation');
    expect([response.statusCode, response.json()]).toEqual([outcome.status, outcome]);
  }
});
