import type { HttpHeaders } from '@azure/core-rest-pipeline';

/** What the resource manager says in every answer about the calls that are left (contracts/endpoints.md, tA). */
const REMAINING = 'x-ms-ratelimit-remaining-subscription-';
const FEW_CALLS = 10;

/** How long everybody holds back then: its buckets refill at 10 calls a second or more. */
export const LOW_QUOTA_PAUSE_SECONDS = 2;

/** Whether any of the quotas that an answer names is nearly used up. */
export function nearlyUsedUp(headers: HttpHeaders): boolean {
  for (const [name, value] of headers) {
    if (name.toLowerCase().startsWith(REMAINING) && /^\d+$/.test(value.trim()) && Number(value) < FEW_CALLS)
      return true;
  }
  return false;
}
