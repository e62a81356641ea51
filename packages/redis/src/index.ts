/** Counts shared by a fleet through Redis. */

export type { IoRedisClient, NodeRedisClient, NodeRedisCluster, RedisClientLike } from './connection/given-client.js';
export type { ConnectionOptions } from './connection/target.js';
export { RedisError } from './errors.js';
export type { FleetCalls, FleetView } from './fleet/fleet-view.js';
export { type FencedWrite, fencedWrite } from './leases/fenced.js';
export { type RedisLeasesOptions, redisLeases } from './leases/redis-leases.js';
export type { RedisExporterOptions } from './redis-exporter.js';
export { type RedisExtensionOptions, RedisSchema, redisMetrics } from './redis-extension.js';
export { type SharedMetrics, type SharedMetricsOptions, shareMetrics } from './share-metrics.js';
