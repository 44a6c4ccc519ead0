import type { StoredFile } from './file.ts';
import type { ComputeWorkspace, OperationalizationCluster } from './infrastructure.ts';
import type { ArmPlace, Person } from './place.ts';
import type { ModelRegistry, SuccessorRegistry } from './registry.ts';
import type { RunHistory } from './run-history.ts';

/** All Azure Machine Learning services: resources by the key of `placeKey`, in creation order. */
export interface LearningWorld {
  readonly people: readonly Person[];
  readonly tenantId: string;
  /** `subscription/group`, lower case; groups outlive what stood in them. */
  readonly resourceGroups: Set<string>;
  /** Scopes (beginnings of ARM paths) in which the caller has no rights: 403. Live. */
  readonly deniedScopes: string[];
  readonly hostingAccounts: Map<string, HostingAccount>;
  readonly experimentationAccounts: Map<string, ExperimentationAccount>;
  readonly clusters: Map<string, OperationalizationCluster>;
  readonly workspaces: Map<string, LearningWorkspace>;
  /** Files behind links, by path on the blob host. */
  readonly files: Map<string, StoredFile>;
  /** Deletions that were accepted (202), by operation id. */
  readonly operations: Map<string, LongRunningOperation>;
}

/** An account of Microsoft.MachineLearningModelManagement with its data plane. */
export interface HostingAccount extends ArmPlace {
  readonly description: string;
  /** Host of the data plane; told in `modelManagementSwaggerLocation` only if `tellsHost`. */
  readonly dataHost: string;
  readonly tellsHost: boolean;
  readonly registry: ModelRegistry;
}

/** An account of Microsoft.MachineLearningExperimentation. */
export interface ExperimentationAccount extends ArmPlace {
  readonly accountId: string;
  readonly friendlyName: string;
  readonly workspaces: Map<string, ExperimentationWorkspace>;
}

export interface ExperimentationWorkspace {
  readonly workspaceId: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly description: string;
  readonly created: number;
  readonly projects: Map<string, ExperimentationProject>;
}

export interface ExperimentationProject {
  readonly projectId: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly description: string;
  readonly created: number;
  readonly history: RunHistory;
}

/** A workspace of Microsoft.MachineLearningServices: computes (2018) and the successor's data plane (2019). */
export interface LearningWorkspace extends ComputeWorkspace {
  readonly history: RunHistory;
  readonly registry: SuccessorRegistry;
}

export interface LongRunningOperation {
  readonly id: string;
  readonly startTime: number;
  endTime: number | undefined;
  /** Set by the deletion's effect: a deletion that was answered but not done never ends. */
  started: boolean;
  pollsLeft: number;
  readonly finish: () => void;
}

/** Choices where behaviour is inferred or depends on time. */
export interface LearningBehaviour {
  /** Most items on a page of any list. */
  readonly pageSize: number;
  /** What leads to the next page of the experiments data plane. */
  readonly continuation: 'both' | 'token' | 'link';
  /** How the Model Management data plane writes its option in next links. */
  readonly skipTokenName: '$skipToken' | '$skiptoken';
  /** Polls of a 202 deletion until it has happened. */
  readonly pollsUntilDeleted: number;
  /** `Retry-After` of a 202 deletion (a cluster's, a successor's service's) and of its polls; as recorded there is none. */
  readonly pollAfterSeconds?: number | undefined;
  /** Whether a parent with children refuses its deletion (409). */
  readonly parentsWithChildren: 'refused' | 'cascade';
  /** Whether a model, manifest or image that something refers to can be deleted. */
  readonly referencedItems: 'deletable' | 'refused';
  /** Whether a run's id opens its container too when the run has a `dataContainerId`. */
  readonly runIdAsContainer: boolean;
  /** What `assets/name/{name}` answers. */
  readonly assetByName: 'one' | 'versions';
  /** How a service's id is spelled: the reference page has `ID`, clients read `id`. */
  readonly serviceIdSpelling: 'id' | 'ID';
  /** What DELETE of a successor's service answers: 200, or 202 with `Operation-Location`. */
  readonly successorServiceDeletion: 'done' | 'accepted';
}
