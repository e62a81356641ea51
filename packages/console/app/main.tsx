/** The page: what the browser starts with. */
import { render } from 'preact';
import type { Meta } from '../src/api-types.js';

const page = document.getElementById('page') as HTMLElement;
const meta = (await (await fetch('api/meta')).json()) as Meta;
render(<h1>{meta.name ?? 'Tsukimi'}</h1>, page);
