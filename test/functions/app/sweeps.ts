/** The app's HTTP functions and its sweeps, without queues and orchestrations. */
import { app } from '@azure/functions';
import { registerHttp } from '../../../src/functions/http.ts';
import { registerSweeps } from '../../../src/functions/sweeps.ts';

app.setup({ enableHttpStream: true });
registerHttp();
registerSweeps();
