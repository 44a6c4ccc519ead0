import { type Problem, problemSchema } from '../src/lib/api/problems.ts';

/** An answer that is no success. `problem` is undefined where the body wasn't problem+json. */
export class ApiRefusal extends Error {
  readonly status: number;
  readonly problem: Problem | undefined;

  constructor(call: string, status: number, problem: Problem | undefined) {
    const said = problem ? `${problem.title} ${problem.detail ?? ''}`.trim() : 'no reason given';
    super(`${call} answered ${status}: ${said}`);
    this.name = 'ApiRefusal';
    this.status = status;
    this.problem = problem;
  }
}

/** Reads why a call was refused. @param call what was called, for people. */
export async function refusalOf(call: string, answer: Response): Promise<ApiRefusal> {
  return new ApiRefusal(call, answer.status, problemIn(await answer.text()));
}

function problemIn(text: string): Problem | undefined {
  try {
    return problemSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
