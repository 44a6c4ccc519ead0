/** A place where the real service's answers deviate from its published schema: each with where that was seen. */
export interface Deviation {
  readonly definition: string;
  readonly property: string;
  /** `null`: null though not nullable. `absent`: may be missing. `zoneless`: a date without time zone. */
  readonly allow: 'null' | 'absent' | 'zoneless';
  readonly ground: string;
}

const absent = (definition: string, property: string, ground: string): Deviation => ({
  definition,
  property,
  allow: 'absent',
  ground,
});
const nullable = (definition: string, property: string, ground: string): Deviation => ({
  definition,
  property,
  allow: 'null',
  ground,
});

const training = 'recorded/TrainAndPublishProject.json (v3.1)';
const queries = 'recorded/DeletePrediction.json (v3.1)';
const retrieval = 'recorded/ProjectRetrieval.json (v3.4-preview)';
const dates = 'endpoints.md, part E: image.created has seven fraction digits and no Z';
const oldExports = 'recorded/GetExports.json (v1.2)';

/** All deviations that the checker forgives; nothing else is forgiven. */
export const deviations: readonly Deviation[] = [
  nullable('Iteration', 'publishName', training),
  nullable('Iteration', 'originalPublishResourceId', training),
  absent('Iteration', 'trainedAt', `${training}: absent until training is completed`),
  nullable('Project', 'thumbnailUri', retrieval),
  nullable('Project', 'description', 'contradictions.md, 31 and recorded/README.md'),
  nullable('ProjectSettings', 'detectionParameters', retrieval),
  nullable('Tag', 'description', 'recorded/TagRetrieval.json (v3.4-preview)'),
  nullable('Export', 'downloadUri', 'recorded/ExportTests.json (v3.0), while exporting'),
  nullable('PredictionQueryToken', 'continuation', queries),
  nullable('PredictionQueryToken', 'application', queries),
  absent('ProjectSettings', 'exportModelContainerUri', `${retrieval}: absent when not set`),
  absent('ProjectSettings', 'notificationQueueUri', `${retrieval}: absent when not set`),
  absent('Prediction', 'tagType', 'recorded/QueryPredictionResults.json (v3.2, checked as 3.3)'),
  absent('Prediction', 'boundingBox', `${queries}: absent in classification projects`),
  { definition: 'Image', property: 'created', allow: 'zoneless', ground: dates },
  { definition: 'ImageTag', property: 'created', allow: 'zoneless', ground: dates },
  { definition: 'ImageRegion', property: 'created', allow: 'zoneless', ground: dates },
  { definition: 'Iteration', property: 'Created', allow: 'zoneless', ground: oldExports },
  { definition: 'Iteration', property: 'LastModified', allow: 'zoneless', ground: oldExports },
  { definition: 'Iteration', property: 'TrainedAt', allow: 'zoneless', ground: oldExports },
  absent('Iteration', 'TrainedAt', `${oldExports}: absent until training is completed`),
];
