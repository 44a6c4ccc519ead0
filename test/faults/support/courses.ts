import { MOMENTS, type Strike } from './trap.ts';

/** One request from its submission to its end, killed at some points on its way. */
export interface Course {
  /** The points with their numbers, as a test is called. */
  readonly named: string;
  readonly strikes: readonly Strike[];
}

/** A request is killed at most so often: each time costs what works on it an attempt. */
const MOST_KILLS = 4;

/** Each point at each moment, a course for each. */
export const everyCourse = (points: readonly string[]): Course[] =>
  points.flatMap((point) => MOMENTS.map((moment) => courseOf(points, [{ point, moment }])));

/** Each point once, before and after in turn; the points of one course lie far apart. */
export function spreadCourses(points: readonly string[]): Course[] {
  const courses = Math.ceil(points.length / MOST_KILLS);
  return Array.from({ length: courses }, (_, first) => {
    const mine = points.filter((_point, index) => index % courses === first);
    return courseOf(
      points,
      mine.map((point, index) => ({ point, moment: (first + index) % 2 === 0 ? 'before' : 'after' })),
    );
  });
}

/** The course of these strikes among the numbered points of its action. */
export function courseOf(points: readonly string[], strikes: readonly Strike[]): Course {
  const numbered = strikes.map(({ point, moment }) => `${points.indexOf(point) + 1} ${moment}`).join(', ');
  const [only] = strikes;
  return { named: strikes.length === 1 && only ? `${numbered} ${only.point}` : numbered, strikes };
}
