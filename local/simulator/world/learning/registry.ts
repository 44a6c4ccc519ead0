import type { Listed } from './run-history.ts';

/** What a Model Management account holds. */
export interface ModelRegistry {
  readonly models: Map<string, RegisteredModel>;
  readonly manifests: Map<string, Manifest>;
  readonly images: Map<string, ServiceImage>;
  readonly services: Map<string, HostedService>;
  readonly made: Made;
}

/** What the successor holds: the same without manifests; its assets stand in the run history. */
export interface SuccessorRegistry {
  readonly models: Map<string, RegisteredModel>;
  readonly images: Map<string, ServiceImage>;
  readonly services: Map<string, HostedService>;
  readonly made: Made;
}

/** Models ever registered here: ids are never used again. */
interface Made {
  models: number;
}

export interface RegisteredModel extends Listed {
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly tags: readonly string[];
  /** Path of the bytes on the blob host. */
  readonly file: string;
  /** Asset that the model is, instead of a file with a link of its own. */
  readonly asset?: string;
  readonly runId: string | null;
  /** Named in tags where the service has a place for it. */
  readonly owner: string | null;
}

export interface Manifest extends Listed {
  readonly name: string;
  readonly version: number;
  readonly modelIds: readonly string[];
  /** Driver program, an asset behind a link. */
  readonly file: string;
}

export interface ServiceImage extends Listed {
  readonly name: string;
  readonly version: number;
  readonly manifest: Manifest | null;
  readonly modelIds: readonly string[];
}

export interface HostedService extends Listed {
  readonly name: string;
  readonly imageId: string | null;
  readonly modelIds: readonly string[];
  readonly state: 'Succeeded' | 'Failed';
}

/** Nothing registered. */
export function emptyRegistry(): ModelRegistry {
  return { models: new Map(), manifests: new Map(), images: new Map(), services: new Map(), made: { models: 0 } };
}
