/** `/`: what there is to see, as links. */
import { Controller, Get, Reply } from 'tsukimi';

const LINKS = [
  ['/green', 'always succeeds'],
  ['/red', 'always fails'],
  ['/simulation', 'takes a random time, and fails now and then'],
  ['/requests', 'what was logged in PostgreSQL'],
  ['/metrics/ui/', 'the live page'],
  ['/metrics', 'metrics as JSON, for people'],
  ['/metrics/prometheus', 'metrics as text, for Prometheus'],
] as const;

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Monitoring stack</title>
<h1>An application that is watched</h1>
<ul>
${LINKS.map(([path, text]) => `<li><a href="${path}">${path}</a>: ${text}</li>`).join('\n')}
</ul>
</html>
`;

@Controller('/')
export class HomeController {
  @Get('/')
  page(@Reply() reply: { type(contentType: string): unknown }): string {
    reply.type('text/html; charset=utf-8');
    return PAGE;
  }
}
