/** What the browser starts with. */
import { render } from 'preact';
import type { Meta } from '../src/api-types.js';
import { Page } from './page.js';
import './style.css';

const meta = (await (await fetch('api/meta')).json()) as Meta;
document.title = meta.name ?? 'Tsukimi';
render(<Page meta={meta} />, document.getElementById('page') as HTMLElement);
