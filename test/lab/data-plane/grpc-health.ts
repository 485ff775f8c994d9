// A gRPC health probe (grpc.health.v1), as the kubelet sends it: plain HTTP/2, one message there and back.
import { connect, constants } from 'node:http2';

const TIMEOUT_MS = 1000;
const SERVING = 1;

/** Whether the service says SERVING within a second. Never throws. */
export function isServing(port: number, service: string): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connect(`http://127.0.0.1:${port}`);
    const finish = (serving: boolean) => {
      clearTimeout(timer);
      session.destroy();
      resolve(serving);
    };
    const timer = setTimeout(() => finish(false), TIMEOUT_MS);
    session.on('error', () => finish(false));
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', () => finish(false));
    stream.on('end', () => finish(status(Buffer.concat(chunks)) === SERVING));
    stream.end(framed(request(service)));
  });
}

/** HealthCheckRequest { string service = 1 } */
function request(service: string): Buffer {
  const text = Buffer.from(service);
  return text.length === 0 ? text : Buffer.concat([Buffer.from([0x0a, text.length]), text]);
}

/** gRPC's frame: not compressed, length, message. */
function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** HealthCheckResponse { ServingStatus status = 1 }; 0 (UNKNOWN) when absent. */
function status(answer: Buffer): number {
  const message = answer.subarray(5);
  return message[0] === 0x08 ? (message[1] ?? 0) : 0;
}
