// What is being done, said before and after: a release takes minutes.

/** Runs a step, and says how long it took and what came of it. */
export async function step<T>(name: string, work: () => Promise<[result: T, said: string]>): Promise<T> {
  const began = performance.now();
  if (process.stderr.isTTY) process.stderr.write(`${name} …`);
  try {
    const [result, said] = await work();
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    const seconds = `${((performance.now() - began) / 1000).toFixed(1)} s`;
    console.log(`${name.padEnd(13)}  ${seconds.padStart(7)}  ${said}`);
    return result;
  } catch (error) {
    if (process.stderr.isTTY) process.stderr.write('\n');
    throw error;
  }
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
