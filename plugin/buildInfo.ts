// Filled in by the build; from source there is nothing to fill in.
declare const __VERSION__: string | undefined;
declare const __COMMIT__: string | undefined;
declare const __BUILD_DATE__: string | undefined;

export const buildInfo = {
  version: typeof __VERSION__ === 'string' ? __VERSION__ : 'v0.0.0-dev',
  commit: typeof __COMMIT__ === 'string' ? __COMMIT__ : 'source',
  date: typeof __BUILD_DATE__ === 'string' ? __BUILD_DATE__ : '',
};
