import { type Answer, isLoopback, jsonAnswer, type SimulatedRequest } from '../http/message.ts';
import type { Service } from '../simulation.ts';
import { plantedSecret } from '../world/learning/secrets.ts';
import type { VisionResource } from '../world/model.ts';
import { gatewayAnswers } from './refusals.ts';

const path = /^\/+customvision\/v1\.[0-2]\/training\/account\/?$/i;

/** Account information, which versions 1.x alone have (contradictions.md, 25). A key opens it, a token doesn't. */
export const visionAccountService: Service = {
  name: 'custom vision account',
  take: (request, { world }) => {
    const mine = world.resources.some(({ host }) => host === request.host) || isLoopback(request.host);
    if (!mine || request.method !== 'GET' || !path.test(request.path)) return undefined;
    return { operation: 'GetAccountInfo', answer: (sent) => accountInfo(sent, world.resources) };
  },
};

function accountInfo({ host, headers }: SimulatedRequest, resources: readonly VisionResource[]): Answer {
  const key = headers['training-key'];
  const here = resources.filter((resource) => resource.host === host || isLoopback(host));
  const resource = here.find(({ keys }) => keys.some((own) => own === key));
  if (!resource) return gatewayAnswers.accessDenied();
  if (!resource.owner) return gatewayAnswers.unknownOperation();
  const answer = jsonAnswer(200, accountDocument(resource, resource.owner));
  return { ...answer, headers: { ...answer.headers, 'apim-request-id': crypto.randomUUID() } };
}

/** Definition `Account` of v1.2, PascalCase, with live keys. */
function accountDocument(resource: VisionResource, owner: NonNullable<VisionResource['owner']>): object {
  const quota = (Total: number, Used: number) => ({ Total, Used, TimeUntilReset: null });
  const projects = [...resource.projects.values()];
  return {
    UserName: owner.userName,
    Email: owner.email,
    Keys: {
      TrainingKeys: { PrimaryKey: resource.keys[0], SecondaryKey: resource.keys[1] },
      PredictionKeys: {
        PrimaryKey: plantedSecret('PredictionKeys.PrimaryKey'),
        SecondaryKey: plantedSecret('PredictionKeys.SecondaryKey'),
      },
    },
    Quotas: {
      Tier: 'S0',
      Projects: quota(100, projects.length),
      Predictions: quota(10_000, 0),
      PerProject: projects.map(({ id, iterations, workspace }) => ({
        ProjectId: id,
        Iterations: quota(20, iterations.size),
        Images: quota(100_000, workspace.images.size),
        Tags: quota(500, workspace.tags.size),
      })),
    },
  };
}
