import type { ArmPlace } from './place.ts';

export type ComputeType = 'AKS' | 'BatchAI' | 'DataFactory' | 'VirtualMachine' | 'HDInsight';

/** The part of a workspace that holds computes. */
export interface ComputeWorkspace extends ArmPlace {
  readonly workspaceId: string;
  readonly friendlyName: string;
  readonly description: string;
  readonly computes: Map<string, Compute>;
}

export interface Compute {
  readonly name: string;
  readonly computeType: ComputeType;
  readonly description: string;
  readonly created: number;
  /** Id of the deletion under way. */
  deleting: string | undefined;
}

export interface OperationalizationCluster extends ArmPlace {
  readonly description: string;
  readonly clientId: string;
  /** Group that the service made for the cluster's storage, registry and machines; it survives the cluster. */
  readonly managedResourceGroup: string;
  /** Whether the service principal's secret is told; else `<REDACTED>`, as recorded. */
  readonly secretInClear: boolean;
  deleting: string | undefined;
}
