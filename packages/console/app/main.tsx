/** What the browser starts with. */
import { render } from 'preact';
import type { Meta } from '../src/api-types.js';
import { ask } from './data/ask.js';
import { Page } from './shell/page.js';
import 'uplot/dist/uPlot.min.css';
import './style/tokens.css';
import './style/base.css';
import './style/shell.css';
import './style/parts.css';
import './style/views.css';
import './style/plain-table.css';
import './style/map.css';
import './style/scheduler.css';
import './style/profile.css';

const RETRY_MS = 2000;
const root = document.getElementById('page') as HTMLElement;

let meta = await ask<Meta>('api/meta');
while (meta === undefined) {
  render(
    <p class="note" role="status">
      The application does not answer. This page tries again every 2 seconds.
    </p>,
    root,
  );
  await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  meta = await ask<Meta>('api/meta');
}
render(<Page meta={meta} />, root);
