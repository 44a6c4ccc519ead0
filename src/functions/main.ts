/** The app: every function is registered here. A function's name is unique over all kinds of triggers. */
import { app } from '@azure/functions';
import { settingsHold } from '../lib/app/composition.ts';
import { stopTelemetry } from '../lib/app/telemetry/telemetry.ts';
import { registerCallbackQueue } from './callback-queue.ts';
import { registerHttp } from './http.ts';
import { registerOrchestrations } from './orchestrations.ts';
import { registerRequestQueue } from './request-queue.ts';
import { registerSliceQueues } from './slice-queues.ts';
import { registerSweeps } from './sweeps.ts';
import { registerTimers } from './timers.ts';

// Downloads are streamed; in stream mode no HTTP handler may ever throw.
app.setup({ enableHttpStream: true });
registerHttp();
registerRequestQueue();
registerCallbackQueue();
registerSliceQueues();
registerOrchestrations();
registerTimers();
registerSweeps();
// Said when the app is loaded, not only by each call that fails for it.
settingsHold(({ message }) => console.error(message));
// What was measured last would go with the process.
app.hook.appTerminate(stopTelemetry);
