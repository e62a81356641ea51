/** What a profile says: in a line, in a table, in a graph, and as files for other programs. */
import { useEffect, useMemo } from 'preact/hooks';
import { Card } from '../parts/card.js';
import { bytes, counted, dateAndTime, duration, percent } from '../parts/format.js';
import { FlameGraph } from './flame-graph.js';
import type { Memory, ProfileReport } from './report.js';
import { amountOf, ShareTable } from './share-table.js';

/** With fewer, shares are rough. */
const ENOUGH_SAMPLES = 200;
/** Buffers that grew by less are not spoken of. */
const MUCH_BYTES = 2 ** 20;

export function Result({ report }: { readonly report: ProfileReport }) {
  const { kind, samples, files = [] } = report;
  return (
    <div class="cards">
      <Card
        title={kind === 'cpu' ? 'CPU profile' : 'Heap profile'}
        isWide
        aside={files.map((file) => <Download key={file.name} file={file} />)}
      >
        <p>{summaryOf(report)}</p>
        {samples < ENOUGH_SAMPLES && (
          <p class="hint">
            {samples === 0 ? 'Nothing was sampled: ' : `Only ${counted(samples, 'sample')}: shares are rough. `}
            {kind === 'cpu' ? 'Profile for longer, or under load.' : 'Profile for longer, while the memory grows.'}
          </p>
        )}
        {report.memory !== undefined && <MemoryTable before={report.memory.before} after={report.memory.after} />}
      </Card>
      <Card title={kind === 'cpu' ? 'Who used the CPU' : 'Who holds the memory'} isWide>
        <ShareTable report={report} />
      </Card>
      <Card title="Flame graph" isWide>
        <FlameGraph report={report} key={report.started_at} />
      </Card>
    </div>
  );
}

function summaryOf(report: ProfileReport): string {
  const { kind, total, idle = 0, duration_seconds, samples, started_at, since } = report;
  const when = dateAndTime(Date.parse(started_at) / 1000);
  if (kind === 'cpu') {
    const busy = total + idle > 0 ? total / (total + idle) : 0;
    return `${when}, ${duration(duration_seconds)}: the thread was busy for ${percent(busy)} of the time. ${counted(samples, 'sample')}.`;
  }
  const what =
    since === 'start' ? 'allocated since the start and still held' : `allocated within ${duration(duration_seconds)} and still held`;
  return `${when}: about ${amountOf(report)(total)} were ${what}. ${counted(samples, 'sample')}.`;
}

function MemoryTable({ before, after }: { readonly before: Memory; readonly after: Memory }) {
  const rows = [
    { title: 'Heap in use', of: 'heap_used' },
    { title: 'Outside the heap', of: 'external' },
    { title: 'Buffers, which no profile shows', of: 'array_buffers' },
  ] as const;
  const grown = after.array_buffers - before.array_buffers;
  return (
    <>
      <table class="table table-inner">
        <caption class="hidden">Memory before and after</caption>
        <thead>
          <tr>
            <th scope="col">Memory</th>
            <th scope="col" class="number">
              Before
            </th>
            <th scope="col" class="number">
              After
            </th>
            <th scope="col" class="number">
              Change
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ title, of }) => (
            <tr key={of}>
              <th scope="row">{title}</th>
              <td class="number">{bytes(before[of])}</td>
              <td class="number">{bytes(after[of])}</td>
              <td class="number">
                {after[of] > before[of] ? '+' : ''}
                {bytes(after[of] - before[of])}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {grown > MUCH_BYTES && <p class="hint">Buffers grew by {bytes(grown)}. They are not in the table below.</p>}
    </>
  );
}

function Download({ file: { name, content_base64 } }: { readonly file: { readonly name: string; readonly content_base64: string } }) {
  const address = useMemo(() => {
    const content = Uint8Array.from(atob(content_base64), (character) => character.charCodeAt(0));
    return URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
  }, [content_base64]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return (
    <a class="button" href={address} download={name} title={name}>
      Save {name.endsWith('.pb.gz') ? 'for pprof' : `.${name.split('.').at(-1)}`}
    </a>
  );
}
