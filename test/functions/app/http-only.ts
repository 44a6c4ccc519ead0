/** The app's HTTP functions without its queues, timers and orchestrations: what the API leaves behind stays as it is. */
import { app } from '@azure/functions';
import { registerHttp } from '../../../src/functions/http.ts';

app.setup({ enableHttpStream: true });
registerHttp();
