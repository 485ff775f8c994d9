/** Something the person who builds can act on; shown without a stack. */
export class BuildError extends Error {}
