/**
 * Azure sets these on its machines. Not among them: IDENTITY_ENDPOINT, which the local set-up has too, and WEBSITE_HOSTNAME, which the
 * Functions host sets everywhere (`localhost:PORT` on a laptop).
 */
const AZURE_MARKS = [
  'WEBSITE_INSTANCE_ID',
  'WEBSITE_SITE_NAME',
  'WEBSITE_POD_NAME',
  'WEBSITE_RESOURCE_GROUP',
  'CONTAINER_NAME',
  'CONTAINER_APP_NAME',
  'KUBERNETES_SERVICE_HOST',
  'AZURE_CONTAINER_ENVIRONMENT',
] as const;

/** The first variable that shows that this is a machine of Azure's; undefined elsewhere. */
export const azureMark = (environment: Readonly<Record<string, string | undefined>>): string | undefined =>
  AZURE_MARKS.find((name) => (environment[name] ?? '') !== '');

/** Whether a host name, as URLs write it, is this very machine. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
