/** The application. It is not `@Instrumented()`: its scrape has what the controllers make themselves, and little else. */
import { Application } from 'tsukimi';
import { BuildController } from './build-controller.js';
import { ListController } from './list-controller.js';
import { PageController } from './page-controller.js';
import { StateController } from './state-controller.js';
import { UploadController } from './upload-controller.js';
import { Upstream } from './upstream.js';
import { UpstreamController } from './upstream-controller.js';

@Application({
  components: [PageController, ListController, Upstream, UpstreamController, UploadController, BuildController, StateController],
})
export class MetricKinds {}
