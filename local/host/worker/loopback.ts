import { Server } from 'node:net';

/**
 * The library's own HTTP server listens on every interface of the machine (`server.listen()` without a host). A development host has
 * nothing to offer to the network, so a listen call without any address is turned to loopback.
 */
export function listenOnLoopbackOnly(): void {
  const listen = Server.prototype.listen;
  Server.prototype.listen = function (this: Server, ...given: unknown[]): Server {
    const [first, ...rest] = given;
    const withoutAddress = given.length === 0 || typeof first === 'function';
    const onlyPort = typeof first === 'number' && (rest.length === 0 || typeof rest[0] === 'function');
    const replaced = withoutAddress ? [0, '127.0.0.1', ...given] : onlyPort ? [first, '127.0.0.1', ...rest] : given;
    return Reflect.apply(listen, this, replaced);
  };
}
