import type { Description } from './description.ts';
import { ACCOUNT_ROUTES } from './routes/account.ts';
import { OPEN_ROUTES } from './routes/open.ts';
import { OPEN_DSR_ROUTES } from './routes/open-dsr.ts';
import { OPERATION_ROUTES } from './routes/operation.ts';
import { ORDER_ROUTES } from './routes/orders.ts';
import { REQUEST_ROUTES } from './routes/requests.ts';

/** Every route of the HTTP API by the name of its function, which is the `operationId` too. */
export const ROUTES = {
  ...REQUEST_ROUTES,
  ...ORDER_ROUTES,
  ...ACCOUNT_ROUTES,
  ...OPERATION_ROUTES,
  ...OPEN_DSR_ROUTES,
  ...OPEN_ROUTES,
} as const satisfies Record<string, Description>;

export type Operation = keyof typeof ROUTES;
