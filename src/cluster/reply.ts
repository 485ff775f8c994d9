import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** Status and headers of an answer whose body is still to be read, over HTTP/1.1 or HTTP/2. */
export interface Reply extends Readable {
  readonly statusCode?: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** After its end: did all of it arrive? A connection that breaks may look like an end. */
  readonly complete?: boolean;
}
