import { expect } from 'chai';
import { startModelServer, type ModelServer } from './server.ts';
import { modelServerArguments } from './arguments.ts';
import type { KubeObject } from '../kube.ts';

describe('the model server stub', () => {
  let server: ModelServer;
  let base: string;
  const post = (body: unknown, path = '/v1/completions') =>
    fetch(base + path, { method: 'POST', body: JSON.stringify(body) });

  beforeEach(async () => {
    server = await startModelServer({ name: 'vllm-0', host: '127.0.0.1', port: 0, models: ['food-review'] });
    base = `http://127.0.0.1:${server.address.port}`;
  });
  afterEach(() => server.stop());

  it('completes for a model it serves and says which pod it is', async () => {
    const response = await post({ model: 'food-review', prompt: 'hi' });
    expect(response.status).to.equal(200);
    expect(response.headers.get('x-pod')).to.equal('vllm-0');
    expect(await response.json()).to.include({ object: 'text_completion', model: 'food-review' });
    expect(server.asked).to.deep.equal(['food-review']);
  });

  it("answers 404 in vLLM's shape for another model", async () => {
    const response = await post({ model: 'other', prompt: 'hi' });
    expect(response.status).to.equal(404);
    expect(await response.json()).to.include({ object: 'error', type: 'NotFoundError', code: 404 });
  });

  it('streams when asked to', async () => {
    const response = await post({ model: 'food-review', stream: true, messages: [] }, '/v1/chat/completions');
    const lines = (await response.text()).split('\n\n').filter(Boolean);
    expect(lines).to.have.length(6);
    expect(lines.at(-1)).to.equal('data: [DONE]');
  });

  it('fails, delays and hangs on demand, and stops all the same', async () => {
    server.fault = { status: 500 };
    expect((await post({ model: 'food-review' })).status).to.equal(500);
    server.fault = { status: 500, share: 0.2 };
    const answers: number[] = [];
    for (let i = 0; i < 10; i++) answers.push((await post({ model: 'food-review' })).status);
    expect(answers.filter((status) => status === 500)).to.have.length(2);
    server.fault = { slowMs: 30 };
    const start = performance.now();
    expect((await post({ model: 'food-review' })).status).to.equal(200);
    expect(performance.now() - start).to.be.greaterThan(25);
    server.fault = { hang: true };
    const hanging = post({ model: 'food-review' }).then(
      () => 'answered',
      () => 'cut',
    );
    while (server.asked.length < 13) await new Promise((resolve) => setTimeout(resolve, 5));
    await server.stop();
    expect(await hanging).to.equal('cut');
  });

  it('reports health, models and the metrics a picker scrapes', async () => {
    expect((await fetch(`${base}/health`)).status).to.equal(200);
    expect((await fetch(`${base}/`)).status).to.equal(404);
    const list = (await (await fetch(`${base}/v1/models`)).json()) as { data: { id: string }[] };
    expect(list.data.map((model) => model.id)).to.deep.equal(['food-review']);
    const text = await (await fetch(`${base}/metrics`)).text();
    for (const name of ['num_requests_waiting', 'gpu_cache_usage_perc', 'lora_requests_info']) {
      expect(text).to.match(new RegExp(`^vllm:${name}[{ ]`, 'm'));
    }
  });
});

describe("a model server's arguments", () => {
  const pod = (command: string[], args: string[]): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'vllm', command, args }] },
  });

  it('name the base model and its LoRA modules, in both spellings', () => {
    const args = ['--model', 'meta-llama/Llama-3.1-8B-Instruct', '--port', '8001', '--enable-lora'];
    const modules = ['--lora-modules', '{"name": "food-review-1", "path": "x"}', 'cad=/adapters/cad'];
    const command = ['python3', '-m', 'vllm.entrypoints.openai.api_server'];
    expect(modelServerArguments(pod(command, [...args, ...modules]))).to.deep.equal({
      port: 8001,
      models: ['meta-llama/Llama-3.1-8B-Instruct', 'food-review-1', 'cad'],
      adapters: ['food-review-1', 'cad'],
    });
  });

  it('prefer the served names and default to port 8000', () => {
    expect(modelServerArguments(pod(['vllm', 'serve', 'Qwen/Qwen2.5'], []))?.models).to.deep.equal([
      'Qwen/Qwen2.5',
    ]);
    expect(modelServerArguments(pod(['vllm', 'serve', 'q'], ['--served-model-name=a']))).to.deep.include({
      port: 8000,
      models: ['a'],
    });
  });

  it('are absent for any other pod', () => {
    expect(modelServerArguments(pod([], ['-poolName', 'vllm']))).to.equal(undefined);
  });
});
