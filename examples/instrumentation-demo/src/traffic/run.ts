/** Sends a plan's requests one after the other, and counts what was answered. */
import { setTimeout as delay } from 'node:timers/promises';
import { type PlannedRequest, TrafficPlan } from './plan.js';
import { TrafficSummary } from './summary.js';

/** Which traffic to send where. */
export interface TrafficOptions {
  /** Where the demo listens, such as `http://127.0.0.1:8000`. */
  readonly url: string;
  /** How many requests to send. */
  readonly requests: number;
  /** Which choices to make; a 32-bit integer. */
  readonly seed: number;
  /** Requests a second; 0 sends as fast as answers come. */
  readonly ratePerSecond: number;
}

/**
 * Sends the traffic and returns what was sent.
 * @throws TypeError of `fetch` where nothing listens, with the reason as its cause.
 */
export async function sendTraffic({ url, requests, seed, ratePerSecond }: TrafficOptions): Promise<TrafficSummary> {
  const plan = new TrafficPlan(seed);
  const summary = new TrafficSummary();
  const start = performance.now();
  for (let sent = 0; sent < requests; sent++) {
    // Against the start, not the last request: slow answers do not lower the rate.
    const waitMs = ratePerSecond === 0 ? 0 : start + (sent * 1_000) / ratePerSecond - performance.now();
    if (waitMs > 0) await delay(waitMs);
    const request = plan.next();
    const answer = await send(url, request);
    plan.answered(request, answer);
    summary.add(request, answer.status);
  }
  return summary;
}

async function send(url: string, { method, path, body }: PlannedRequest): Promise<{ status: number; body: unknown }> {
  const content = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(new URL(path, url), { method, ...content });
  return { status: response.status, body: await response.json() };
}
