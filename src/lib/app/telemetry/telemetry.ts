import { SILENT, type Telemetry } from '../../domain/telemetry.ts';
import type { OpenTelemetry } from './open-telemetry.ts';
import type { TelemetrySettings } from './settings.ts';

let running: OpenTelemetry | undefined;

/** What the settings ask for. OpenTelemetry is loaded only where somebody listens: it would make every cold start longer. */
export async function startTelemetry(settings: TelemetrySettings | undefined): Promise<Telemetry> {
  if (!settings) return SILENT;
  const { otlpTelemetry } = await import('./otlp.ts');
  running ??= otlpTelemetry(settings);
  return running;
}

/** Exports what is left, before the process goes. */
export async function stopTelemetry(): Promise<void> {
  await running?.shutdown();
  running = undefined;
}
