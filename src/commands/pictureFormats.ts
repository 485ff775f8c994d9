/** What `-o` draws. Apart from what draws it, which is loaded only then. */
export const PICTURE_FORMATS = ['mermaid', 'dot', 'svg'] as const;

export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** The picture format that was asked for, if it is one. */
export function pictureFormat(output: string | undefined): PictureFormat | undefined {
  return PICTURE_FORMATS.find((format) => format === output);
}
