/** The process's virtual memory size, where the platform tells it. */
import { readFile } from 'node:fs/promises';

/**
 * Bytes of address space in use, from `/proc`; undefined on platforms that have none.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export async function readVirtualSizeBytes(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const status = await readFile('/proc/self/status', 'utf8');
  const kibibytes = /^VmSize:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
