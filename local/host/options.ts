import { z } from 'zod';

/** Everything that can be said in a JSON file; `log` is added by the caller in the same process. */
export const hostOptions = z.object({
  /** Folder with host.json and package.json. */
  appRoot: z.string(),
  /** Absolute files that each worker imports, in order; without it, what package.json's `main` matches. */
  entry: z.array(z.string()).exactOptional(),
  /** 0 is any free port. */
  port: z.int().min(0).max(65535).default(0),
  /** Timers' last runs and the durable hub's file are kept here; made when missing. */
  dataDirectory: z.string(),
  workers: z.int().min(1).default(1),
  /** Environment of the workers: app settings such as `AzureWebJobsStorage`. */
  settings: z.record(z.string(), z.string()),
  keys: z.object({
    master: z.string().min(1),
    system: z.string().min(1),
    /** Host-wide function keys by name. */
    functionKeys: z.record(z.string(), z.string().min(1)),
  }),
  /** How long a message is held at a time; it is renewed after half of that. The genuine host: 600. */
  messageLeaseSeconds: z.int().min(1).default(600),
  /** Ceiling of a queue's polling interval; the genuine host under `Development`: 2000. host.json may set a lower one. */
  maxPollingMilliseconds: z.int().min(1).default(2000),
  /**
   * Queues are asked at once when a worker has sent a message, so that a high ceiling costs no time. The genuine host doesn't know what
   * an app sends by itself; it finds such a message when it asks next.
   */
  wakeOnSentMessages: z.boolean().default(false),
  /** In stream mode, how long a request may stay without any byte in either direction. The genuine host: 240000. */
  streamIdleMilliseconds: z.int().min(1).default(240_000),
  /** How long `stop()` waits for running functions. */
  stopGraceMilliseconds: z.int().min(0).default(5000),
});

export type HostSettings = z.output<typeof hostOptions>;
export type HostOptions = z.input<typeof hostOptions> & { readonly log: (line: string) => void };
