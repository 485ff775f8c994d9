// What the keeper and the others say to each other.
import { connect } from 'node:net';
import { join } from 'node:path';
import type { ProcessId } from './processes.ts';

export interface KeeperOptions {
  name: string;
  gitVersion: string;
  /** put something in front of the API server that says gitVersion */
  proxy: boolean;
  programs: { etcd: string; 'kube-apiserver': string; 'kube-controller-manager'?: string };
}

/** A Node script that lives and dies with the lab, and finds it through KUBECONFIG (admin) and LAB_*. */
export interface Script {
  /** absolute path */
  script: string;
  args?: string[];
  /** its log is `<name>.log`; default: the file's own name */
  name?: string;
  /** wait until it calls process.send(value), and hand that value on */
  ready?: boolean;
}

/**
 * Any program: it lives as long as the connection over which it was asked for (see hold), and no longer than
 * the lab. Its environment is just this one, and its log `<name>.log`.
 */
export interface Program {
  name: string;
  program: string;
  args: string[];
  env?: Record<string, string>;
}

/** Over the channel that ties the keeper to its runner. */
export type KeeperMessage = { type: 'up' } | { type: 'failed' | 'died'; message: string };

/** Over the lab's own socket, from any process. */
export type Request = { run: Script } | { hold: Program } | { stop: ProcessId } | { stay: true };
export interface Reply {
  error?: string;
  process?: ProcessId;
  value?: unknown;
}

export const controlSocket = (dir: string): string => join(dir, 'keeper.sock');

export function ask(dir: string, request: Request): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let line = '';
    const socket = connect(controlSocket(dir), () => socket.write(`${JSON.stringify(request)}\n`));
    socket.setEncoding('utf8').on('data', (chunk: string) => (line += chunk));
    socket.on('error', reject);
    socket.on('end', () => {
      if (line === '') return reject(new Error('the lab ended while it was asked'));
      const reply = JSON.parse(line) as Reply;
      if (reply.error === undefined) resolve(reply);
      else reject(new Error(reply.error));
    });
  });
}

export interface Held {
  id: ProcessId;
  /** Once it has ended, by itself or not. */
  exited: Promise<void>;
  /** Returns once it has ended: gently at first. */
  stop(): Promise<void>;
}

/** Has the keeper start a program that ends when this process does, or the lab, or when it is stopped. */
export function hold(dir: string, program: Program): Promise<Held> {
  return new Promise((resolve, reject) => {
    const socket = connect(controlSocket(dir), () => socket.write(`${JSON.stringify({ hold: program })}\n`));
    const exited = new Promise<void>((done) => socket.once('close', () => done()));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the lab ended while it was asked')));
    let line = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      line += chunk;
      if (!line.endsWith('\n')) return;
      const reply = JSON.parse(line) as Reply;
      line = '';
      if (reply.error !== undefined || !reply.process) return reject(new Error(reply.error));
      socket.unref(); // what is held must not hold us
      const id = reply.process;
      resolve({ id, exited, stop: () => (socket.ref(), socket.end(), exited) });
    });
  });
}
