// Command lines of kubectl that people paste from what we print. A role of the cluster may be called `$(x)`, and an object
// of a file anything at all, so every name in them is a shell's word.
import { qualifiedRef, type Ref } from './ref.ts';
import { shellWord } from './shellWord.ts';

/** `kubectl VERB -n NS RESOURCE/NAME…`, for objects of the first one's namespace. */
export function kubectl(verb: string, first: Ref, ...more: readonly Ref[]): string {
  const names = [first, ...more].map((ref) => shellWord(qualifiedRef(ref)));
  return `kubectl ${verb}${inNamespace(first.namespace)} ${names.join(' ')}`;
}

/** ` -n NS`; '' for what lies in no namespace, or in one that a file leaves open. */
export function inNamespace(namespace: string | undefined): string {
  return namespace === undefined || namespace === '' ? '' : ` -n ${shellWord(namespace)}`;
}
