import type { ArmPlace } from '../world/learning/place.ts';

/** The id of a resource below its group; `path` begins with the provider. */
export function resourceId({ subscriptionId, resourceGroup }: ArmPlace, path: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${path}`;
}

/** Seven fraction digits and `Z`, as in the official examples (`2017-03-01T23:14:37.0707808Z`). */
export function armDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '0000Z');
}
