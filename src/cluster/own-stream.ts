import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

/**
 * A socket as a stream like any other, for HTTP/2. Given the socket itself, Node's HTTP/2 takes its native handle and
 * writes past it; where such a write finds that the server has broken the connection off, nobody is told: it stops reading
 * until the write is through, which is never (Node 22: TLSWrap::EncOut returns early, Http2Session ignores the status).
 * A write of the socket's own ends it, and its requests are asked again at once.
 */
export class OwnStream extends Duplex {
  private readonly socket: TLSSocket;

  constructor(socket: TLSSocket) {
    super({ allowHalfOpen: false });
    this.socket = socket;
    socket.on('data', (chunk) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
    socket.pause();
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }
}
