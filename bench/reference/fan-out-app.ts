/**
 * The usual pattern, to measure against: one orchestration lists, then starts one activity an item and waits for all of them. And a bare
 * orchestration with one activity that does nothing.
 */
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { app, type OrchestrationContext, type Task } from 'durable-functions';
import { z } from 'zod';
import { keepAliveClient } from './keep-alive.ts';

const placeSchema = z.object({
  upstream: z.string(),
  host: z.string(),
  headers: z.record(z.string(), z.string()),
  /** Path and query of the list. */
  url: z.string(),
});
type Place = z.infer<typeof placeSchema>;

const listed = z.object({ value: z.array(z.object({ id: z.string() })), nextLink: z.string().nullish() });

const clients = new Map<string, ReturnType<typeof keepAliveClient>>();
const clientFor = (origin: string) => {
  const client = clients.get(origin) ?? keepAliveClient(origin);
  clients.set(origin, client);
  return client;
};

let opened: Promise<ContainerClient> | undefined;
async function open(): Promise<ContainerClient> {
  const account = BlobServiceClient.fromConnectionString(process.env.AzureWebJobsStorage ?? '');
  const container = account.getContainerClient('fan-out');
  await container.createIfNotExists();
  return container;
}

/** The places of all items of a list, page by page. */
app.activity('listItems', {
  handler: async (input: unknown): Promise<Place[]> => {
    const place = placeSchema.parse(input);
    const [path = '', query = ''] = place.url.split('?');
    const items: Place[] = [];
    for (let url: string | undefined = place.url; url !== undefined; ) {
      const body = await clientFor(place.upstream).get({ ...place, url });
      const page = listed.parse(JSON.parse(body.toString('utf8')));
      for (const { id } of page.value) items.push({ ...place, url: `${path}/${encodeURIComponent(id)}?${query}` });
      const next: URL | undefined = page.nextLink ? new URL(page.nextLink) : undefined;
      url = next && `${next.pathname}${next.search}`;
    }
    return items;
  },
});

/** Reads one item and saves it. */
app.activity('exportItem', {
  handler: async (input: unknown): Promise<number> => {
    const place = placeSchema.parse(input);
    const body = await clientFor(place.upstream).get(place);
    opened ??= open();
    const [path = ''] = place.url.split('?');
    await (await opened).getBlockBlobClient(`${path.slice(1)}.json`).upload(body, body.length);
    return body.length;
  },
});

app.activity('nothing', { handler: () => 'nothing' });

app.orchestration('fanOut', function* fanOut(context: OrchestrationContext): Generator<Task, number, unknown> {
  const items = z.array(placeSchema).parse(yield context.df.callActivity('listItems', context.df.getInput()));
  const sizes = yield context.df.Task.all(items.map((item) => context.df.callActivity('exportItem', item)));
  return z.array(z.number()).parse(sizes).length;
});

app.orchestration('bare', function* bare(context: OrchestrationContext): Generator<Task, unknown, unknown> {
  return yield context.df.callActivity('nothing');
});
