/** Shares the metrics of an application with the fleet, configured by the namespace `redis`. */

import type { ExtensionFactory } from '@tsukimi/core';
import { SchemaType as Type } from '@tsukimi/core/schema-types';
import { addMetricsScope, exporterExtension, exporterSchema } from '@tsukimi/instrumentation';
import type { RedisClientLike } from './connection/given-client.js';
import { isRedisUrl } from './connection/target.js';
import { Fleet } from './fleet/fleet.js';
import { DEFAULT_PREFIX, prefixFault } from './prefix.js';
import { redisExporter, redisSettings } from './redis-exporter.js';
import { gaugeTtlFor } from './share-metrics.js';

/** The schema of the namespace `redis`. */
export const RedisSchema = exporterSchema({
  url: Type.Optional(Type.String()),
  username: Type.Optional(Type.String()),
  password: Type.Optional(Type.String()),
  cluster: Type.Boolean({ default: false, shown: true }),
  prefix: Type.String({ default: DEFAULT_PREFIX, shown: true }),
});

export interface RedisExtensionOptions {
  /** A client of `redis` or `ioredis` that the application has already, instead of `redis.url`. It is not closed. */
  readonly client?: RedisClientLike | undefined;
}

/**
 * Returns an extension that shares the metrics of an application with the fleet.
 *
 * @example
 * // @Instrumented()
 * // @Application({ extensions: [redisMetrics()] })
 */
export function redisMetrics({ client }: RedisExtensionOptions = {}): ExtensionFactory {
  return exporterExtension({
    namespace: 'redis',
    schema: RedisSchema,
    create({ settings, registry, application, refused }) {
      const { url, username, password, cluster, prefix, interval_ms: intervalMs, timeout_ms: timeoutMs } = settings;
      if (url !== undefined && client !== undefined)
        throw refused('url', 'nothing, because the application gives a client to redisMetrics()');
      if (url !== undefined && !isRedisUrl(url))
        throw refused('url', 'an address such as redis://host:6379, or rediss://host:6379 for TLS');
      const fault = prefixFault(prefix, cluster);
      if (fault !== undefined) throw refused('prefix', fault);
      const checked = redisSettings({
        url,
        username,
        password,
        cluster,
        client,
        prefix,
        gaugeTtlMs: gaugeTtlFor(intervalMs),
        logger: application.logger,
      });
      const exporter = redisExporter(registry, checked);
      const removeScope = addMetricsScope(registry, new Fleet({ ...checked, timeoutMs }));
      return {
        ...exporter,
        async close() {
          removeScope();
          await exporter.close?.();
        },
      };
    },
  });
}
