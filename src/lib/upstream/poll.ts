import type { Target } from '../domain/target.ts';
import type { Verdict } from '../plan/verdict.ts';
import { ask, refusal, type Settings, signedLink } from './ask.ts';
import { type Progress, pollTime, progressOf } from './long-running.ts';

const NAME = 'Poll';

/** Asks once what has become of a long-running operation; while it runs, the verdict says when to ask again. */
export async function poll(settings: Settings, target: Target, url: string): Promise<Verdict<Progress>> {
  const link = signedLink(settings, target, { text: url, from: url });
  if (!link) return refusal(NAME, 'LinkNotAllowed');
  const outgoing = { target, name: NAME, verb: 'GET', url: link.href } as const;
  return ask<Progress>(settings, { outgoing, repeat: 'read' }, (answer) => {
    const value = progressOf(answer);
    if (value !== 'running') return { kind: 'ok', value };
    return { kind: 'ok', value, pollUrl: link.href, pollAfter: pollTime(answer.headers, settings.clock.now()) };
  });
}
