import type { LearningBehaviour, LearningWorld } from './learning/model.ts';

/** The upstream state as plain data: tests read it and change it. Maps keep creation order, oldest first. */
export interface World {
  readonly seed: string;
  /** Host name of the storage behind the links. */
  readonly blobHost: string;
  readonly behaviour: Behaviour;
  readonly resources: VisionResource[];
  readonly learning: LearningWorld;
}

/** Choices where the real service's behaviour is documented loosely or depends on time. */
export interface Behaviour extends LearningBehaviour {
  /** Life of image links, seconds; recorded: about a day. */
  readonly linkSeconds: number;
  /** Calls that pass before a 202 deletion has happened. */
  readonly callsUntilDeleted: number;
  /** Reads of an iteration or its exports until training or exporting is over. */
  readonly readsUntilReady: number;
  /** What a batch with some unknown ids gets: `ignored` deletes the others, `refused` answers 400 and deletes nothing. */
  readonly unknownImageIds: 'ignored' | 'refused';
}

export interface VisionResource {
  readonly name: string;
  /** Endpoint host; several resources of one region may share it and differ by key. */
  readonly host: string;
  keys: readonly [string, string];
  acceptsTokens: boolean;
  /** What version 1.x tells of the account's owner; null: a resource that v1.x doesn't know. */
  readonly owner: { readonly userName: string; readonly email: string } | null;
  /** Projects ever made here: a new one never gets the id of a deleted one. */
  projectsMade: number;
  readonly projects: Map<string, Project>;
  /** By path on the blob host. They outlive iterations and projects: the source documents delete them with the account only. */
  readonly exportedFiles: Map<string, ExportedFile>;
}

/** What one training set holds: the workspace's, or an iteration's own copy of it. */
export interface TrainingSet {
  readonly tags: Map<string, Tag>;
  readonly images: Map<string, Image>;
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly domainId: string;
  readonly detection: boolean;
  readonly created: number;
  lastModified: number;
  drModeEnabled: boolean;
  /** Id of the iteration that is the workspace; never listed. */
  readonly workspaceId: string;
  readonly workspace: TrainingSet;
  readonly iterations: Map<string, Iteration>;
  readonly predictions: Map<string, StoredPrediction>;
}

export interface Tag {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly type: 'Regular' | 'Negative';
}

/** Never changed in place: an iteration's copy may be the same object. */
export interface Image {
  readonly id: string;
  /** Milliseconds since 1970; `ticks` are the further digits down to 100 ns. */
  readonly created: number;
  readonly ticks: number;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly tagIds: readonly string[];
  readonly regions: readonly Region[];
  readonly metadata: Readonly<Record<string, string>> | null;
}

export interface Region {
  readonly id: string;
  readonly tagId: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export type IterationStatus = 'New' | 'Training' | 'Completed' | 'Failed';

export interface Iteration {
  readonly id: string;
  name: string;
  status: IterationStatus;
  readonly created: number;
  lastModified: number;
  trainedAt: number | null;
  readonly exportable: boolean;
  publishName: string | null;
  /** Reads left until training is over. */
  readsLeft: number;
  readonly trainingSet: TrainingSet;
  readonly exports: ModelExport[];
}

export interface ModelExport {
  readonly platform: 'CoreML' | 'TensorFlow' | 'DockerFile' | 'ONNX';
  readonly flavor: 'Linux' | 'Windows' | 'ONNX10' | 'ONNX12' | null;
  readonly path: string;
  readsLeft: number;
}

export interface ExportedFile {
  readonly seed: string;
  readonly bytes: number;
}

export interface StoredPrediction {
  readonly id: string;
  readonly iterationId: string;
  readonly created: number;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly scores: readonly { readonly tagId: string; readonly tagName: string; readonly probability: number }[];
}
