import { armService } from './arm/service.ts';
import { experimentsService } from './experiments/service.ts';
import { hostingService } from './hosting/service.ts';
import type { Service } from './simulation.ts';
import { successorService } from './successor/service.ts';

/** The services of Azure Machine Learning. */
export const learningServices: readonly Service[] = [armService, successorService, hostingService, experimentsService];
