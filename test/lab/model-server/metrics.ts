// The metrics an endpoint picker scrapes, under vLLM's names (v0.8; `kv_cache_usage_perc` came later and
// replaces `gpu_cache_usage_perc`, so both are there).
export function metrics({ running, adapters }: { running: number; adapters: readonly string[] }): string {
  const gauge = (name: string, value: number, labels = '') =>
    `# TYPE ${name} gauge\n${name}${labels} ${value}\n`;
  const list = adapters.join(',');
  return [
    gauge('vllm:num_requests_running', running),
    gauge('vllm:num_requests_waiting', 0),
    gauge('vllm:gpu_cache_usage_perc', Math.min(1, running / 100)),
    gauge('vllm:kv_cache_usage_perc', Math.min(1, running / 100)),
    gauge(
      'vllm:lora_requests_info',
      Date.now() / 1000,
      `{max_lora="4",running_lora_adapters="${list}",waiting_lora_adapters=""}`,
    ),
  ].join('');
}
