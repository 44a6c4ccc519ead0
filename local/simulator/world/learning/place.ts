/** Somebody whose data lies in the world. */
export interface Person {
  /** Entra object id, a UUID. */
  readonly objectId: string;
  /** User principal name. */
  readonly upn: string;
  readonly name: string;
}

/** Where a resource stands in Azure. Names compare without regard to case. */
export interface ArmPlace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** As people chose it: `East US 2`. */
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** The key of a resource: subscription, group and name without regard to case. */
export function placeKey(subscriptionId: string, resourceGroup: string, name: string): string {
  return `${subscriptionId}/${resourceGroup}/${name}`.toLowerCase();
}

/** A location as host names write it: `East US 2` → `eastus2`. */
export function regionOf({ location }: Pick<ArmPlace, 'location'>): string {
  return location.replaceAll(' ', '').toLowerCase();
}

/** The key of a resource that is at hand. */
export function keyOf({ subscriptionId, resourceGroup, name }: ArmPlace): string {
  return placeKey(subscriptionId, resourceGroup, name);
}

/** The seed of what lies below a resource. */
export function seedOf(seed: string, place: ArmPlace, ...below: string[]): string {
  return [seed, keyOf(place), ...below].join('/').toLowerCase();
}
