import type { HttpData, NamedData, TypedData } from '../contract.ts';
import type { InvocationResponse, RpcData } from './model.ts';

/** Bytes leave JSON here: the library expects a Buffer. */
export function toRpc(data: TypedData): RpcData {
  if ('bytesBase64' in data) return { bytes: Buffer.from(data.bytesBase64, 'base64') };
  if (!('http' in data)) return data;
  const { body, ...rest } = data.http;
  return { http: body === undefined ? rest : { ...rest, body: toRpc(body) } };
}

/** The opposite way; null and undefined are "no value". */
export function fromRpc(data: RpcData | null | undefined): TypedData | undefined {
  if (data === null || data === undefined) return undefined;
  const { string, json, bytes, int, double, http } = data;
  if (typeof string === 'string') return { string };
  if (typeof json === 'string') return { json };
  if (bytes instanceof Uint8Array) return { bytesBase64: Buffer.from(bytes).toString('base64') };
  if (typeof int === 'number') return { int };
  if (typeof double === 'number') return { double };
  if (typeof http === 'object' && http !== null) return { http: fromRpcHttp({ ...http }) };
  return undefined;
}

function fromRpcHttp({ statusCode, headers, body, ...rest }: Record<string, unknown>): HttpData {
  const converted = isRpcData(body) ? fromRpc(body) : undefined;
  return {
    ...rest,
    method: '',
    url: '',
    params: {},
    query: {},
    headers: textMembers(headers),
    ...(converted === undefined ? {} : { body: converted }),
    ...(typeof statusCode === 'string' ? { statusCode } : {}),
  };
}

function isRpcData(value: unknown): value is RpcData {
  return typeof value === 'object' && value !== null;
}

function textMembers(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** What a completed invocation hands back to the host. */
export function fromResponse(response: InvocationResponse): { returnValue?: TypedData; outputData: NamedData[] } {
  const returnValue = fromRpc(response.returnValue);
  const outputData: NamedData[] = [];
  for (const { name, data } of response.outputData ?? []) {
    const converted = fromRpc(data);
    if (name && converted !== undefined) outputData.push({ name, data: converted });
  }
  return { outputData, ...(returnValue === undefined ? {} : { returnValue }) };
}
