// Bodies in vLLM's own JSON shapes.
const WORDS = ['What', ' a', ' lovely', ' meal', '.'];
const id = (chat: boolean) => (chat ? 'chatcmpl-lab' : 'cmpl-lab');

export function completion(model: string, chat: boolean): unknown {
  const text = WORDS.join('');
  const choice = chat ? { message: { role: 'assistant', content: text } } : { text };
  return {
    id: id(chat),
    object: chat ? 'chat.completion' : 'text_completion',
    created: 0,
    model,
    choices: [{ index: 0, ...choice, logprobs: null, finish_reason: 'stop' }],
    usage: { prompt_tokens: 8, completion_tokens: WORDS.length, total_tokens: 8 + WORDS.length },
  };
}

/** The `data:` payloads of a streamed completion, `[DONE]` last. */
export function completionStream(model: string, chat: boolean): string[] {
  const chunks = WORDS.map((word, index) =>
    JSON.stringify({
      id: id(chat),
      object: chat ? 'chat.completion.chunk' : 'text_completion',
      created: 0,
      model,
      choices: [
        {
          index: 0,
          ...(chat ? { delta: { content: word } } : { text: word }),
          finish_reason: index === WORDS.length - 1 ? 'stop' : null,
        },
      ],
    }),
  );
  return [...chunks, '[DONE]'];
}

export function modelList(models: string[]): unknown {
  return { object: 'list', data: models.map((model) => ({ id: model, object: 'model', owned_by: 'vllm' })) };
}

export function notFound(model: string): unknown {
  return {
    object: 'error',
    message: `The model \`${model}\` does not exist.`,
    type: 'NotFoundError',
    param: null,
    code: 404,
  };
}
