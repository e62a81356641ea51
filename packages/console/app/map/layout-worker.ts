/** Places the nodes of a map beside the page, which would stand still meanwhile. */
import { placementOf } from './layout.js';
import type { Unplaced } from './use-placement.js';

addEventListener('message', ({ data }: MessageEvent<Unplaced>) => postMessage(placementOf(data.nodes, data.edges)));
