/** The `system` part of the JSON view. */
import type { SystemSample } from '../../system/sampler.js';

/** Memory as `rss_mb`, `vms_mb` and so on, in mebibytes; null before the first sample. */
export function systemView(sample: SystemSample | undefined) {
  return {
    memory:
      sample === undefined
        ? null
        : Object.fromEntries(Object.entries(sample.memoryBytes).map(([type, bytes]) => [`${type}_mb`, round(bytes / 2 ** 20)])),
    cpu: { percent: sample === undefined ? null : round(sample.cpuPercent) },
    event_loop: { utilization: sample?.eventLoopUtilization === undefined ? null : round(sample.eventLoopUtilization) },
    uptime_seconds: round(process.uptime()),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
