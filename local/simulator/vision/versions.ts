/** The versions of the Training API served here, oldest first. */
export const visionVersions = ['3.0', '3.1', '3.3'] as const;

export type VisionVersion = (typeof visionVersions)[number];

/** The version that a path segment such as `v3.0` names. */
export function visionVersion(segment: string): VisionVersion | undefined {
  return visionVersions.find((version) => segment.toLowerCase() === `v${version}`);
}

/** Whether a version has what came with another. */
export function atLeast(version: VisionVersion, since: VisionVersion): boolean {
  return visionVersions.indexOf(version) >= visionVersions.indexOf(since);
}
