// A way to a server that a test can cut: as when a cable is pulled, nobody is told.
import { connect, createServer, type Socket } from "node:net";

export interface TcpProxy {
  readonly port: number;
  /** Nothing passes any more, in either direction; connections stay open and new ones are taken, without an answer. */
  cut(): void;
  /** New connections pass again; those that were cut are ended. */
  mend(): void;
  close(): Promise<void>;
}

export function startProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    if (isCut) return;
    const upstream = connect(target, "127.0.0.1");
    keep(upstream);
    client.on("data", (bytes) => isCut || upstream.write(bytes));
    upstream.on("data", (bytes) => isCut || client.write(bytes));
    client.on("close", () => isCut || upstream.destroy());
    upstream.on("close", () => isCut || client.destroy());
  });
  const destroyAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : 0,
        cut: () => {
          isCut = true;
        },
        mend: () => {
          isCut = false;
          destroyAll();
        },
        close: () =>
          new Promise((closed) => {
            destroyAll();
            server.close(() => closed());
          }),
      });
    });
  });
}
