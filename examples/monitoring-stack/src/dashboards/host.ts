/** The host, as the node exporter sees it. */
import { lines, number, perSecond, SELECTED } from './panels.js';
import { stackDashboard } from './stack-dashboard.js';

const DISKS = `${SELECTED}, device!~"loop.*|ram.*|zram.*"`;
const FILES = `${SELECTED}, fstype!~"tmpfs|ramfs|squashfs|overlay"`;
const INTERFACES = `${SELECTED}, device!~"lo|veth.*"`;
const BUSY = `1 - avg(rate(node_cpu_seconds_total{${SELECTED}, mode="idle"}[$__rate_interval]))`;
const MEMORY_USED = `1 - sum(node_memory_MemAvailable_bytes{${SELECTED}}) / sum(node_memory_MemTotal_bytes{${SELECTED}})`;

const now = [
  number({
    title: 'CPU busy',
    description: 'Share of all cores.',
    unit: 'percentunit',
    redFrom: 0.9,
    queries: { busy: BUSY },
  }),
  number({
    title: 'Memory used',
    description: 'Share of memory that programs could not get. Caches count as free.',
    unit: 'percentunit',
    redFrom: 0.9,
    queries: { used: MEMORY_USED },
  }),
  number({
    title: 'Fullest disk',
    description: 'Share of the space that is used.',
    unit: 'percentunit',
    redFrom: 0.9,
    queries: { used: `max(1 - node_filesystem_avail_bytes{${FILES}} / node_filesystem_size_bytes{${FILES}})` },
  }),
  number({
    title: 'Uptime',
    description: 'Time since the host started.',
    unit: 'dtdurations',
    queries: { '{{instance}}': `time() - node_boot_time_seconds{${SELECTED}}` },
  }),
];

const cpu = [
  lines({
    title: 'CPU by mode',
    description:
      'Share of all cores. "iowait" is time in which a core had nothing to do but wait for a disk; "steal" is what other virtual machines took.',
    unit: 'percentunit',
    stacked: true,
    queries: { '{{mode}}': `avg by (mode) (rate(node_cpu_seconds_total{${SELECTED}, mode!="idle"}[$__rate_interval]))` },
  }),
  lines({
    title: 'Load',
    description: 'Processes that run, or wait for a core or a disk, with the number of cores. Above it for long, something queues.',
    unit: 'short',
    queries: {
      '1 min': `sum(node_load1{${SELECTED}})`,
      '5 min': `sum(node_load5{${SELECTED}})`,
      '15 min': `sum(node_load15{${SELECTED}})`,
      cores: `count(node_cpu_seconds_total{${SELECTED}, mode="idle"})`,
    },
  }),
];

const memory = [
  lines({
    title: 'Memory',
    description: 'What programs use, what the kernel uses as caches and gives back when it is asked, and what is free.',
    unit: 'bytes',
    stacked: true,
    queries: {
      used: `sum(node_memory_MemTotal_bytes{${SELECTED}} - node_memory_MemAvailable_bytes{${SELECTED}})`,
      caches: `sum(node_memory_MemAvailable_bytes{${SELECTED}} - node_memory_MemFree_bytes{${SELECTED}})`,
      free: `sum(node_memory_MemFree_bytes{${SELECTED}})`,
    },
  }),
  lines({
    title: 'Page faults from disk',
    description: 'Per second. A rate that stays high means that memory is short: pages are read again and again.',
    unit: 'short',
    queries: { '{{instance}}': perSecond(`node_vmstat_pgmajfault{${SELECTED}}`, 'instance') },
  }),
];

const disk = [
  lines({
    title: 'Disk space used',
    description: 'Share of each file system. PostgreSQL stops when its disk is full.',
    unit: 'percentunit',
    width: 8,
    queries: { '{{mountpoint}}': `max by (mountpoint) (1 - node_filesystem_avail_bytes{${FILES}} / node_filesystem_size_bytes{${FILES}})` },
  }),
  lines({
    title: 'Disk throughput',
    description: 'Bytes per second by device.',
    unit: 'Bps',
    width: 8,
    queries: {
      'read {{device}}': perSecond(`node_disk_read_bytes_total{${DISKS}}`, 'device'),
      'written {{device}}': perSecond(`node_disk_written_bytes_total{${DISKS}}`, 'device'),
    },
  }),
  lines({
    title: 'Disk busy',
    description: 'Share of time in which a device had something to do. Near 1, requests queue.',
    unit: 'percentunit',
    width: 8,
    queries: { '{{device}}': perSecond(`node_disk_io_time_seconds_total{${DISKS}}`, 'device') },
  }),
];

const network = [
  lines({
    title: 'Network',
    description: 'Bytes per second by interface. In a container, these are the interfaces of the container.',
    unit: 'Bps',
    queries: {
      'in {{device}}': perSecond(`node_network_receive_bytes_total{${INTERFACES}}`, 'device'),
      'out {{device}}': perSecond(`node_network_transmit_bytes_total{${INTERFACES}}`, 'device'),
    },
  }),
  lines({
    title: 'Network errors',
    description: 'Packets per second that were lost by an error or for want of a buffer.',
    unit: 'pps',
    queries: {
      'in {{device}}': perSecond(`node_network_receive_errs_total{${INTERFACES}}`, 'device'),
      'out {{device}}': perSecond(`node_network_transmit_errs_total{${INTERFACES}}`, 'device'),
      'dropped {{device}}': perSecond(`node_network_receive_drop_total{${INTERFACES}}`, 'device'),
    },
  }),
];

export const hostDashboard = stackDashboard({
  title: 'Host',
  uid: 'stack-host',
  instancesOf: 'node_load1',
  rows: { Now: now, CPU: cpu, Memory: memory, Disk: disk, Network: network },
});
