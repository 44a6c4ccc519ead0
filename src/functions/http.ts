import { registerAccount } from './http-account.ts';
import { registerCancel } from './http-cancel.ts';
import { registerCertificate } from './http-certificate.ts';
import { registerExtend } from './http-extend.ts';
import { registerHealth } from './http-health.ts';
import { registerHolds } from './http-holds.ts';
import { registerKeys } from './http-keys.ts';
import { registerLinks } from './http-links.ts';
import { registerOpenDsr } from './http-open-dsr.ts';
import { registerOpenApi } from './http-openapi.ts';
import { registerPackage } from './http-package.ts';
import { registerPlan } from './http-plan.ts';
import { registerPreflight } from './http-preflight.ts';
import { registerRedrive } from './http-redrive.ts';
import { registerRequests } from './http-requests.ts';
import { registerSubmit } from './http-submit.ts';
import { registerSweepRoute } from './http-sweeps.ts';

/** Registers the whole HTTP API. */
export function registerHttp(): void {
  registerSubmit();
  registerSweepRoute();
  registerRequests();
  registerPlan();
  registerCancel();
  registerExtend();
  registerRedrive();
  registerPackage();
  registerLinks();
  registerAccount();
  registerOpenDsr();
  registerCertificate();
  registerHolds();
  registerHealth();
  registerKeys();
  registerOpenApi();
  registerPreflight();
}
