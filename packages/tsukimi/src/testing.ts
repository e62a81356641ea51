/** The compatibility kit for exporters, under the name of the package that users install. */
export * from '@tsukimi/metrics/testing';
